// Users, tokens, the audit, and what each role meets.
import { describe } from 'node:test';
import assert from 'node:assert/strict';
import { answers, house, password, scene } from './pages.mjs';

describe('people', () => {
  const opsd = house(async (o) => {
    await o.setUp();
    await o.admin.post('/api/v1/clusters', { name: 'orders', flavour: 'mysql' });
    await o.admin.post('/api/v1/nodes', { name: 'db-1', cluster: 'orders', reach: 'observe', address: '127.0.0.1:9' });
  });
  const field = (page, name) => page.getByLabel(name, { exact: true });

  scene('a user is added, refused twice, changed and deleted', { opsd }, async ({ page, open, mayComplain, axe }) => {
    await open('/settings');
    await axe();
    await page.getByRole('link', { name: /^Users/ }).click();
    const add = async () => {
      await page.getByRole('button', { name: 'Add user' }).click();
      const dialog = page.getByRole('dialog', { name: 'Add user' });
      await field(dialog, 'Name').fill('j.lindqvist');
      await dialog.getByRole('radio', { name: 'Operator' }).check();
      await field(dialog, 'First password').fill(password);
      await field(dialog, 'Again').fill(password);
      await dialog.getByRole('button', { name: 'Add user' }).click();
      return dialog;
    };
    await add();
    const row = page.getByRole('table', { name: 'Users' }).getByRole('row', { name: /j\.lindqvist/ });
    await row.getByText('operator', { exact: true }).waitFor();
    await axe();
    mayComplain(answers(409, 422));
    const dialog = await add();
    await dialog.locator('[aria-invalid="true"]').or(dialog.getByRole('alert')).first().waitFor();
    await axe();
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('button', { name: 'Role of j.lindqvist' }).click();
    await page.getByRole('dialog').getByRole('radio', { name: 'Viewer' }).check();
    await page.getByRole('dialog').getByRole('button', { name: 'Change role' }).click();
    await row.getByText('viewer', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Password of j.lindqvist' }).click();
    const secret = page.getByRole('dialog', { name: 'Password of j.lindqvist' });
    await field(secret, 'New password').fill(`${password} again`);
    await field(secret, 'Again').fill(`${password} again`);
    await secret.getByRole('button', { name: 'Set password' }).click();
    await secret.waitFor({ state: 'detached' });
    await opsd().client().signIn('j.lindqvist', `${password} again`);
    await page.getByRole('button', { name: 'Delete j.lindqvist' }).click();
    await page.getByRole('dialog', { name: 'Delete j.lindqvist?' }).getByRole('button', { name: 'Delete user' }).click();
    await row.waitFor({ state: 'detached' });
  });

  scene('a token is shown once, works with its role, and ends', { opsd }, async ({ page, open, axe }) => {
    await open('/settings/tokens');
    await page.getByText('No tokens yet').waitFor();
    await page.getByRole('main').getByRole('button', { name: 'Make token' }).first().click();
    const dialog = page.getByRole('dialog', { name: 'Make token' });
    await axe();
    await field(dialog, 'What it is for').fill('ci');
    await field(dialog, 'Expires').selectOption('30');
    await dialog.getByRole('button', { name: 'Make token' }).click();
    const shown = page.getByRole('dialog', { name: 'Token ci' });
    await shown.getByRole('button', { name: 'Copy token' }).click();
    await axe();
    const token = await page.evaluate(() => navigator.clipboard.readText());
    assert.match(token, /^opsd_/);
    const client = opsd().client({ token });
    assert.equal((await client.get('/api/v1/session')).role, 'viewer');
    await shown.getByRole('button', { name: 'Done' }).click();
    assert.equal(await page.getByText(token).count(), 0);
    await page.getByRole('button', { name: 'End ci' }).click();
    await page.getByRole('dialog', { name: 'End the token ci?' }).getByRole('button', { name: 'End token' }).click();
    await page.getByText('No tokens yet').waitFor();
    assert.equal((await client.request({ path: '/api/v1/status' })).status, 401);
  });

  scene('one changes one’s own password with the current one', { opsd, role: 'operator' }, async ({ page, open, mayComplain, axe }) => {
    mayComplain(answers(401, 403, 422));
    await open('/settings/password');
    await axe();
    await field(page, 'Current password').fill('not the current one');
    await field(page, 'New password').fill('quite another password');
    await field(page, 'Again').fill('quite another password');
    await page.getByRole('button', { name: 'Change password' }).click();
    await page.locator('[aria-invalid="true"]').or(page.getByRole('alert')).first().waitFor();
    await field(page, 'Current password').fill(password);
    await page.getByRole('button', { name: 'Change password' }).click();
    await page.getByText('Your password is changed').first().waitFor();
    await opsd().client().signIn('operator', 'quite another password');
  });

  scene('the audit says who did what, filters, and pages', { opsd }, async ({ page, open, axe }) => {
    for (let i = 0; i < 60; i++) await opsd().admin.post('/api/v1/clusters', { name: `c-${i}`, flavour: 'mysql' });
    await open('/audit');
    const table = page.getByRole('table', { name: 'Audit' });
    await table.getByRole('row', { name: /ada.*Added a cluster/ }).first().waitFor();
    await axe();
    assert.equal(await table.getByRole('row').count(), 51);
    const first = await table.getByRole('row').nth(1).innerText();
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByText('Page 2').waitFor();
    await page.getByRole('button', { name: 'Previous' }).click();
    await page.getByText('Page 1').waitFor();
    assert.equal(await table.getByRole('row').nth(1).innerText(), first);
    await field(page, 'What').selectOption('userDelete');
    await table.getByRole('row', { name: /Deleted a user/ }).first().waitFor();
    await page.getByText('Added a cluster').first().waitFor({ state: 'hidden' });
  });

  const buttons = [
    ['/', 'Probe all nodes'], ['/', 'Add cluster'], ['/certificates', 'Import'], ['/clusters', 'Add cluster'], ['/clusters/orders', 'Probe'],
    ['/settings/console', 'Serve another'],
  ];
  for (const [path, name] of buttons) {
    scene(`a viewer cannot: ${name} on ${path}`, { opsd, role: 'viewer' }, async ({ page, open, axe }) => {
      await open(path);
      const button = page.getByRole('main').getByRole('button', { name, exact: true }).first();
      assert.equal(await button.getAttribute('aria-disabled'), 'true');
      const note = await button.getAttribute('aria-describedby');
      assert.match(await page.locator(`[id="${note}"]`).textContent(), /^needs (operator|admin)$/);
      await page.getByText(/^needs (operator|admin)$/).filter({ visible: true }).first().waitFor();
      await button.focus();
      await page.getByRole('tooltip').filter({ visible: true }).first().waitFor();
      const before = page.url();
      await button.click({ force: true });
      assert.equal(page.url(), before);
      assert.equal(await page.getByRole('dialog').count(), 0);
      await axe();
    });
  }

  for (const [path, needs] of [['/settings/users', 'admin'], ['/settings/tokens', 'admin'], ['/audit', 'operator'], ['/certificates/import', 'operator'], ['/nodes/add', 'admin']]) {
    scene(`${path} names the role that it needs, and asks for nothing`, { opsd, role: 'viewer' }, async ({ page, open, axe }) => {
      await open(path);
      await page.getByRole('heading', { name: `Needs ${needs}` }).waitFor();
      await axe();
    });
  }

  scene('menu entries that need more say so', { opsd, role: 'viewer' }, async ({ page, open }) => {
    await open('/clusters/orders');
    await page.getByRole('button', { name: 'More actions on orders' }).click();
    const entry = page.getByRole('menuitem', { name: /Delete cluster/ });
    assert.equal(await entry.getAttribute('aria-disabled'), 'true');
    await entry.getByText('needs operator').waitFor();
    await entry.click({ force: true });
    assert.equal(await page.getByRole('dialog').count(), 0);
  });
});
