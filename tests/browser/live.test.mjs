// Pages that stay true: changes made elsewhere show, a lost connection is said, what was there stays with its age.
import { describe } from 'node:test';
import assert from 'node:assert/strict';
import { answers, house, scene } from './pages.mjs';

describe('live', () => {
  const opsd = house(async (o) => {
    await o.setUp();
    await o.admin.post('/api/v1/clusters', { name: 'orders', flavour: 'mysql' });
  });

  scene('a change made elsewhere shows without a reload', { opsd }, async ({ page, open }) => {
    await open('/clusters');
    await page.getByRole('link', { name: 'orders' }).waitFor();
    await opsd().admin.post('/api/v1/clusters', { name: 'billing', flavour: 'mysql' });
    await page.getByRole('link', { name: 'billing' }).waitFor();
    await opsd().admin.delete('/api/v1/clusters/billing');
    await page.getByRole('link', { name: 'billing' }).waitFor({ state: 'detached' });
  });

  scene('an unchanged page is not sent again', { opsd }, async ({ page, open }) => {
    await open('/clusters');
    await open('/');
    const reply = page.waitForResponse((r) => r.url().includes('/api/v1/clusters?limit=50'));
    await page.getByRole('link', { name: 'Clusters', exact: true }).click();
    assert.equal((await reply).status(), 200);
    await page.getByRole('link', { name: 'Overview', exact: true }).click();
    await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
    const again = page.waitForResponse((r) => r.url().includes('/api/v1/clusters?limit=50'));
    await page.getByRole('link', { name: 'Clusters', exact: true }).click();
    assert.equal((await again).status(), 304);
    await page.getByRole('link', { name: 'orders' }).waitFor();
  });

  scene('an answer that fails is an alert with the request’s id; what was there stays with its age; trying again mends it', { opsd }, async ({ page, open, mayComplain, axe }) => {
    mayComplain(answers(503));
    await open('/clusters');
    await page.getByRole('link', { name: 'orders' }).waitFor();
    const body = { error: { code: 'unavailable', message: 'opsd is busy with something else.', field: null, request: 'r-12345' } };
    await page.route('**/api/v1/clusters?*', (route) => route.fulfill({ status: 503, json: body }));
    await opsd().admin.post('/api/v1/clusters', { name: 'archive', flavour: 'mysql' });
    const alert = page.getByRole('alert');
    await alert.getByText('opsd is busy with something else.').waitFor();
    await alert.getByText('r-12345').waitFor();
    await alert.getByText(/What is shown is from/).waitFor();
    assert.equal(await page.getByRole('link', { name: 'orders' }).count(), 1);
    await axe();
    await page.unroute('**/api/v1/clusters?*');
    await alert.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('link', { name: 'archive' }).waitFor();
    assert.equal(await alert.count(), 0);
  });

  scene('an error where nothing was before', { opsd }, async ({ page, open, mayComplain, axe }) => {
    mayComplain(answers(500));
    await page.route('**/api/v1/rollouts?*', (route) => route.fulfill({ status: 500, body: 'no JSON' }));
    await open('/rollouts');
    await page.getByRole('alert').getByText(/opsd answered 500/).waitFor();
    await axe();
  });

  scene('a page that loads has its shape already', { opsd }, async ({ page, axe }) => {
    let let_go;
    const held = new Promise((resolve) => (let_go = resolve));
    await page.route('**/api/v1/certificates?*', async (route) => {
      await held;
      await route.continue();
    });
    await page.goto(`${opsd().url}/certificates`);
    await page.getByRole('heading', { level: 1, name: 'Certificates' }).waitFor();
    await page.getByRole('status').getByText('Loading').first().waitFor({ state: 'attached' });
    await axe();
    let_go();
    await page.getByText('No certificates yet').waitFor();
  });

  scene('opsd gone: the page says since when it is not live; back: it is again', { opsd }, async ({ page, open, mayComplain, axe }) => {
    mayComplain(/ERR_(CONNECTION|NETWORK|EMPTY|INCOMPLETE|HTTP2|SSL|SOCKET)/, answers(401, 502, 503), /EventSource/);
    await open('/clusters');
    await page.getByRole('link', { name: 'orders' }).waitFor();
    const { port } = new URL(opsd().url);
    await opsd().stop();
    await page.getByText(/^Not live since \d\d:\d\d$/).waitFor({ timeout: 30_000 });
    assert.equal(await page.getByRole('link', { name: 'orders' }).count(), 1, 'what was there stays');
    await axe();
    await opsd().again(opsd().args.map((arg, i, all) => (all[i - 1] === '--ssl-port' ? port : arg)));
    await page.getByText(/^Not live since/).waitFor({ state: 'detached', timeout: 40_000 });
    await opsd().admin.post('/api/v1/clusters', { name: 'fresh', flavour: 'mysql' });
    await page.getByRole('link', { name: 'fresh' }).waitFor();
  });
});
