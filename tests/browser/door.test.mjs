// Setting up, signing in and out.
import { describe } from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { answers, house, password, scene, settled } from './pages.mjs';

describe('the door', () => {
  let link;
  const opsd = house((o) => {
    link = readFileSync(join(o.state, 'setup-link'), 'utf8').trim().replace(/^[^/]*\/\/[^/]*/, '');
  });
  const door = { opsd, role: null };
  const field = (page, name) => page.getByLabel(name, { exact: true });

  scene('without an administrator the sign-in page says where the link is', door, async ({ page, open, axe }) => {
    await open('/');
    await page.getByText('There is no administrator yet').waitFor();
    await axe();
  });

  scene('a link without its token says so', door, async ({ page, open }) => {
    await open('/setup');
    await page.getByText('This link is not whole').waitFor();
  });

  scene('the setup link makes the first administrator', door, async ({ page, open, mayComplain, axe }) => {
    await open(link);
    await axe();
    const go = page.getByRole('button', { name: 'Make administrator and sign in' });
    await field(page, 'Name').fill('ada');
    await field(page, 'Password').fill('short');
    await go.click();
    await page.getByText('Use at least 10 characters.').waitFor();
    await field(page, 'Password').fill(password);
    await field(page, 'Again').fill(`${password}!`);
    await go.click();
    await page.getByText('The two are not the same.').waitFor();
    await field(page, 'Again').fill(password);
    await page.getByText('characters, both the same').waitFor();
    mayComplain(answers(422));
    await go.click();
    await page.getByRole('heading', { name: 'Overview' }).waitFor();
    assert.equal(new URL(page.url()).pathname, '/');
    await page.getByText('Add the first cluster').waitFor();
    await page.getByText('Nothing needs attention').waitFor();
    await axe();
  });

  scene('a used link is dead', door, async ({ page, open, mayComplain }) => {
    mayComplain(answers(403, 410));
    await open(link);
    await field(page, 'Name').fill('eve');
    await field(page, 'Password').fill(password);
    await field(page, 'Again').fill(password);
    await page.getByRole('button', { name: 'Make administrator and sign in' }).click();
    await page.getByText('This link is dead').waitFor();
    await page.getByRole('link', { name: 'Go to sign in' }).click();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  });

  scene('a wrong password is refused beside its field; the right one leads to where one wanted to go', door, async ({ page, open, mayComplain, axe }) => {
    await open('/certificates?kind=leaf');
    await field(page, 'Name').fill('ada');
    await field(page, 'Password').fill('not this one, surely');
    mayComplain(answers(401));
    await page.getByRole('button', { name: 'Sign in' }).click();
    const box = field(page, 'Password');
    await page.locator('input[aria-invalid="true"]').waitFor();
    const help = await box.getAttribute('aria-describedby');
    assert.match(await page.locator(`[id="${help}"]`).innerText(), /wrong/);
    await axe();
    await box.fill(password);
    await page.getByRole('button', { name: 'Show password' }).click();
    assert.equal(await box.inputValue(), password);
    assert.equal(await box.getAttribute('type'), 'text');
    await box.press('Enter');
    await page.getByRole('heading', { name: 'Certificates' }).waitFor();
    assert.equal(new URL(page.url()).search, '?kind=leaf');
  });

  scene('signing out ends it; a session that ended elsewhere asks again and leads back', door, async ({ page, open, mayComplain, context }) => {
    await open('/clusters');
    const enter = async () => {
      await field(page, 'Name').fill('ada');
      await field(page, 'Password').fill(password);
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByRole('heading', { name: 'Clusters', level: 1 }).waitFor();
    };
    await enter();
    await page.getByRole('button', { name: /Account of ada/ }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    assert.equal(await page.getByText('Your session has ended').count(), 0);
    await enter();
    mayComplain(answers(401), /EventSource/);
    await context.clearCookies();
    await page.getByRole('link', { name: 'Rollouts' }).click();
    await page.getByText('Your session has ended').waitFor();
    await field(page, 'Name').fill('ada');
    await field(page, 'Password').fill(password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'Rollouts', level: 1 }).waitFor();
    await settled(page);
  });

  scene('after too many tries it says how long to wait, and nothing of tries left', door, async ({ page, open, mayComplain }) => {
    mayComplain(answers(401, 429));
    await open('/');
    await field(page, 'Name').fill('nobody');
    for (let i = 0; i < 30 && !(await page.getByText('Too many tries').count()); i++) {
      await field(page, 'Password').fill(`guess number ${i}`);
      const reply = page.waitForResponse((r) => r.url().endsWith('/api/v1/session') && r.request().method() === 'POST');
      await page.getByRole('button', { name: 'Sign in' }).click();
      if ((await reply).status() === 429) await page.getByText('Too many tries').waitFor();
    }
    await page.getByText(/Wait \d+ seconds?, then try again/).waitFor();
    assert.equal(await page.getByRole('button', { name: 'Sign in' }).getAttribute('aria-disabled'), 'true');
    assert.equal(await page.getByText(/tries left/).count(), 0);
  });
});
