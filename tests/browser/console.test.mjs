// The console's own certificate, changed from its page while the page is open.
import { describe } from 'node:test';
import assert from 'node:assert/strict';
import tls from 'node:tls';
import { Maker } from '../lab/certs.mjs';
import { answers, drop, house, scene } from './pages.mjs';

const servedBy = (url) => new Promise((resolve, reject) => {
  const { hostname, port } = new URL(url);
  const socket = tls.connect({ host: hostname, port, rejectUnauthorized: false }, () => {
    resolve(socket.getPeerX509Certificate().fingerprint256.replaceAll(':', '').toLowerCase());
    socket.destroy();
  });
  socket.on('error', reject);
});

describe('the console certificate', () => {
  let maker;
  let root;
  const opsd = house(async (o) => {
    await o.setUp();
    maker = new Maker();
    root = await maker.authority('Console CA');
  });
  const open_ = async (page, pair, name = 'Serve another') => {
    await page.getByRole('button', { name }).click();
    const dialog = page.getByRole('dialog', { name: 'Serve another certificate' });
    await drop(page, dialog.getByText('Key and certificate, in one file or several'), [{ name: 'key.pem', text: pair.keyPem }, { name: 'cert.pem', text: pair.chain }]);
    await dialog.getByRole('region', { name: 'What it is' }).getByText('private key').first().waitFor();
    return dialog;
  };

  scene('opsd’s own certificate: how to trust it, and its PEM', { opsd }, async ({ page, open, axe }) => {
    await open('/settings/console');
    await page.getByText('Self-signed by opsd, renewed by itself').waitFor();
    await page.getByText('Make your browser trust it').waitFor();
    await axe();
    const downloading = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download PEM' }).click();
    const path = await (await downloading).path();
    assert.equal(await maker.fingerprint(path), await servedBy(opsd().url));
  });

  scene('a pair that does not fit is refused; what was served goes on being served', { opsd }, async ({ page, open, mayComplain, axe }) => {
    mayComplain(answers(409, 422));
    const before = await servedBy(opsd().url);
    const leaf = await maker.certificate({ issuer: root, subject: '/CN=console.test', san: ['DNS:localhost', 'IP:127.0.0.1'] });
    const other = await maker.certificate({ issuer: root, subject: '/CN=other.test', san: ['DNS:localhost'] });
    await open('/settings/console');
    const dialog = await open_(page, { ...leaf, keyPem: other.keyPem });
    await dialog.getByRole('button', { name: 'Check and serve' }).click();
    await dialog.getByRole('alert').first().waitFor();
    await axe();
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    assert.equal(await servedBy(opsd().url), before);
  });

  scene('a good pair is served from the next handshake on, and the page lives on', { opsd }, async ({ page, open, axe }) => {
    const leaf = await maker.certificate({ issuer: root, subject: '/CN=console.test', san: ['DNS:localhost', 'IP:127.0.0.1'] });
    await open('/settings/console');
    const dialog = await open_(page, leaf);
    await dialog.getByRole('region', { name: 'What it is' }).getByText('private key held and fits').waitFor();
    await axe();
    await dialog.getByRole('button', { name: 'Check and serve' }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.getByText('From your authority').waitFor();
    await page.getByRole('article', { name: 'console.test, leaf' }).waitFor();
    assert.equal(await servedBy(opsd().url), await maker.fingerprint(leaf.cert));
    assert.equal(await page.getByText('Make your browser trust it').count(), 0);
    await axe();
  });

  scene('what browsers cannot open is served only on request', { opsd }, async ({ page, open, mayComplain }) => {
    mayComplain(answers(409, 422));
    const before = await servedBy(opsd().url);
    const leaf = await maker.certificate({ issuer: root, subject: '/CN=ed.test', san: ['DNS:localhost'], key: 'ed25519' });
    await open('/settings/console');
    const dialog = await open_(page, leaf);
    await dialog.getByLabel('Serve it although browsers cannot open it').waitFor();
    await dialog.getByRole('button', { name: 'Check and serve' }).click();
    await dialog.locator('[aria-invalid="true"]').waitFor();
    assert.equal(await servedBy(opsd().url), before);
  });

  scene('turning TLS off asks first and says what it means', { opsd }, async ({ page, open, axe }) => {
    await open('/settings/console');
    await page.getByRole('button', { name: 'Turn TLS off' }).click();
    const dialog = page.getByRole('dialog', { name: 'Turn TLS off?' });
    await dialog.getByText('opsd ssl-set-cert').waitFor();
    await axe();
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await dialog.waitFor({ state: 'detached' });
  });
});
