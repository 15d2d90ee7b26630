// A pair from the inventory onto real nodes: generations, rights, what was found there, and the proof by a handshake.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { existsSync, lstatSync, readFileSync, readdirSync, readlinkSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Site } from './site.mjs';

let site;
const cleaners = [];
before(async () => {
  site = await Site.create({ after: (clean) => cleaners.push(clean) });
  await site.cluster('orders', 'mariadb');
  await site.cluster('far-away', 'mariadb');
  await site.node('near', { cluster: 'orders', roles: 'member' });
  await site.node('far', { cluster: 'far-away', roles: 'member', reach: 'ssh' });
});
after(async () => { for (const clean of cleaners.reverse()) await clean(); });

for (const name of ['near', 'far']) {
  describe(name === 'near' ? 'on this machine' : 'over SSH', () => {
    let db;
    let first;
    before(() => { db = site.nodes[name]; });

    test('push, option, restart, probe: the wanted fingerprint is on the wire', async () => {
      // files as an administrator left them: they are taken over as the first generation
      writeFileSync(join(db.certs, 'server-cert.pem'), 'old certificate\n');
      writeFileSync(join(db.certs, 'server-key.pem'), 'old key\n', { mode: 0o600 });
      first = await site.pair(db);
      await site.push([name], first, { authority: await site.authority() });
      assert.equal(await db.served(), null, 'a push alone changes nothing on the wire');
      for (const [key, file] of [['ssl_cert', 'server-cert.pem'], ['ssl_key', 'server-key.pem'], ['ssl_ca', 'ca.pem']]) {
        const at = existsSync(join(db.certs, file)) ? file : readdirSync(db.certs).find((f) => /^ca.*\.pem$/.test(f));
        await site.option([name], key, join(db.certs, at));
      }
      await site.restart([name]);
      const node = await site.serves(name, first);
      assert.equal(node.wire, 'this');
      assert.equal(node.wanted_sha256, (await site.local.get(`/api/v1/certificates/${first.id}`)).sha256);
    });

    test('the files are links into generations, the key is the server\'s alone', () => {
      assert.ok(lstatSync(join(db.certs, 'server-cert.pem')).isSymbolicLink());
      assert.equal(readlinkSync(join(db.certs, 'server-cert.pem')), 'live/server-cert.pem');
      assert.match(readlinkSync(join(db.certs, 'live')), /^gen-\d+$/);
      const key = statSync(join(db.certs, 'server-key.pem'));
      assert.equal(key.mode & 0o777, 0o600);
      assert.equal(key.uid, statSync(db.data).uid);
      assert.equal(readFileSync(join(db.certs, 'server-cert.pem'), 'utf8'), first.certPem);
    });

    test('what was found there is the first generation', () => {
      const generations = readdirSync(db.certs).filter((f) => /^gen-\d+$/.test(f));
      assert.ok(generations.some((g) => existsSync(join(db.certs, g, 'server-cert.pem')) && readFileSync(join(db.certs, g, 'server-cert.pem'), 'utf8') === 'old certificate\n'));
    });

    test('node-disk tells what lies there', async () => {
      const disk = await site.local.get(`/api/v1/nodes/${name}/disk`);
      const key = disk.files.find((f) => f.path.endsWith('server-key.pem'));
      assert.equal(key.content, 'key');
      assert.equal(key.mode, '0600');
      const cert = disk.files.find((f) => f.path.endsWith('/server-cert.pem'));
      assert.equal(cert.sha256.replaceAll(':', ''), first.sha256);
      assert.ok(disk.options.some((o) => o.name.replace('-', '_') === 'ssl_cert'));
      assert.ok(!JSON.stringify(disk).includes('PRIVATE KEY'));
    });

    test('a second push is on disk, the first still on the wire, until the restart', async () => {
      const second = await site.pair(db);
      await site.push([name], second, { authority: await site.authority() });
      const before = await site.wire(name);
      assert.equal(before.probe.sha256.replaceAll(':', ''), first.sha256);
      assert.equal(before.wire, 'other');
      await site.restart([name]);
      await site.serves(name, second);
    });

    test('the last three generations are kept, older keys are gone', async () => {
      for (let i = 0; i < 3; i++) await site.push([name], await site.pair(db), { authority: await site.authority() });
      const generations = readdirSync(db.certs).filter((f) => /^gen-\d+$/.test(f));
      const keys = generations.filter((g) => existsSync(join(db.certs, g, 'server-key.pem')));
      assert.equal(keys.length, 3, generations.join());
    });

    test('in use, the certificate cannot be deleted', async () => {
      const node = (await site.local.get(`/api/v1/nodes/${name}`)).node;
      const answer = await site.local.request({ method: 'DELETE', path: `/api/v1/certificates/${node.wanted_cert_id}` });
      assert.equal(answer.status, 409);
      assert.match(answer.json.error.message, new RegExp(name));
    });
  });
}

describe('refused before anything is touched', () => {
  const untouched = async (body, says) => {
    const before = readlinkSync(join(site.nodes.near.certs, 'live'));
    const answer = await site.local.request({ method: 'POST', path: '/api/v1/nodes/push', body });
    assert.ok([404, 409, 422].includes(answer.status), answer.text);
    assert.match(answer.json.error.message, says);
    assert.equal(readlinkSync(join(site.nodes.near.certs, 'live')), before);
  };

  test('a certificate without its key', async () => {
    const { id } = await site.local.post('/api/v1/certificates', { certificate: (await site.maker.certificate({ issuer: site.ca, subject: '/CN=nokey' })).certPem });
    await untouched({ nodes: ['near'], certificate: id }, /key/);
  });
  test('an expired certificate', async () => {
    const pair = await site.pair(site.nodes.near, { from: new Date('2020-01-01'), to: new Date('2021-01-01') });
    await untouched({ nodes: ['near'], certificate: pair.id }, /expired/);
  });
  test('a certificate that the authority named with it did not issue', async () => {
    const other = await site.maker.authority('Other CA');
    const { id } = await site.local.post('/api/v1/certificates', { certificate: other.certPem });
    const pair = await site.pair(site.nodes.near);
    await untouched({ nodes: ['near'], certificate: pair.id, authority: id }, /issue|verify|authority|chain/i);
  });
  test('a client\'s certificate', async () => {
    const pair = await site.pair(site.nodes.near, { eku: ['clientAuth'] });
    await untouched({ nodes: ['near'], certificate: pair.id, authority: await site.authority() }, /purpose|serverAuth|usage/i);
  });
  test('nodes that are not there, none at all, nodes of two clusters, another flavour', async () => {
    const pair = await site.pair(site.nodes.near);
    await untouched({ nodes: ['nobody'], certificate: pair.id }, /nobody/);
    await untouched({ nodes: [], certificate: pair.id }, /node/);
    await untouched({ nodes: ['near', 'far'], certificate: pair.id }, /cluster/);
    await untouched({ all: true, certificate: pair.id }, /cluster/);
    await untouched({ nodes: ['near'], certificate: pair.id, flavour: 'singlestore' }, /singlestore/);
  });
});

describe('SSH', () => {
  test('a host key that is not confirmed yet, or another one, stops everything', async () => {
    const pair = await site.pair(site.nodes.far);
    await site.sshd.cut();
    const before = readlinkSync(join(site.nodes.far.certs, 'live'));
    const known = site.sshd.hostKey;
    await site.sshd.newHostKey();
    await site.sshd.launch();
    const answer = await site.local.request({ method: 'POST', path: '/api/v1/nodes/push', body: { nodes: ['far'], certificate: pair.id } });
    let says = answer.text;
    if (answer.status === 202) {
      const { followRollout } = await import('../api/world.mjs');
      site.opsd.mayLog(/rollout/i);
      const rollout = await followRollout(site.local, answer.json.rollout, 'failed');
      says = `${rollout.error} ${JSON.stringify(rollout.steps)}`;
    }
    assert.match(says, /offers the SSH key .* was confirmed/);
    assert.equal(readlinkSync(join(site.nodes.far.certs, 'live')), before);
    assert.notEqual(site.sshd.hostKey, known);
    await site.opsd.cliMust(['node-trust', 'far', '--host-key', site.sshd.hostKey, '--no-prompt']);
    if (answer.status === 202) {
      const { followRollout } = await import('../api/world.mjs');
      await site.local.post(`/api/v1/rollouts/${answer.json.rollout}/resume`);
      await followRollout(site.local, answer.json.rollout);
    } else {
      await site.push(['far'], pair);
    }
    assert.equal(readFileSync(join(site.nodes.far.certs, 'server-cert.pem'), 'utf8'), pair.certPem);
  });
});

describe('options', () => {
  test('the edit touches that option and not one byte more; my_print_defaults agrees', async () => {
    const db = site.nodes.near;
    const odd = '# kept  \r\n[client]\nuser\t=\tsomebody\n\n[mysqld]\n  # a comment = here\nskip_external_locking\n';
    writeFileSync(db.optionFile, odd + db.options());
    const before = { text: db.options(), defaults: await db.defaults('mysqld') };
    await site.option(['near'], 'max_connections', '77');
    const now = { text: db.options(), defaults: await db.defaults('mysqld') };
    const changed = (a, b) => a.filter((line) => !b.includes(line));
    assert.deepEqual(changed(now.defaults, before.defaults), ['--max_connections=77']);
    const [from, to] = [before.text.split('\n'), now.text.split('\n')];
    const differing = to.filter((line, i) => line !== from[i]);
    assert.equal(from.length, to.length, 'the line that was there was changed in its place');
    assert.deepEqual(differing, ['max_connections = 77']);
    await site.do('config', { nodes: ['near'], key: 'max-connections', remove: true });
    assert.deepEqual(changed(before.defaults, await db.defaults('mysqld')), ['--max_connections=60']);
    assert.ok(db.options().startsWith(odd));
  });

  test('what would break the file, or open a hole, is refused', async () => {
    const before = site.nodes.near.options();
    for (const body of [{ key: 'a b', value: 'x' }, { key: 'x', value: 'one\ntwo' }, { key: 'ssl_cert' }, { key: 'ssl_cert', value: 'x', remove: true }, { key: '!include', value: '/etc/passwd' }, { key: '[x]', value: '1' }]) {
      const answer = await site.local.request({ method: 'POST', path: '/api/v1/nodes/config', body: { nodes: ['near'], ...body } });
      assert.equal(answer.status, 422, `${JSON.stringify(body)}: ${answer.text}`);
    }
    assert.equal(site.nodes.near.options(), before);
  });
});

describe('a restart', () => {
  test('that fails is told with the server\'s own error log', async () => {
    const db = site.nodes.near;
    await site.option(['near'], 'ssl_cert', '/nonexistent/cert.pem');
    site.opsd.mayLog(/rollout/i);
    const rollout = await site.do('restart', { nodes: ['near'] }, 'failed');
    const text = `${rollout.error} ${JSON.stringify(rollout.steps)}`;
    assert.match(text, /SSL|nonexistent|cert\.pem/);
    await site.option(['near'], 'ssl_cert', join(db.certs, 'server-cert.pem'));
    await site.local.post(`/api/v1/rollouts/${rollout.id}/resume`);
    const { followRollout } = await import('../api/world.mjs');
    await followRollout(site.local, rollout.id);
    assert.equal((await site.wire('near')).probe.state, 'tls');
  });

  test('is followed by events and by the command line', async () => {
    const stream = await site.local.events('/api/v1/events');
    const events = stream[Symbol.asyncIterator]();
    const end = await site.opsd.cli(['node-restart', 'near', '--no-prompt'], { timeout_ms: 90_000 });
    assert.equal(end.status, 0, end.stderr);
    let seen = false;
    while (!seen) {
      const { value, done } = await events.next();
      assert.ok(!done);
      seen = value.event === 'rollout';
    }
    stream.close();
  });
});
