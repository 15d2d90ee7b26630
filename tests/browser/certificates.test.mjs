// The inventory: files dropped and chosen, what is said before an import, the list, one certificate.
import { describe } from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Maker } from '../lab/certs.mjs';
import { answers, drop, house, scene } from './pages.mjs';

describe('certificates', () => {
  const made = {};
  const opsd = house(async (o) => {
    await o.setUp();
    const maker = new Maker();
    made.root = await maker.authority('Orders Root CA');
    made.middle = await maker.certificate({ issuer: made.root, ca: true, subject: '/O=opsd tests/CN=Orders Database CA', days: 1000 });
    made.leaf = await maker.certificate({ issuer: made.middle, subject: '/C=DE/O=Example GmbH/CN=orders-db-1.test', san: ['DNS:orders-db-1.test', 'IP:10.20.6.11', 'IP:fd10:20:6::11'], days: 20 });
    made.other = await maker.certificate({ issuer: made.root, subject: '/CN=other.test', san: ['DNS:other.test'] });
    made.wide = await maker.certificate({ issuer: made.root, subject: '/CN=wide.test', san: Array.from({ length: 60 }, (_, i) => `DNS:n${i}.wide.test`) });
    made.encrypted = readFileSync(await maker.keyAs(made.other.key, 'encrypted', 'a pass phrase'), 'utf8');
    made.der = Buffer.from(made.other.certPem.replace(/-----[^-]+-----|\s/g, ''), 'base64').toString('latin1');
  });
  const files = (...pairs) => pairs.map(([name, text]) => ({ name, text }));
  const zone = (page) => page.getByText('Key and certificate, in one file or several');
  const importButton = (page) => page.getByRole('button', { name: 'Import', exact: true });

  scene('an empty inventory says the next step', { opsd }, async ({ page, open, axe }) => {
    await open('/certificates');
    await page.getByText('No certificates yet').waitFor();
    await axe();
    await page.getByRole('link', { name: 'Import' }).first().click();
    await page.getByRole('heading', { name: 'Import a certificate' }).waitFor();
  });

  scene('several files dropped at once: key and certificates are told apart, the leaf comes first', { opsd }, async ({ page, open, axe }) => {
    await open('/certificates');
    await drop(page, page.getByText('No certificates yet'), files(['ca.pem', made.middle.certPem], ['server-key.pem', made.leaf.keyPem], ['server-cert.pem', made.leaf.certPem]));
    await page.getByRole('heading', { name: 'Import a certificate' }).waitFor();
    await page.getByText('from server-key.pem').waitFor();
    await page.getByText('2 certificates from').waitFor();
    const shown = page.getByRole('region', { name: 'What it is' });
    await shown.getByText('CN = orders-db-1.test').first().waitFor();
    await shown.getByText('private key held and fits').waitFor();
    const pem = await page.getByLabel('Certificate', { exact: true }).inputValue();
    assert.equal(pem.replace(/\s/g, ''), (made.leaf.certPem + made.middle.certPem).replace(/\s/g, ''), 'the leaf is first although it was dropped last');
    await axe();
    await importButton(page).click();
    await page.getByRole('heading', { level: 1, name: 'orders-db-1.test' }).waitFor();
    await page.getByRole('article', { name: 'orders-db-1.test, leaf' }).waitFor();
    await page.getByRole('article', { name: 'Orders Database CA, intermediate' }).waitFor();
    await page.getByRole('article', { name: 'Orders Root CA, missing' }).waitFor();
    await axe();
  });

  scene('a certificate alone by the file button; the chain of the other is whole then', { opsd }, async ({ page, open, axe }) => {
    await open('/certificates/import');
    await page.getByLabel('PEM files').setInputFiles([{ name: 'root.pem', mimeType: 'application/x-pem-file', buffer: Buffer.from(made.root.certPem) }]);
    await page.getByRole('region', { name: 'What it is' }).getByText('none given').waitFor();
    await importButton(page).click();
    await page.getByRole('heading', { level: 1, name: 'Orders Root CA' }).waitFor();
    await page.getByText('private key not held').waitFor();
    await open('/certificates');
    await page.getByRole('link', { name: 'orders-db-1.test' }).click();
    await page.getByRole('article', { name: 'Orders Root CA, root' }).waitFor();
    assert.equal(await page.getByText('AKI fits').count(), 2);
    await page.getByText(/whole, 3 certificates/).waitFor();
    await axe();
  });

  scene('a key that does not fit is seen before the import and refused beside its field', { opsd }, async ({ page, open, mayComplain, axe }) => {
    await open('/certificates/import');
    await drop(page, zone(page), files(['cert.pem', made.other.certPem], ['key.pem', made.leaf.keyPem]));
    await page.getByText('private key does not fit').waitFor();
    mayComplain(answers(422, 409));
    await importButton(page).click();
    await page.getByText('from key.pem').waitFor();
    await page.getByRole('alert').first().waitFor();
    assert.equal(new URL(page.url()).pathname, '/certificates/import');
    await axe();
  });

  scene('what is no certificate is said at once', { opsd }, async ({ page, open, mayComplain }) => {
    mayComplain(answers(422, 400));
    await open('/certificates/import');
    await drop(page, zone(page), [{ name: 'cert.der', text: made.der }, { name: 'notes.txt', text: 'hello' }]);
    await page.getByText('notes.txt holds no PEM block.').waitFor();
    await page.getByText(/cert\.der/).first().waitFor();
    const area = page.getByLabel('Certificate', { exact: true });
    await area.fill('-----BEGIN CERTIFICATE-----\nbm90IGEgY2VydGlmaWNhdGU=\n-----END CERTIFICATE-----\n');
    await importButton(page).click();
    await page.locator('textarea[aria-invalid="true"]').waitFor();
    await area.fill('');
    await importButton(page).click();
    await page.getByText('Drop a file here, or paste a certificate in PEM.').waitFor();
  });

  scene('an encrypted key asks for its password', { opsd }, async ({ page, open, mayComplain }) => {
    mayComplain(answers(422));
    await open('/certificates/import');
    await drop(page, zone(page), files(['pair.pem', made.encrypted + made.other.certPem]));
    await page.getByText('from pair.pem, encrypted').waitFor();
    const box = page.getByLabel('Password of the key', { exact: true });
    await box.fill('wrong');
    await importButton(page).click();
    await page.locator('input[aria-invalid="true"]').waitFor();
    await box.fill('a pass phrase');
    await page.getByText('private key held and fits').waitFor();
    await page.getByLabel('Name optional').fill('the other one');
    await importButton(page).click();
    await page.getByRole('heading', { level: 1, name: 'the other one' }).waitFor();
  });

  scene('the list: search, kinds, expiry, order; the address keeps them', { opsd }, async ({ page, open }) => {
    const rows = page.getByRole('table', { name: 'Certificates' }).getByRole('row');
    const names = async () => (await rows.getByRole('link').allInnerTexts()).map((n) => n.trim());
    await open('/certificates');
    assert.deepEqual(await names(), ['orders-db-1.test', 'the other one', 'Orders Root CA'], 'what ends first comes first');
    await rows.nth(1).getByText('Expiring').waitFor();
    await page.getByRole('button', { name: /^Leaves/ }).click();
    await page.getByRole('link', { name: 'Orders Root CA' }).waitFor({ state: 'detached' });
    await page.getByLabel('Expiry', { exact: true }).selectOption('30');
    await page.getByRole('link', { name: 'the other one' }).waitFor({ state: 'detached' });
    assert.match(page.url(), /kind=leaf/);
    await page.reload();
    await page.getByRole('link', { name: 'orders-db-1.test' }).waitFor();
    assert.deepEqual(await names(), ['orders-db-1.test']);
    await page.getByLabel('Name, SAN, issuer, serial, fingerprint').fill('no such name');
    await page.getByText('No match').waitFor();
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await page.getByRole('link', { name: 'Orders Root CA' }).waitFor();
  });

  scene('the search in the masthead finds it by name; / goes there', { opsd }, async ({ page, open, axe }) => {
    await open('/');
    await page.keyboard.press('/');
    await page.keyboard.type('orders-db');
    const found = page.getByRole('listbox', { name: 'Found' });
    await found.getByRole('option', { name: /orders-db-1\.test/ }).waitFor();
    await axe();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'orders-db-1.test' }).waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('nothing like it');
    await page.getByText(/Nothing has/).waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Search' }).waitFor();
    await page.getByText('No match').waitFor();
  });

  scene('one certificate: names as openssl prints them, fingerprints to copy, PEM to download', { opsd }, async ({ page, open }) => {
    const maker = new Maker();
    await open('/certificates');
    await page.getByRole('link', { name: 'orders-db-1.test' }).click();
    const subject = (await maker.openssl(['x509', '-noout', '-subject', '-in', made.leaf.cert])).replace(/^subject=/, '').trim();
    const details = page.getByRole('region', { name: 'Details' });
    await details.getByText('IP:fd10:20:6:').first().waitFor();
    await details.getByRole('button', { name: 'Copy subject', exact: true }).click();
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), subject);
    await details.getByRole('button', { name: 'Copy SHA-256 fingerprint' }).click();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    assert.equal(copied.replaceAll(':', ''), await maker.fingerprint(made.leaf.cert));
    const downloading = page.waitForEvent('download');
    await details.getByRole('button', { name: 'PEM', exact: true }).click();
    const text = readFileSync(await (await downloading).path(), 'utf8');
    assert.ok(text.startsWith(made.leaf.certPem.trim().slice(0, 200)));
  });

  scene('export with the key, for an administrator', { opsd }, async ({ page, open }) => {
    await open('/certificates');
    await page.getByRole('link', { name: 'orders-db-1.test' }).click();
    await page.getByRole('button', { name: 'Export' }).click();
    const dialog = page.getByRole('dialog', { name: 'Export orders-db-1.test' });
    await dialog.getByLabel('With the private key').check();
    const downloading = page.waitForEvent('download');
    await dialog.getByRole('button', { name: 'Export with key' }).click();
    const text = readFileSync(await (await downloading).path(), 'utf8');
    assert.match(text, /BEGIN PRIVATE KEY/);
    await dialog.waitFor({ state: 'detached' });
  });

  scene('many names: twenty are shown, the rest on request', { opsd }, async ({ page, open }) => {
    const { id } = await opsd().admin.post('/api/v1/certificates', { certificate: made.wide.certPem });
    await open(`/certificates/${id}`);
    await page.getByText('DNS:n19.wide.test').waitFor();
    assert.equal(await page.getByText('DNS:n20.wide.test').count(), 0);
    await page.getByRole('button', { name: 'Show all 60' }).click();
    await page.getByText('DNS:n59.wide.test').waitFor();
  });

  scene('deleting asks first, names what goes, and it is gone', { opsd }, async ({ page, open, mayComplain }) => {
    mayComplain(answers(404));
    await open('/certificates');
    await page.getByRole('link', { name: 'the other one' }).click();
    const address = page.url();
    await page.getByRole('button', { name: 'Delete' }).click();
    const dialog = page.getByRole('dialog', { name: 'Delete this certificate?' });
    await dialog.getByText('the other one').waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    assert.equal(await page.evaluate(() => document.activeElement?.textContent), 'Delete', 'the focus is back where it was');
    await page.getByRole('button', { name: 'Delete' }).click();
    await dialog.getByRole('button', { name: 'Delete', exact: true }).click();
    await page.getByRole('heading', { level: 1, name: 'Certificates' }).waitFor();
    await page.getByRole('link', { name: 'orders-db-1.test' }).waitFor();
    assert.equal(await page.getByRole('link', { name: 'the other one' }).count(), 0);
    await page.goto(address);
    await page.getByText(/There is no certificate/).waitFor();
  });
});
