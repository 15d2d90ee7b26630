// The whole way without a mouse.
import { describe } from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Maker } from '../lab/certs.mjs';
import { until } from '../lab/wait.mjs';
import { house, password, scene } from './pages.mjs';

describe('keyboard alone', () => {
  let link;
  let leaf;
  const opsd = house(async (o) => {
    link = readFileSync(join(o.state, 'setup-link'), 'utf8').trim().replace(/^[^/]*\/\/[^/]*/, '');
    leaf = await new Maker().certificate({ subject: '/CN=keys.test', san: ['DNS:keys.test'] });
  });

  const focused = (page) => page.evaluate(() => {
    const e = document.activeElement;
    return (e.getAttribute('aria-label') ?? e.labels?.[0]?.innerText ?? e.innerText ?? '').trim();
  });

  // Pages are drawn a moment after the key.
  const hasFocus = (page, name) => until(`the focus to be on ${name}`, async () => (await focused(page)).startsWith(name), { within_ms: 5000 });

  // Tab until the element with that name has the focus; each stop has to be visible.
  async function tabTo(page, name, most = 60) {
    for (let i = 0; i < most; i++) {
      if ((await focused(page)).startsWith(name)) return;
      await page.keyboard.press('Tab');
      const seen = await page.evaluate(() => {
        const e = document.activeElement;
        if (e === document.body) return true;
        const style = getComputedStyle(e);
        const box = e.getBoundingClientRect();
        const around = getComputedStyle(e.parentElement);
        return box.width > 0 && (style.outlineStyle !== 'none' || style.boxShadow !== 'none' || around.boxShadow !== 'none');
      });
      assert.ok(seen, `the focus on “${await focused(page)}” is seen`);
    }
    throw new Error(`${most} times Tab did not lead to ${name}, but to ${await focused(page)}`);
  }

  scene('set up, import, look, sign out', { opsd, role: null }, async ({ page, open }) => {
    await open(link);
    await hasFocus(page, 'Name');
    await page.keyboard.type('ada');
    await tabTo(page, 'Password');
    await page.keyboard.type(password);
    await tabTo(page, 'Again');
    await page.keyboard.type(password);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();

    await tabTo(page, 'Certificates');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Certificates' }).waitFor();
    await hasFocus(page, 'Certificates');
    assert.equal(await page.evaluate(() => document.activeElement.tagName), 'H1', 'the heading of a new page takes the focus');
    await tabTo(page, 'Import');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Import a certificate' }).waitFor();
    await tabTo(page, 'Certificate');
    await page.evaluate((text) => navigator.clipboard.writeText(text), leaf.certPem);
    await page.keyboard.press('Control+V');
    await page.getByRole('region', { name: 'What it is' }).getByText('CN = keys.test').first().waitFor();
    await tabTo(page, 'Name');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'keys.test' }).waitFor();

    await tabTo(page, 'Delete');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Delete this certificate?' }).waitFor();
    for (let i = 0; i < 12; i++) {
      await page.keyboard.press('Tab');
      assert.ok(await page.evaluate(() => document.activeElement === document.body || document.querySelector('dialog').contains(document.activeElement)), 'the focus stays inside');
    }
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await hasFocus(page, 'Delete');

    await page.keyboard.press('/');
    await hasFocus(page, 'Search certificates and nodes');
    await page.keyboard.press('Escape');
    await tabTo(page, 'Account of');
    await page.keyboard.press('Enter');
    await hasFocus(page, 'Change password');
    await page.keyboard.press('Escape');
    await hasFocus(page, 'Account of');
    await page.keyboard.press('Enter');
    await hasFocus(page, 'Change password');
    await page.keyboard.press('ArrowDown');
    await hasFocus(page, 'Sign out');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Sign in' }).waitFor();
  });

  scene('the first Tab leads past the navigation', { opsd, role: null }, async ({ page, open }) => {
    await open('/');
    await page.getByLabel('Name', { exact: true }).fill('ada');
    await page.getByLabel('Password', { exact: true }).fill(password);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
    await page.reload();
    await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
    await page.keyboard.press('Tab');
    await hasFocus(page, 'Skip to content');
    await page.keyboard.press('Enter');
    assert.equal(await page.evaluate(() => document.activeElement.id), 'main');
  });
});
