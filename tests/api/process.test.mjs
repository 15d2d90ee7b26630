// The daemon as a process: one at a time, ports, a clean stop, a hard one.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { existsSync, mkdirSync, readFileSync, readdirSync, readlinkSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import http from 'node:http';
import { networkInterfaces } from 'node:os';
import { Maker } from '../lab/certs.mjs';
import { Client } from '../lab/client.mjs';
import { isAlive, run, start, temporaryFolder } from '../lab/lifetime.mjs';
import { cleanEnvironment, Opsd, password, program } from '../lab/opsd.mjs';
import { until } from '../lab/wait.mjs';

test('the state folder and what lies in it are for its owner alone', async (t) => {
  const opsd = await Opsd.start(t);
  await opsd.setUp();
  assert.equal(statSync(opsd.state).mode & 0o777, 0o700);
  for (const name of readdirSync(opsd.state)) {
    const mode = statSync(join(opsd.state, name)).mode & 0o777;
    assert.equal(mode & (name === 'opsd.sock' ? 0 : 0o077), 0, `${name} is ${mode.toString(8)}`);
  }
});

test('a second daemon on the same state is refused and names the first by its pid', async (t) => {
  const opsd = await Opsd.start(t);
  const second = await run(program, opsd.args, { env: opsd.env });
  assert.notEqual(second.status, 0);
  assert.match(second.stderr, new RegExp(`\\b${opsd.pid}\\b`));
  await opsd.client().get('/healthz');
  assert.equal((await opsd.cli(['status'])).status, 0, 'the first one still has its socket');
});

test('what a killed daemon leaves does not keep the next from starting', async (t) => {
  const opsd = await Opsd.start(t);
  await opsd.setUp();
  await opsd.kill();
  assert.ok(existsSync(opsd.socket), 'a killed one leaves its socket');
  await opsd.again();
  assert.equal((await opsd.cli(['status'])).status, 0);
});

test('HTTP only redirects', async (t) => {
  const opsd = await Opsd.start(t);
  const answer = await new Promise((resolve, reject) => {
    http.get(`${opsd.httpUrl}/api/v1/status?x=1`, { headers: { host: `console.test:${new URL(opsd.httpUrl).port}` } }, resolve).on('error', reject);
  });
  answer.resume();
  assert.ok([301, 302, 307, 308].includes(answer.statusCode));
  assert.equal(answer.headers.location, `https://console.test:${new URL(opsd.url).port}/api/v1/status?x=1`);
  assert.equal(answer.headers['set-cookie'], undefined);
});

test('restart in place keeps the pid; a port given to it is remembered, one given to serve beats it', async (t) => {
  const opsd = await Opsd.start(t);
  await opsd.setUp();
  const first = new URL(opsd.url).port;
  await opsd.throughRestart(() => opsd.cliMust(['restart', '--no-prompt']));
  const status = await opsd.local().get('/api/v1/status');
  assert.equal(status.pid, opsd.pid);
  const taken = await opsd.cli(['restart', '--ssl-port', new URL(opsd.httpUrl).port, '--no-prompt']);
  assert.equal(taken.status, 1, 'a port that cannot be had would lock everybody out');
  const wanted = await freePort();
  await opsd.throughRestart(() => opsd.cliMust(['restart', '--ssl-port', String(wanted), '--no-prompt']));
  assert.equal(new URL(opsd.url).port, String(wanted));
  await opsd.stop();
  await opsd.again(opsd.args.filter((arg, i, all) => arg !== '--ssl-port' && all[i - 1] !== '--ssl-port'));
  assert.equal(new URL(opsd.url).port, String(wanted), 'remembered for later starts');
  await opsd.stop();
  await opsd.again(opsd.args.map((arg, i, all) => (all[i - 1] === '--ssl-port' ? first : arg)));
  assert.equal(new URL(opsd.url).port, first, 'a port given here beats a remembered one');
});

// A port that nobody has now. It may be taken meanwhile: whoever wants it must be able to say so.
function freePort() {
  return new Promise((resolve) => {
    const server = http.createServer().listen({ port: 0, host: '127.0.0.1' }, () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

test('a port that is taken is named', async (t) => {
  const opsd = await Opsd.start(t);
  const home = temporaryFolder('home');
  const second = await run(program, ['serve', '--state', join(home, 's'), '--bind', '127.0.0.1', '--ssl-port', new URL(opsd.url).port, '--port', '0'], { env: cleanEnvironment(home) });
  assert.equal(second.status, 1);
  assert.match(second.stderr, new RegExp(new URL(opsd.url).port));
});

test('an option without its value is refused, not taken for the folder that one is in', async () => {
  const home = temporaryFolder('home');
  for (const option of [['--state', ''], ['--state='], ['--config', ''], ['--bind', '']]) {
    const end = await run(program, ['serve', '--ssl-port', '0', '--port', '0', ...option], { env: cleanEnvironment(home), cwd: home });
    assert.equal(end.status, 2, end.stderr);
    assert.match(end.stderr, /is empty/);
  }
  assert.deepEqual(readdirSync(home), []);
});

test('a closed standard stream does not leave its number to a file of the state folder', async (t) => {
  const home = temporaryFolder('home');
  const state = join(home, 'state');
  const opsd = start('sh', ['-c', 'exec "$0" serve --state "$1" --bind 127.0.0.1 --ssl-port 0 --port 0 <&- >&- 2>&-', program, state], { env: cleanEnvironment(home) });
  t.after(() => isAlive(opsd.pid) && process.kill(opsd.pid, 'SIGKILL'));
  await until('its local socket', () => existsSync(join(state, 'opsd.sock')));
  for (const fd of [0, 1, 2]) assert.equal(readlinkSync(`/proc/${opsd.pid}/fd/${fd}`), '/dev/null');
  const shown = await run('sh', ['-c', 'exec "$0" status >&-', program], { env: cleanEnvironment(home, { OPSD_SOCKET: join(state, 'opsd.sock') }) });
  assert.equal(shown.status, 1, 'what nobody got is no success');
  process.kill(opsd.pid, 'SIGTERM');
  assert.equal((await opsd.ended).status, 0);
});

test('a limit on file sizes refuses what is too much, and ends nothing', async (t) => {
  const opsd = await Opsd.start(t);
  await opsd.setUp();
  await run('prlimit', ['--pid', String(opsd.pid), '--fsize=4096:unlimited']);
  opsd.mayLog(/room|written|too large/i);
  const answer = await opsd.local().request({ method: 'POST', path: '/api/v1/clusters', body: { name: 'full', flavour: 'mysql' } });
  assert.equal(answer.status, 500, answer.text);
  await run('prlimit', ['--pid', String(opsd.pid), '--fsize=unlimited:unlimited']);
  assert.equal((await opsd.local().post('/api/v1/clusters', { name: 'full', flavour: 'mysql' })).name, 'full');
});

test('ssl-disable: plain HTTP on loopback; ssl-set-cert turns TLS on again', async (t) => {
  const maker = new Maker();
  const pair = await maker.certificate({ san: ['IP:127.0.0.1'] });
  const opsd = await Opsd.start(t, { bind: '0.0.0.0' });
  await opsd.setUp();
  const { port } = new URL(opsd.httpUrl);
  await opsd.cliMust(['ssl-disable', '--no-prompt']);
  const plain = (host) => new Promise((resolve, reject) => http.get({ host, port, path: '/api/v1/session' }, resolve).on('error', reject));
  const answer = await until('the API on HTTP', async () => {
    const a = await plain('127.0.0.1');
    a.resume();
    return a.statusCode === 200 && a;
  });
  assert.match(answer.headers['content-type'], /json/);
  const outside = Object.values(networkInterfaces()).flat().find((i) => !i.internal && i.family === 'IPv4');
  if (outside) await assert.rejects(plain(outside.address), { code: 'ECONNREFUSED' });
  await opsd.kill();
  opsd.plain = true;
  await opsd.again();
  assert.ok(opsd.listening.every((l) => l.startsWith('http:')), opsd.output);
  opsd.plain = false;
  await opsd.cliMust(['ssl-set-cert', '-k', pair.key, '-c', pair.cert, '--no-prompt']);
  const status = await until('TLS again', async () => {
    const s = await opsd.local().get('/api/v1/status');
    return s.https_port && s;
  });
  const secure = new Client(`https://127.0.0.1:${status.https_port}`, { fingerprint: await maker.fingerprint(pair.cert) });
  await until('the new certificate', () => secure.get('/healthz'));
  secure.close();
});

test('SIGTERM lets open requests finish', async (t) => {
  const opsd = await Opsd.start(t);
  await opsd.setUp();
  // signing in takes the time of a password hash: the request is under way when the signal comes
  const under_way = [1, 2, 3, 4].map(() => opsd.client().request({ method: 'POST', path: '/api/v1/session', body: { name: 'ada', password } }));
  await until('the requests to be under way', () => opsd.clients.every((c) => Object.values(c.agent.sockets).length || Object.values(c.agent.freeSockets).length));
  const stopped = opsd.stop();
  const answers = await Promise.allSettled(under_way);
  await stopped;
  // one that had not been read yet may be cut; none may be answered wrongly
  for (const answer of answers) if (answer.status === 'fulfilled') assert.ok([201, 503].includes(answer.value.status), answer.value.text);
});

test('kill -9 during imports loses nothing that was answered and leaves nothing half', async (t) => {
  const maker = new Maker();
  const ca = await maker.authority();
  const leaves = [];
  for (let i = 0; i < 12; i++) leaves.push(await maker.certificate({ issuer: ca, subject: `/CN=kill-${i}.test` }));
  const opsd = await Opsd.start(t);
  await opsd.setUp();
  const answered = new Map();
  for (let round = 0; round < 4; round++) {
    const batch = leaves.slice(round * 3, round * 3 + 3);
    const client = opsd.local();
    const before = answered.size;
    const imports = batch.map((leaf) => client.post('/api/v1/certificates', { certificate: leaf.certPem, key: leaf.keyPem }).then((reply) => answered.set(reply.id, leaf), () => {}));
    // at another moment each round: at once, after the first answer, after the second …
    await until('answers', () => answered.size >= before + (round % 3), { every_ms: 1 });
    await opsd.kill();
    await Promise.all(imports);
    await opsd.again();
  }
  const local = opsd.local();
  const { items } = await local.get('/api/v1/certificates?limit=100');
  for (const [id, leaf] of answered) {
    const shown = await local.get(`/api/v1/certificates/${id}`);
    assert.equal(shown.pem, leaf.certPem);
    assert.equal(shown.key_fits, true);
  }
  for (const item of items) {
    const exported = await local.post(`/api/v1/certificates/${item.id}/export`, { with_key: true });
    assert.match(exported.key, /BEGIN PRIVATE KEY/, 'no certificate without the key that came with it');
  }
});

const fake = '/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1';
// the sanitizers' runtime must be loaded first, and so must libfaketime: this one is for the plain program
if (process.env.ASAN_OPTIONS === undefined && process.env.TSAN_OPTIONS === undefined) test('started after a long rest, the console serves no expired certificate of its own', async (t) => {
  const opsd = await Opsd.start(t);
  const before = opsd.fingerprint;
  await opsd.stop();
  opsd.env = { ...opsd.env, LD_PRELOAD: fake, FAKETIME: '+3000d', FAKETIME_DONT_FAKE_MONOTONIC: '1' };
  await opsd.again();
  const shown = await opsd.local().get('/api/v1/console/certificate');
  assert.notEqual(`sha256:${shown.certificate.sha256}`, before);
  assert.ok(Date.parse(shown.certificate.not_after) > Date.now() + 3000 * 86_400_000, shown.certificate.not_after);
});

test('of many who resume a rollout at once, one does', async (t) => {
  const opsd = await Opsd.start(t);
  await opsd.setUp();
  const folder = temporaryFolder('node');
  const [service, runs, go] = ['service', 'runs', 'go'].map((name) => join(folder, name));
  writeFileSync(service, `#!/bin/sh\necho >> ${runs}\nuntil [ -e ${go} ]; do sleep 0.05; done\n`, { mode: 0o755 });
  writeFileSync(join(folder, 'my.cnf'), '[mysqld]\n');
  t.after(() => writeFileSync(go, ''));
  const local = opsd.local();
  await local.post('/api/v1/clusters', { name: 'twice', flavour: 'mysql' });
  await local.post('/api/v1/nodes', { name: 'one', cluster: 'twice', reach: 'local', address: '127.0.0.1:1', option_file: join(folder, 'my.cnf'), cert_dir: join(folder, 'certs'), owner: 'root', service });
  const { rollout } = await local.post('/api/v1/nodes/restart', { nodes: ['one'] });
  await until('the restart command to run', () => existsSync(runs));
  await opsd.kill();
  await opsd.again();
  const answers = await Promise.all(Array.from({ length: 8 }, () => opsd.local().request({ method: 'POST', path: `/api/v1/rollouts/${rollout}/resume`, body: {} })));
  assert.deepEqual(answers.map((a) => a.status).sort(), [202, 409, 409, 409, 409, 409, 409, 409]);
  for (const answer of answers.filter((a) => a.status === 409)) assert.match(answer.json.error.message, /is running/);
  await opsd.kill();
  assert.equal(readFileSync(runs, 'utf8').length, 1, 'a command that still runs is not started once more');
});

test('a state folder of a newer opsd is refused and left alone', async (t) => {
  const opsd = await Opsd.start(t);
  await opsd.stop();
  const before = statSync(join(opsd.state, 'opsd.db')).size;
  const set = await run('sqlite3', [join(opsd.state, 'opsd.db'), 'PRAGMA user_version = 9999']);
  assert.equal(set.status, 0, set.stderr);
  const end = await run(program, opsd.args, { env: opsd.env });
  assert.equal(end.status, 1);
  assert.match(end.stderr, /newer/);
  assert.equal(statSync(join(opsd.state, 'opsd.db')).size, before);
});

test('a file in the place of the database is refused and left alone', async () => {
  const home = temporaryFolder('home');
  const state = join(home, 'state');
  mkdirSync(state);
  writeFileSync(join(state, 'opsd.db'), 'this is no database');
  const end = await run(program, ['serve', '--state', state, '--bind', '127.0.0.1', '--ssl-port', '0', '--port', '0'], { env: cleanEnvironment(home) });
  assert.equal(end.status, 1);
  assert.match(end.stderr, /database/i);
  assert.equal(readFileSync(join(state, 'opsd.db'), 'utf8'), 'this is no database');
});

test('READY is said to systemd once it listens', async () => {
  const home = temporaryFolder('home');
  const socket = join(home, 'notify');
  const listener = start('socat', ['-u', `UNIX-RECV:${socket}`, 'STDOUT']);
  let heard = '';
  listener.stdout.setEncoding('utf8').on('data', (text) => (heard += text));
  await until('the socket', () => existsSync(socket));
  const opsd = await Opsd.start(null, { home, env: { NOTIFY_SOCKET: socket } });
  await until('READY=1', () => heard.includes('READY=1'));
  await opsd.stop();
  await until('STOPPING=1', () => heard.includes('STOPPING=1'));
  listener.kill();
  await listener.ended;
});

test('the port of IPv6 answers too', async (t) => {
  const opsd = await Opsd.start(t, { bind: '::1' });
  assert.match(opsd.url, /^https:\/\/\[::1\]:\d+$/);
  await opsd.client().get('/healthz');
});
