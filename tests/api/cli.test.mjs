// The command line as scripts meet it: exit codes, -q and -j, questions on a terminal, secrets never in arguments.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Maker } from '../lab/certs.mjs';
import { operations } from '../lab/contract.mjs';
import { run, temporaryFolder } from '../lab/lifetime.mjs';
import { cleanEnvironment, Opsd, password, program } from '../lab/opsd.mjs';

let opsd;
const maker = new Maker();
let ca;
before(async () => {
  opsd = await Opsd.start(null);
  await opsd.setUp();
  ca = await maker.authority('CLI CA');
});
after(() => opsd.stop());

const cli = (...args) => opsd.cli(args);
async function says(status, pattern, ...args) {
  const end = await opsd.cli(args);
  assert.equal(end.status, status, `opsd ${args.join(' ')}: ${end.status}\n${end.stderr}${end.stdout}`);
  if (pattern) assert.match(status === 0 || status === 4 ? end.stdout : end.stderr, pattern);
  return end;
}
const oneSentence = (text) => assert.match(text, /^opsd: [^\n]+\n$/);

describe('exit codes', () => {
  test('0: done', async () => {
    await says(0, /^opsd \d+\.\d+/, '--version');
    await says(0, /serve/, 'help');
    await says(0, /serve/, '--help');
    await says(0, null, 'status');
  });
  test('1: refused, one sentence on standard error', async () => {
    for (const args of [['cert-show', '99999'], ['cluster-show', 'nothing'], ['node-show', 'nothing'], ['cert-delete', '99999', '--no-prompt']]) {
      const end = await says(1, null, ...args);
      oneSentence(end.stderr);
      assert.equal(end.stdout, '');
    }
  });
  test('2: wrong usage', async () => {
    for (const args of [['no-such-command'], ['cert-show'], ['cert-list', '--no-such-option'], ['user-add', 'x', '--role', 'emperor', '--no-prompt'], ['serve', '--ssl-port', 'x'], ['serve', 'more']]) {
      await says(2, null, ...args);
    }
  });
  test('3: the daemon cannot be reached', async () => {
    const home = temporaryFolder('nobody');
    const env = cleanEnvironment(home, { OPSD_SOCKET: join(home, 'no.sock') });
    const end = await run(program, ['cert-list'], { env });
    assert.equal(end.status, 3, end.stderr);
    oneSentence(end.stderr);
    const far = await run(program, ['cert-list', '--url', 'https://127.0.0.1:1'], { env: { ...env, OPSD_TOKEN: 'opsd_x' } });
    assert.equal(far.status, 3, far.stderr);
  });
  test('4: a check found something', async () => {
    const old = await maker.certificate({ issuer: ca, from: new Date('2020-01-01'), to: new Date('2021-01-01') });
    await says(4, /EXPIRY/, 'cert-check', old.cert);
    const other = await maker.authority('Another CA');
    const leaf = await maker.certificate({ issuer: ca });
    const end = await says(4, null, 'cert-verify', '--ca', other.cert, leaf.cert);
    assert.ok(!end.stdout.includes(': OK'));
  });
});

describe('files without a daemon', () => {
  const alone = (...args) => run(program, args, { env: cleanEnvironment(temporaryFolder('alone'), { OPSD_SOCKET: '/nonexistent' }) });

  test('cert-show FILE prints subject and issuer as openssl does, then the rest', async () => {
    const leaf = await maker.certificate({ issuer: ca, subject: '/C=US/O=MemSQL/CN=memsql.ssl.test.server', san: ['DNS:a.test'] });
    const end = await alone('cert-show', leaf.cert);
    assert.equal(end.status, 0, end.stderr);
    assert.ok(end.stdout.startsWith(await maker.names(leaf.cert)), end.stdout);
    assert.match(end.stdout, /a\.test/);
    const json = JSON.parse((await alone('cert-show', '-j', leaf.cert)).stdout);
    assert.equal(json.common_name ?? json.certificate?.common_name, 'memsql.ssl.test.server');
  });
  test('cert-verify prints FILE: OK, as openssl verify does', async () => {
    const one = await maker.certificate({ issuer: ca });
    const two = await maker.certificate({ issuer: ca, subject: '/CN=two.test' });
    const end = await alone('cert-verify', '--ca', ca.cert, one.cert, two.cert);
    assert.equal(end.stdout, `${one.cert}: OK\n${two.cert}: OK\n`);
    assert.equal(end.status, 0);
    assert.equal(end.stdout, await maker.openssl(['verify', '-CAfile', ca.cert, one.cert, two.cert]));
  });
  test('cert-check finds nothing in a good pair, and names what is wrong in a bad one', async () => {
    const leaf = await maker.certificate({ issuer: ca, san: ['DNS:a.test'] });
    assert.equal((await alone('cert-check', leaf.cert)).status, 0);
    const weak = await maker.certificate({ issuer: ca, key: 'rsa-1024', san: ['DNS:a.test'] });
    const end = await alone('cert-check', weak.cert);
    assert.equal(end.status, 4, end.stdout);
    assert.match(end.stdout, /STRENGTH/);
  });
  test('a file that is not there, or no certificate, is told by its name', async () => {
    const end = await alone('cert-show', '/nonexistent/cert.pem');
    assert.equal(end.status, 1);
    assert.match(end.stderr, /\/nonexistent\/cert\.pem/);
  });
});

describe('lists', () => {
  test('-q prints ids alone, -j what the API answers', async () => {
    const leaf = await maker.certificate({ issuer: ca, subject: '/CN=listed.test' });
    await says(0, null, 'cert-import', '-k', leaf.key, '-c', leaf.cert, '--name', 'listed', '--no-prompt');
    const ids = (await cli('cert-list', '-q')).stdout;
    assert.match(ids, /^(\d+\n)+$/);
    const items = JSON.parse((await cli('cert-list', '-j')).stdout).items;
    assert.deepEqual(items.map((i) => String(i.id)), ids.trim().split('\n'));
    assert.match((await cli('cert-list')).stdout, /listed/);
  });
  test('every list has -j, and is valid JSON', async () => {
    for (const row of operations.filter((r) => r.command?.endsWith('-list'))) {
      const end = await says(0, null, row.command, '-j');
      assert.ok(Array.isArray(JSON.parse(end.stdout).items), row.command);
    }
  });
  test('more rows than one page are all printed', async () => {
    for (let i = 0; i < 130; i++) await opsd.local().post('/api/v1/clusters', { name: `page-${i}`, flavour: 'mysql' });
    assert.equal((await cli('cluster-list', '-q')).stdout.trim().split('\n').length, 130);
    const loop = await opsd.shell('opsd cluster-list -q | xargs -n1 -I{} opsd cluster-delete {} --no-prompt');
    assert.equal(loop.status, 0, loop.stderr);
    assert.equal((await cli('cluster-list', '-q')).stdout, '');
  });
});

describe('questions and secrets', () => {
  test('a change without a terminal needs --no-prompt, and says so', async () => {
    const end = await says(2, /--no-prompt/, 'cluster-add', 'unasked', '--flavour', 'mysql');
    assert.match(end.stderr, /^opsd: /);
    assert.equal((await cli('cluster-show', 'unasked')).status, 1);
  });
  test('on a terminal it asks; "n" changes nothing, "y" does it', async () => {
    const ask = (answer) => opsd.shell(`printf '${answer}\\n' | script -qec "opsd cluster-add asked --flavour mysql" /dev/null`);
    await ask('n');
    assert.equal((await cli('cluster-show', 'asked')).status, 1);
    await ask('y');
    assert.equal((await cli('cluster-show', 'asked')).status, 0);
  });
  test('user-add takes the password from standard input, token-add prints the value once', async () => {
    const made = await opsd.cli(['user-add', 'grace', '--role', 'operator', '--password-file', '-', '--no-prompt'], { input: `${password}\n` });
    assert.equal(made.status, 0, made.stderr);
    await opsd.client().signIn('grace', password);
    const changed = await opsd.cli(['user-password', 'grace', '--password-file', '-', '--no-prompt'], { input: 'another long password\n' });
    assert.equal(changed.status, 0, changed.stderr);
    await opsd.client().signIn('grace', 'another long password');
    assert.equal((await opsd.cli(['superuser-list', '-q'])).status, 0);
    const token = (await says(0, null, 'token-add', 'ci', '--role', 'viewer', '--days', '3', '--no-prompt')).stdout.match(/opsd_[\w-]+/)[0];
    const far = await run(program, ['cert-list', '-q', '--url', opsd.url], { env: { ...opsd.env, OPSD_TOKEN: token, OPSD_CACERT: await served() } });
    assert.equal(far.status, 0, far.stderr);
    const untrusted = await run(program, ['cert-list', '-q', '--url', opsd.url], { env: { ...opsd.env, OPSD_TOKEN: token } });
    assert.equal(untrusted.status, 3, 'a certificate that nobody vouches for is not talked to');
    const denied = await run(program, ['cluster-add', 'x', '--flavour', 'mysql', '--no-prompt', '--url', opsd.url], { env: { ...opsd.env, OPSD_TOKEN: token, OPSD_CACERT: await served() } });
    assert.equal(denied.status, 1);
    assert.match(denied.stderr, /operator|role/);
  });
  test('no command takes a secret as an argument', () => {
    for (const row of operations.filter((r) => r.command)) {
      for (const field of row.fields('body').filter((f) => f.kind === 'secret')) assert.ok(field.name);
    }
  });
  test('cert-export writes a key only where nobody else reads it', async () => {
    const leaf = await maker.certificate({ issuer: ca, subject: '/CN=cli-export.test' });
    const id = (await says(0, /^\d+\n$/, 'cert-import', '-q', '-k', leaf.key, '-c', leaf.cert, '--no-prompt')).stdout.trim();
    const folder = temporaryFolder('export');
    const end = await opsd.shell(`cd ${folder} && umask 022 && opsd cert-export ${id} --with-key --no-prompt > out.txt`);
    assert.equal(end.status, 0, end.stderr);
    const { readdirSync } = await import('node:fs');
    for (const file of readdirSync(folder)) {
      const path = join(folder, file);
      if (file !== 'out.txt' && readFileSync(path, 'utf8').includes('PRIVATE KEY')) assert.equal(statSync(path).mode & 0o077, 0, file);
    }
  });
  async function served() {
    const path = join(opsd.home, 'served.pem');
    const { certificate } = await opsd.local().get('/api/v1/console/certificate');
    writeFileSync(path, certificate.pem);
    return path;
  }
});

describe('ssl-set-cert', () => {
  test('with short and long options; what browsers cannot open needs --force', async () => {
    const pair = await maker.certificate({ issuer: ca, san: ['IP:127.0.0.1'] });
    await says(0, null, 'ssl-set-cert', '-k', pair.key, '-c', pair.cert, '--no-prompt');
    const long = await maker.certificate({ issuer: ca, san: ['IP:127.0.0.1'] });
    await says(0, null, 'ssl-set-cert', '--key', long.key, '--certificate', long.cert, '--no-prompt');
    const client = opsd.client({ fingerprint: await maker.fingerprint(long.cert) });
    await client.get('/healthz');
    const modern = await maker.certificate({ issuer: ca, key: 'ed25519' });
    await says(1, /force/, 'ssl-set-cert', '-k', modern.key, '-c', modern.cert, '--no-prompt');
    await says(0, null, 'ssl-set-cert', '-k', modern.key, '-c', modern.cert, '--force', '--no-prompt');
    await says(1, /./, 'ssl-set-cert', '-k', pair.key, '-c', long.cert, '--no-prompt');
  });
});

describe('help', () => {
  test('every command of the contract is in the list and has a page of its own', async () => {
    const all = (await cli('help')).stdout;
    for (const { command } of operations.filter((row) => row.command)) {
      assert.ok(all.includes(command), command);
      const page = await says(0, /./, 'help', command);
      assert.ok(page.stdout.includes(command));
      await says(0, /./, command, '--help');
    }
  });
});
