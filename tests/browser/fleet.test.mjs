// The story: a cluster, a node with a real server, a pair pushed to it, a restart, and the wire that shows it.
import { describe } from 'node:test';
import assert from 'node:assert/strict';
import { Maker } from '../lab/certs.mjs';
import { MariaDb } from '../lab/mariadb.mjs';
import { Sshd } from '../lab/sshd.mjs';
import { answers, house, scene, settled } from './pages.mjs';

describe('clusters, nodes, rollouts', { timeout: 400_000 }, () => {
  let db;
  let sshd;
  let leaf;
  const opsd = house(async (o) => {
    await o.setUp();
    const maker = new Maker();
    const root = await maker.authority('Fleet CA');
    db = await MariaDb.start(null, { name: 'db-1' });
    sshd = await Sshd.start(null);
    leaf = await maker.certificate({ issuer: root, subject: '/CN=db-1.test', san: ['DNS:db-1.test', `IP:${db.address}`] });
    leaf.id = (await o.admin.post('/api/v1/certificates', { name: 'db-1 2026', certificate: leaf.certPem, chain: root.certPem, key: leaf.keyPem })).id;
    await o.admin.post('/api/v1/certificates', { certificate: root.certPem });
  }, {}, async () => {
    await db?.stop();
    await sshd?.stop();
  });
  const field = (page, name) => page.getByLabel(name, { exact: true });
  const rolloutDone = async (page) => {
    await page.getByRole('heading', { level: 1, name: /^Rollout/ }).waitFor();
    await page.getByText('Done', { exact: true }).waitFor({ timeout: 90_000 });
  };

  scene('the first cluster is added; its page says the next step', { opsd }, async ({ page, open, mayComplain, axe }) => {
    await open('/');
    await page.getByRole('main').getByRole('link', { name: 'Add cluster' }).first().click();
    await page.getByRole('button', { name: 'Add cluster' }).click();
    await page.getByText('Enter a name.').waitFor();
    await axe();
    await field(page, 'Name').fill('orders');
    await page.getByRole('radio', { name: 'MariaDB' }).check();
    await page.getByRole('button', { name: 'Add cluster' }).click();
    await page.getByRole('heading', { level: 1, name: 'orders' }).waitFor();
    await page.getByText('No nodes yet').waitFor();
    await axe();
    mayComplain(answers(409, 422));
    await open('/clusters/add');
    await field(page, 'Name').fill('orders');
    await page.getByRole('radio', { name: 'MySQL' }).check();
    await page.getByRole('button', { name: 'Add cluster' }).click();
    await page.getByRole('alert').or(page.locator('[aria-invalid="true"]')).first().waitFor();
  });

  scene('a node on this machine is added by its form, errors beside the fields', { opsd }, async ({ page, open, mayComplain, axe }) => {
    mayComplain(answers(422));
    await open('/clusters/orders');
    await page.getByRole('main').getByRole('link', { name: 'Add node' }).first().click();
    await page.getByRole('heading', { level: 1, name: 'Add node' }).waitFor();
    await page.getByText(/^ssh-ed25519 /).waitFor();
    await axe();
    assert.equal(await field(page, 'Cluster').inputValue(), 'orders');
    await page.getByRole('button', { name: 'Add node' }).click();
    await page.getByText('Enter a name.').waitFor();
    await field(page, 'Name').fill('db-1');
    await field(page, 'Address of the database').fill('no port:here');
    await page.getByRole('radio', { name: 'On this machine' }).check();
    await field(page, 'Option file').fill(db.optionFile);
    await field(page, 'Certificate folder').fill(db.certs);
    await field(page, 'Server runs as').fill(db.user);
    await page.getByRole('radio', { name: 'A command' }).check();
    await field(page, 'Command').fill(db.service);
    await page.getByRole('button', { name: 'Add node' }).click();
    await page.locator('input[aria-invalid="true"]').waitFor();
    await field(page, 'Address of the database').fill(`${db.address}:${db.port}`);
    await page.getByRole('button', { name: 'Add node' }).click();
    await page.getByRole('heading', { level: 1, name: 'db-1' }).waitFor();
    await settled(page);
    await page.getByText('Never probed. A probe opens').waitFor();
    await axe();
  });

  scene('a probe finds a server without TLS: words on its page, in the picture and on the overview', { opsd }, async ({ page, open, axe }) => {
    await open('/clusters/orders');
    await page.getByRole('button', { name: 'Probe', exact: true }).click();
    await page.getByRole('link', { name: /db-1.*cleartext/ }).waitFor();
    await page.getByRole('table', { name: 'Nodes' }).getByText('cleartext').waitFor();
    await axe();
    await open('/');
    await page.getByRole('region', { name: 'Needs attention' }).getByText('db-1').first().waitFor();
    await axe();
  });

  scene('a pair is pushed; each step shows as it is done', { opsd }, async ({ page, open, axe }) => {
    await open('/clusters/orders');
    await page.getByRole('button', { name: 'Push certificate' }).click();
    const dialog = page.getByRole('dialog', { name: 'Push a certificate' });
    await dialog.getByRole('radio', { name: /db-1 2026/ }).waitFor();
    await axe();
    await dialog.getByRole('button', { name: /^Push/ }).click();
    await dialog.getByText('Choose a certificate.').waitFor();
    await dialog.getByRole('radio', { name: /db-1 2026/ }).check();
    await dialog.getByRole('button', { name: 'Push to 1 node' }).click();
    await rolloutDone(page);
    await page.getByRole('table', { name: 'Steps of each node' }).getByRole('row', { name: /db-1/ }).waitFor();
    assert.equal(await page.getByRole('progressbar', { name: 'Progress' }).getAttribute('aria-valuenow'), '100');
    await axe();
  });

  for (const [key, value] of [['ssl_cert', 'server-cert.pem'], ['ssl_key', 'server-key.pem'], ['ssl_ca', 'ca.pem']]) {
    scene(`the option ${key} is set`, { opsd }, async ({ page, open }) => {
      await open('/clusters/orders');
      await page.getByRole('table', { name: 'Nodes' }).getByRole('link', { name: 'db-1' }).click();
      await page.getByRole('heading', { level: 1, name: 'db-1' }).waitFor();
      await page.getByRole('button', { name: 'More actions on db-1' }).click();
      await page.getByRole('menuitem', { name: 'Set an option' }).click();
      const dialog = page.getByRole('dialog', { name: 'Option of db-1' });
      await field(dialog, 'Option').fill(key);
      await field(dialog, 'Value').fill(`${db.certs}/${value}`);
      await dialog.getByRole('button', { name: 'Set option' }).click();
      await rolloutDone(page);
    });
  }

  scene('the node shows what is on its disk', { opsd }, async ({ page, open, axe }) => {
    await open('/clusters/orders');
    await page.getByRole('table', { name: 'Nodes' }).getByRole('link', { name: 'db-1' }).click();
    const disk = page.getByRole('table', { name: 'Files in the certificate folder' });
    await disk.getByText('live/server-cert.pem').waitFor();
    await disk.getByText('db-1.test').first().waitFor();
    await page.getByRole('table', { name: 'TLS options' }).getByText('ssl_cert').waitFor();
    await axe();
  });

  scene('a restart asks first, naming the node; then the wire shows the pair', { opsd }, async ({ page, open, axe }) => {
    await open('/clusters/orders');
    await page.getByRole('button', { name: 'More actions on orders' }).click();
    await page.getByRole('menuitem', { name: 'Restart' }).click();
    const dialog = page.getByRole('dialog', { name: 'Restart db-1?' });
    await axe();
    await dialog.getByRole('button', { name: 'Restart db-1' }).click();
    await rolloutDone(page);
    const served = await db.served();
    await open('/clusters/orders');
    await page.getByRole('button', { name: 'Probe', exact: true }).click();
    const row = page.getByRole('table', { name: 'Nodes' }).getByRole('row', { name: /db-1/ });
    await row.getByText('as wanted').waitFor();
    await row.getByRole('button', { name: 'Copy what db-1 serves' }).click();
    assert.equal((await page.evaluate(() => navigator.clipboard.readText())).replaceAll(':', ''), served.sha256);
    await open(`/certificates/${leaf.id}`);
    await page.getByRole('table', { name: 'Where used' }).getByRole('row', { name: /db-1/ }).waitFor();
    await axe();
  });

  scene('a certificate in use is not deleted; the dialog says why', { opsd }, async ({ page, open, mayComplain }) => {
    mayComplain(answers(409));
    await open(`/certificates/${leaf.id}`);
    await page.getByRole('button', { name: 'Delete' }).click();
    const dialog = page.getByRole('dialog', { name: 'Delete this certificate?' });
    await dialog.getByRole('button', { name: 'Delete', exact: true }).click();
    await dialog.getByRole('alert').waitFor();
  });

  scene('over SSH: the host key is shown, confirmed once and pinned', { opsd }, async ({ page, open, axe }) => {
    const { public_key } = await opsd().admin.get('/api/v1/ssh-key');
    sshd.allow(public_key);
    await opsd().admin.post('/api/v1/nodes', {
      name: 'far-1', cluster: 'orders', reach: 'ssh', ssh: sshd.target, address: `${db.address}:${db.port}`, option_file: db.optionFile,
      cert_dir: db.certs, owner: db.user, service: db.service,
    });
    await open('/clusters/orders');
    await page.getByRole('table', { name: 'Nodes' }).getByRole('link', { name: 'far-1' }).click();
    const panel = page.getByRole('region', { name: 'Host key' });
    await panel.getByText('not confirmed yet').waitFor();
    await panel.getByRole('button', { name: /^Ask/ }).click();
    await panel.getByText(sshd.hostKey).waitFor();
    await axe();
    await panel.getByRole('button', { name: 'Confirm and pin' }).click();
    const dialog = page.getByRole('dialog', { name: 'Pin this key for far-1?' });
    await dialog.getByText(sshd.hostKey).waitFor();
    await dialog.getByRole('button', { name: 'Pin host key' }).click();
    await panel.getByText('pinned', { exact: true }).waitFor();
    await page.getByRole('table', { name: 'Files in the certificate folder' }).getByText('live/server-cert.pem').waitFor();
  });

  scene('a restart that fails says why, in the words of the server; mended, it is resumed', { opsd }, async ({ page, open, axe }) => {
    const setOption = async (dialogName, more) => {
      await open('/nodes');
      await page.getByRole('link', { name: 'db-1' }).click();
      await page.getByRole('button', { name: 'More actions on db-1' }).click();
      await page.getByRole('menuitem', { name: 'Set an option' }).click();
      const dialog = page.getByRole('dialog', { name: 'Option of db-1' });
      await field(dialog, 'Option').fill('no_such_option');
      await more(dialog);
      await rolloutDone(page);
    };
    await setOption('set', async (dialog) => {
      await field(dialog, 'Value').fill('1');
      await dialog.getByRole('button', { name: 'Set option' }).click();
    });
    await open('/nodes');
    await page.getByRole('link', { name: 'db-1' }).click();
    await page.getByRole('button', { name: 'More actions on db-1' }).click();
    await page.getByRole('menuitem', { name: 'Restart' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Restart db-1' }).click();
    await page.getByText('Failed', { exact: true }).waitFor({ timeout: 120_000 });
    await page.getByRole('alert').getByText(/no_such_option/).first().waitFor();
    const failed = new URL(page.url()).pathname;
    await axe();
    await setOption('remove', async (dialog) => {
      await dialog.getByRole('radio', { name: 'Remove it' }).check();
      await dialog.getByRole('button', { name: 'Remove option' }).click();
    });
    await open(failed);
    await page.getByRole('button', { name: 'Resume' }).click();
    await page.getByText('Done', { exact: true }).waitFor({ timeout: 120_000 });
    await open('/rollouts');
    await page.getByRole('table', { name: 'Rollouts' }).getByRole('row').nth(1).getByText('Done').waitFor();
    await axe();
  });

  scene('settings are changed by the same form; a node is removed after a question', { opsd }, async ({ page, open }) => {
    await open('/nodes');
    await page.getByRole('link', { name: 'far-1' }).click();
    await page.getByRole('link', { name: 'Edit' }).click();
    await page.getByRole('heading', { level: 1, name: 'Settings of far-1' }).waitFor();
    assert.equal(await field(page, 'SSH').inputValue(), sshd.target);
    await field(page, 'Further names optional').fill('far.test other.test');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('far.test other.test').waitFor();
    await page.getByRole('button', { name: 'More actions on far-1' }).click();
    await page.getByRole('menuitem', { name: 'Remove node' }).click();
    await page.getByRole('dialog', { name: 'Remove far-1?' }).getByRole('button', { name: 'Remove node' }).click();
    await page.getByRole('heading', { level: 1, name: 'orders' }).waitFor();
    await page.getByRole('table', { name: 'Nodes' }).getByRole('link', { name: 'far-1' }).waitFor({ state: 'detached' });
  });
});
