// Every page, light and dark, wide and narrow: axe finds nothing, nothing overflows, nothing comes from elsewhere.
import { describe } from 'node:test';
import assert from 'node:assert/strict';
import { Maker } from '../lab/certs.mjs';
import { house, scene } from './pages.mjs';

describe('looks', { timeout: 600_000 }, () => {
  const opsd = house(async (o) => {
    await o.setUp();
    const maker = new Maker();
    const root = await maker.authority('A rather long name of an authority that signs databases');
    const put = (c, more = {}) => o.admin.post('/api/v1/certificates', { certificate: c.chain, key: c.keyPem, ...more });
    for (const [i, days] of [5, 45, 200, 3].entries())
      await put(await maker.certificate({ issuer: root, subject: `/C=DE/O=Example GmbH/OU=Databases/CN=a-long-name-of-a-node-${i}.db.example.test`, san: [`DNS:a-long-name-of-a-node-${i}.db.example.test`, 'IP:fd10:20:6::12'], days }));
    await o.admin.post('/api/v1/certificates', { certificate: root.certPem });
    for (const [name, flavour, count] of [['orders', 'mariadb', 3], ['archive', 'pxc', 6], ['crowd', 'mysql', 11]]) {
      await o.admin.post('/api/v1/clusters', { name, flavour });
      for (let i = 1; i <= count; i++)
        await o.admin.post('/api/v1/nodes', { name: `${name}-database-${i}`, cluster: name, reach: 'observe', address: `127.0.0.1:${i}` });
    }
    await o.admin.post('/api/v1/clusters', { name: 'analytics', flavour: 'singlestore' });
    for (const [name, role] of [['ss-master', 'master'], ['ss-agg-1', 'aggregator'], ['ss-leaf-1', 'leaf'], ['ss-leaf-2', 'leaf']])
      await o.admin.post('/api/v1/nodes', { name, cluster: 'analytics', roles: [role], reach: 'observe', address: '127.0.0.1:9' });
    await o.admin.post('/api/v1/nodes/probe', { all: true, cluster: 'orders' });
    await o.admin.post('/api/v1/tokens', { name: 'ci', role: 'operator', days: 30 });
  });
  const pages = [
    '/', '/certificates', '/certificates/1', '/certificates/import', '/clusters', '/clusters/add', '/clusters/orders', '/clusters/archive', '/clusters/crowd',
    '/clusters/analytics', '/nodes', '/nodes/1', '/nodes/1/edit', '/nodes/add', '/rollouts', '/audit', '/search?q=node', '/settings', '/settings/console',
    '/settings/users', '/settings/tokens', '/settings/ssh-key', '/settings/password', '/no-such-page',
  ];
  for (const [name, look] of [['light', {}], ['dark', { dark: true }], ['narrow', { width: 420 }]]) {
    scene(`every page ${name}`, { opsd, reducedMotion: 'reduce', ...look }, async ({ page, open, axe }) => {
      const wrong = [];
      for (const path of pages) {
        await open(path);
        await axe().catch((e) => wrong.push(e.message));
        const over = await page.evaluate(() => {
          const main = document.getElementById('main');
          return Math.max(main.scrollWidth - main.clientWidth, document.documentElement.scrollWidth - innerWidth);
        });
        if (over > 0) wrong.push(`${path} sticks out sideways by ${over}`);
      }
      assert.deepEqual(wrong, []);
    });
  }

  scene('light or dark is as the system says until one chooses; the choice stays', { opsd, dark: true }, async ({ page, open }) => {
    const isDark = () => page.evaluate(() => document.documentElement.classList.contains('pf-v6-theme-dark'));
    await open('/');
    assert.equal(await isDark(), true);
    await page.emulateMedia({ colorScheme: 'light' });
    await page.getByRole('button', { name: /^Light theme/ }).waitFor();
    assert.equal(await isDark(), false);
    await page.getByRole('button', { name: /^Light theme/ }).click();
    assert.equal(await isDark(), true);
    await page.reload();
    await page.getByRole('button', { name: /^Dark theme/ }).waitFor();
    assert.equal(await isDark(), true);
  });

  scene('on a narrow screen the navigation is behind a button, and so is the search', { opsd, width: 420 }, async ({ page, open, axe }) => {
    await open('/');
    const nav = page.getByRole('navigation', { name: 'Main' });
    assert.equal(await nav.isVisible(), false);
    await page.getByRole('button', { name: 'Navigation' }).click();
    await nav.getByRole('link', { name: 'Clusters' }).waitFor();
    await axe();
    await nav.getByRole('link', { name: 'Clusters' }).click();
    await page.getByRole('heading', { level: 1, name: 'Clusters' }).waitFor();
    await nav.waitFor({ state: 'hidden' });
    await page.getByRole('button', { name: 'Search' }).click();
    await page.keyboard.type('orders-database-2');
    await page.getByRole('option', { name: /orders-database-2/ }).click();
    await page.getByRole('heading', { level: 1, name: 'orders-database-2' }).waitFor();
  });

  scene('the policy forbids what the pages do not need', { opsd }, async ({ page, mayComplain }) => {
    mayComplain(/TrustedHTML/);
    const reply = await page.goto(`${opsd().url}/`);
    const policy = reply.headers()['content-security-policy'];
    for (const part of ["default-src 'none'", "script-src 'self'", "style-src 'self'", "require-trusted-types-for 'script'"]) assert.ok(policy.includes(part), part);
    assert.ok(!policy.includes('unsafe'));
    await page.getByRole('heading', { level: 1 }).waitFor();
    const refused = await page.evaluate(() => {
      try {
        document.createElement('div').innerHTML = '<b>x</b>';
        return false;
      } catch (e) {
        return e instanceof TypeError;
      }
    });
    assert.ok(refused, 'a string is no HTML');
  });
});
