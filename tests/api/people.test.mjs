// Who gets in, for how long, with which role; and what is written down about it.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { mustRun } from '../lab/lifetime.mjs';
import { Opsd, password } from '../lab/opsd.mjs';

const status = async (promise) => {
  try {
    await promise;
    return 200;
  } catch (error) {
    if (!error.status) throw error;
    return error.status;
  }
};

// A client from an address of its own: failures of others do not count against it.
let addresses = 1;
const elsewhere = (opsd) => opsd.client({ agent: { localAddress: `127.0.7.${++addresses}` } });

describe('the setup link', () => {
  test('lies in a file of mode 0600, works once, then is dead and gone', async (t) => {
    const opsd = await Opsd.start(t);
    const file = join(opsd.state, 'setup-link');
    assert.equal(statSync(file).mode & 0o777, 0o600);
    assert.match(readFileSync(file, 'utf8'), /^https:\/\/\S+\/setup#\S{20,}\n$/);
    assert.ok(opsd.output.includes(file), 'the line names the file');
    assert.ok(!opsd.output.includes(opsd.setupToken()), 'the token itself is not printed where there is no terminal');
    const token = opsd.setupToken();
    const client = opsd.client();
    assert.equal((await client.get('/api/v1/session')).setup_needed, true);
    assert.equal(await status(client.post('/api/v1/setup', { token: 'x'.repeat(token.length), name: 'eve', password })), 403);
    assert.equal(await status(client.post('/api/v1/setup', { token, name: 'ada', password: 'short' })), 422);
    assert.equal((await client.post('/api/v1/setup', { token, name: 'ada', password })).role, 'admin');
    assert.equal(existsSync(file), false);
    assert.equal(await status(opsd.client().post('/api/v1/setup', { token, name: 'eve', password })), 410);
    assert.equal((await opsd.client().get('/api/v1/session')).setup_needed, false);
    await opsd.kill();
    await opsd.again();
    assert.equal(existsSync(file), false, 'no new link while there is an administrator');
    assert.equal(await status(opsd.client().post('/api/v1/setup', { token, name: 'eve', password })), 410);
  });

  test('is another one after each start until it was used', async (t) => {
    const opsd = await Opsd.start(t);
    const before = opsd.setupToken();
    await opsd.kill();
    await opsd.again();
    assert.notEqual(opsd.setupToken(), before);
    assert.notEqual(await status(opsd.client().post('/api/v1/setup', { token: before, name: 'eve', password })), 200);
    await opsd.setUp();
  });
});

describe('sessions', () => {
  let opsd;
  before(async () => { opsd = await Opsd.start(null); await opsd.setUp(); });
  after(() => opsd.stop());

  test('the cookie is HttpOnly, Secure, SameSite=Strict, bound to this host', async () => {
    const answer = await elsewhere(opsd).request({ method: 'POST', path: '/api/v1/session', body: { name: 'ada', password } });
    assert.equal(answer.status, 201);
    const [cookie] = answer.headers['set-cookie'];
    assert.match(cookie, /^__Host-opsd=[\w-]{20,};/);
    for (const word of ['HttpOnly', 'Secure', 'SameSite=Strict', 'Path=/']) assert.ok(cookie.includes(word), `${word} in ${cookie}`);
    assert.ok(!/domain=/i.test(cookie));
  });

  test('signing out ends the session at the server', async () => {
    const client = elsewhere(opsd);
    await client.signIn('ada', password);
    const { cookie } = client;
    await client.delete('/api/v1/session');
    assert.equal(client.cookie, null);
    client.cookie = cookie;
    assert.equal(await status(client.get('/api/v1/status')), 401);
  });

  test('a wrong password and an unknown name are answered alike', async () => {
    const answers = [];
    for (const name of ['ada', 'nobody']) answers.push(await elsewhere(opsd).request({ method: 'POST', path: '/api/v1/session', body: { name, password: 'wrong wrong wrong' } }));
    assert.deepEqual(answers.map((a) => a.status), [401, 401]);
    assert.equal(answers[0].json.error.message, answers[1].json.error.message);
    assert.equal(answers[0].headers['set-cookie'], undefined);
  });

  test('a change of role, and of password, ends the person\'s other sessions', async () => {
    const admin = opsd.admin;
    await admin.post('/api/v1/users', { name: 'grace', role: 'operator', password });
    const grace = elsewhere(opsd);
    await grace.signIn('grace', password);
    await admin.patch('/api/v1/users/grace', { role: 'viewer' });
    assert.equal(await status(grace.get('/api/v1/status')), 401);
    const [one, other] = [elsewhere(opsd), elsewhere(opsd)];
    await one.signIn('grace', password);
    await other.signIn('grace', password);
    await one.put('/api/v1/users/grace/password', { password: 'a whole new pass', current: password });
    assert.equal(await status(one.get('/api/v1/status')), 200, 'the session that changed it stays');
    assert.equal(await status(other.get('/api/v1/status')), 401);
    assert.equal(await status(elsewhere(opsd).signIn('grace', password)), 401);
    await elsewhere(opsd).signIn('grace', 'a whole new pass');
  });

  test('one\'s own password takes the current one, another\'s takes an administrator', async () => {
    await opsd.admin.post('/api/v1/users', { name: 'linus', role: 'viewer', password });
    const linus = elsewhere(opsd);
    await linus.signIn('linus', password);
    assert.equal(await status(linus.put('/api/v1/users/ada/password', { password: 'taken over now' })), 403);
    assert.ok([401, 403, 422].includes(await status(linus.put('/api/v1/users/linus/password', { password: 'a new long one' }))));
    assert.ok([401, 403, 422].includes(await status(linus.put('/api/v1/users/linus/password', { password: 'a new long one', current: 'not this one' }))));
    await opsd.admin.put('/api/v1/users/linus/password', { password: 'set by the admin' });
    assert.equal(await status(linus.get('/api/v1/status')), 401, 'their sessions end');
  });

  test('a deleted person is out at once', async () => {
    await opsd.admin.post('/api/v1/users', { name: 'mallory', role: 'admin', password });
    const mallory = elsewhere(opsd);
    await mallory.signIn('mallory', password);
    await opsd.admin.delete('/api/v1/users/mallory');
    assert.equal(await status(mallory.get('/api/v1/status')), 401);
  });

  test('the last administrator stays', async () => {
    assert.equal(await status(opsd.admin.delete('/api/v1/users/ada')), 409);
    assert.equal(await status(opsd.admin.patch('/api/v1/users/ada', { role: 'viewer' })), 409);
  });

  test('passwords that are too short, or the name, are refused at their field', async () => {
    for (const bad of ['short', 'christopher']) {
      const answer = await opsd.admin.request({ method: 'POST', path: '/api/v1/users', body: { name: 'christopher', role: 'viewer', password: bad } });
      assert.equal(answer.status, 422, answer.text);
      assert.equal(answer.json.error.field, 'password');
    }
  });

  test('a name that looks like another is refused', async () => {
    const clusters = [];
    for (const name of ['ada\u200b', '\u202eada', 'a\u00a0da', '\ufeffada', 'a\u2066da', 'ad\u{e0041}a']) {
      const answer = await opsd.admin.request({ method: 'POST', path: '/api/v1/users', body: { name, role: 'viewer', password } });
      assert.equal(answer.status, 422, `${JSON.stringify(name)}: ${answer.text}`);
      assert.equal(answer.json.error.field, 'name');
      clusters.push(await status(opsd.admin.post('/api/v1/clusters', { name, flavour: 'mysql' })));
    }
    assert.deepEqual(clusters, Array(6).fill(422));
    assert.equal((await opsd.admin.post('/api/v1/users', { name: 'Ægir.Ünïcødé-日本', role: 'viewer', password })).name, 'Ægir.Ünïcødé-日本');
  });

  test('a name is taken once', async () => {
    assert.equal(await status(opsd.admin.post('/api/v1/users', { name: 'ada', role: 'viewer', password })), 409);
  });
});

describe('the throttle', () => {
  test('says how long after some failures, also to who knows the password; it survives a restart', async (t) => {
    const opsd = await Opsd.start(t);
    await opsd.setUp();
    await opsd.admin.post('/api/v1/users', { name: 'grace', role: 'viewer', password });
    const attempt = (name, pass) => opsd.client().request({ method: 'POST', path: '/api/v1/session', body: { name, password: pass } });
    let answer;
    for (let i = 0; i < 30; i++) {
      answer = await attempt('grace', 'wrong wrong wrong');
      if (answer.status === 429) break;
      assert.equal(answer.status, 401);
    }
    assert.equal(answer.status, 429, 'thirty failures in a row are throttled');
    assert.ok(Number(answer.headers['retry-after']) > 0);
    assert.equal((await attempt('grace', password)).status, 429, 'the right password does not get around it');
    await opsd.kill();
    // as if there had been more of them: the wait doubles each time, and is long enough for a restart to end in it
    await mustRun('sqlite3', [join(opsd.state, 'opsd.db'), 'UPDATE throttle SET failures = failures + 6']);
    await opsd.again();
    assert.equal((await attempt('grace', password)).status, 429, 'a restart does not either');
  });
});

describe('tokens', () => {
  let opsd;
  before(async () => { opsd = await Opsd.start(null); await opsd.setUp(); });
  after(() => opsd.stop());

  test('are shown once, are not in the database, have their role, end when deleted', async () => {
    const made = await opsd.admin.post('/api/v1/tokens', { name: 'ci', role: 'viewer', days: 7 });
    assert.match(made.value, /^opsd_[\w-]{30,}$/);
    assert.equal(made.token.role, 'viewer');
    const lasts = (new Date(made.token.expires) - Date.now()) / 86_400_000;
    assert.ok(lasts > 6.9 && lasts < 7.1, made.token.expires);
    assert.ok(!JSON.stringify(await opsd.admin.get('/api/v1/tokens')).includes(made.value));
    for (const file of ['opsd.db', 'opsd.db-wal']) {
      const path = join(opsd.state, file);
      if (existsSync(path)) assert.equal(readFileSync(path).includes(made.value), false, file);
    }
    const ci = opsd.client({ token: made.value });
    assert.equal(await status(ci.get('/api/v1/status')), 200);
    assert.equal(await status(ci.post('/api/v1/clusters', { name: 'x', flavour: 'mysql' })), 403);
    await opsd.admin.delete(`/api/v1/tokens/${made.token.id}`);
    assert.equal(await status(ci.get('/api/v1/status')), 401);
  });

  test('need no Origin and no CSRF header', async () => {
    const { value } = await opsd.admin.post('/api/v1/tokens', { name: 'script', role: 'operator' });
    const script = opsd.client({ token: value });
    const answer = await script.request({
      method: 'POST', path: '/api/v1/clusters', body: { name: 'by-script', flavour: 'mysql' }, headers: { origin: null, 'x-opsd-csrf': null },
    });
    assert.equal(answer.status, 201, answer.text);
  });
});

describe('the audit', () => {
  test('has a row for every write, done or refused: who, from where, what, with what result, and no secret', async (t) => {
    const opsd = await Opsd.start(t);
    await opsd.setUp();
    await opsd.admin.post('/api/v1/clusters', { name: 'orders', flavour: 'mariadb', db_user: 'opsd', db_password: 'hush hush hush' });
    assert.equal(await status(opsd.admin.post('/api/v1/clusters', { name: 'orders', flavour: 'mariadb' })), 409);
    const viewer = await opsd.as('viewer');
    assert.equal(await status(viewer.post('/api/v1/clusters', { name: 'more', flavour: 'mariadb' })), 403);
    await opsd.local().delete('/api/v1/clusters/orders');
    const { items } = await opsd.admin.get('/api/v1/audit');
    const rows = items.filter((r) => r.operation.startsWith('cluster')).map((r) => [r.who, r.from, r.operation, r.result]);
    const me = (await import('node:os')).userInfo().username;
    assert.deepEqual(rows, [
      [`socket:${me}`, 'local', 'clusterDelete', 'ok'],
      ['token:lab-viewer', '127.0.0.1', 'clusterAdd', 'forbidden'],
      ['ada', '127.0.0.1', 'clusterAdd', 'conflict'],
      ['ada', '127.0.0.1', 'clusterAdd', 'ok'],
    ]);
    assert.ok(items.some((r) => r.operation === 'setup' && r.result === 'ok'));
    assert.ok(!JSON.stringify(items).includes('hush hush'));
    assert.ok(!opsd.log.join('\n').includes('hush hush'));
  });

  test('failed sign-ins are in it', async (t) => {
    const opsd = await Opsd.start(t);
    await opsd.setUp();
    await status(opsd.client().signIn('ada', 'wrong wrong wrong'));
    const { items } = await opsd.admin.get('/api/v1/audit?operation=sessionCreate');
    assert.equal(items[0].result, 'unauthenticated');
    assert.match(items[0].target, /ada/);
  });

  test('pages are complete and in order', async (t) => {
    const opsd = await Opsd.start(t);
    await opsd.setUp();
    const local = opsd.local();
    for (let i = 0; i < 25; i++) await local.post('/api/v1/clusters', { name: `c${i}`, flavour: 'mysql' });
    const seen = [];
    for (let after = ''; after !== null;) {
      const page = await local.get(`/api/v1/audit?operation=clusterAdd&limit=10${after && `&after=${encodeURIComponent(after)}`}`);
      seen.push(...page.items.map((row) => row.target));
      after = page.next;
    }
    assert.deepEqual(seen, Array.from({ length: 25 }, (_, i) => `cluster c${24 - i}`));
  });
});
