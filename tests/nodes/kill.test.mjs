// opsd is killed in the middle of a push, at several moments, on this machine and over SSH. Whenever it happens the node
// has one whole pair, old or new; started again, opsd says that the rollout was interrupted, and resuming it ends right.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { mustRun } from '../lab/lifetime.mjs';
import { until } from '../lab/wait.mjs';
import { followRollout } from '../api/world.mjs';
import { Site } from './site.mjs';

let site;
const cleaners = [];
before(async () => {
  site = await Site.create({ after: (clean) => cleaners.push(clean) });
  for (const [name, reach] of [['near', 'local'], ['far', 'ssh']]) {
    await site.cluster(`of-${name}`, 'mariadb');
    await site.node(name, { cluster: `of-${name}`, roles: 'member', reach });
    const pair = await site.pair(site.nodes[name]);
    await site.push([name], pair, { authority: await site.authority() });
    await site.option([name], 'ssl_cert', join(site.nodes[name].certs, 'server-cert.pem'));
    await site.option([name], 'ssl_key', join(site.nodes[name].certs, 'server-key.pem'));
  }
});
after(async () => { for (const clean of cleaners.reverse()) await clean(); });

const publicKey = (args) => mustRun('openssl', [...args]);

// The pair that the server would read now belongs together.
async function whole(db) {
  const [cert, key] = [join(db.certs, 'server-cert.pem'), join(db.certs, 'server-key.pem')];
  assert.equal(await publicKey(['x509', '-in', cert, '-noout', '-pubkey']), await publicKey(['pkey', '-in', key, '-pubout']));
  return readFileSync(cert, 'utf8');
}

// Moments: as soon as the API has answered; when the n-th step has begun.
const moments = Number(process.env.OPSD_TORTURE ?? 0) || 4;
for (const name of ['near', 'far']) {
  for (let moment = 0; moment < moments; moment++) {
    test(`${name}: killed at moment ${moment}`, async () => {
      const db = site.nodes[name];
      const before = await whole(db);
      const pair = await site.pair(db);
      const { rollout } = await site.local.post('/api/v1/nodes/push', { nodes: [name], certificate: pair.id, authority: await site.authority() });
      let steps = 0;
      await until('the moment', async () => {
        const now = await site.local.get(`/api/v1/rollouts/${rollout}`);
        steps = now.steps.filter((step) => step.state !== 'waiting').length;
        return steps >= (moment % 5) || now.state === 'done';
      }, { every_ms: 1 });
      await site.opsd.kill();
      assert.ok([before, pair.certPem].includes(await whole(db)), 'old or new, never a mixture');
      await site.opsd.again();
      site.local = site.opsd.local();
      let now = await site.local.get(`/api/v1/rollouts/${rollout}`);
      assert.ok(['interrupted', 'done'].includes(now.state), now.state);
      if (now.state === 'interrupted') {
        await site.local.post(`/api/v1/rollouts/${rollout}/resume`);
        now = await followRollout(site.local, rollout);
      }
      assert.equal(await whole(db), pair.certPem);
      const { node } = await site.local.get(`/api/v1/nodes/${name}`);
      assert.equal(node.wanted_cert_id, pair.id);
      const left = readdirSync(db.certs).filter((f) => !/^(gen-\d+|live|[\w-]+\.pem|\.?lock|\.opsd.*)$/.test(f));
      assert.deepEqual(left, [], 'nothing half is left behind');
      assert.ok(existsSync(join(db.certs, 'live')));
    });
  }
}

test('killed during a restart: the server comes up all the same, and resuming ends right', async () => {
  for (const name of ['near', 'far']) {
    const { rollout } = await site.local.post('/api/v1/nodes/restart', { nodes: [name] });
    await until('the restart to run', async () => {
      const now = await site.local.get(`/api/v1/rollouts/${rollout}`);
      return now.steps.some((step) => step.action === 'restart' && step.state === 'running') || now.state === 'done';
    }, { every_ms: 1 });
    await site.opsd.kill();
    await site.opsd.again();
    site.local = site.opsd.local();
    const now = await site.local.get(`/api/v1/rollouts/${rollout}`);
    if (now.state === 'interrupted') {
      await site.local.post(`/api/v1/rollouts/${rollout}/resume`);
      await followRollout(site.local, rollout);
    }
    assert.equal((await site.wire(name)).probe.state, 'tls');
  }
});

test('the connection cut during a push fails it with the reason; resuming ends right', async () => {
  const db = site.nodes.far;
  const pair = await site.pair(db);
  const before = await whole(db);
  site.opsd.mayLog(/rollout/i);
  const { rollout } = await site.local.post('/api/v1/nodes/push', { nodes: ['far'], certificate: pair.id, authority: await site.authority() });
  await until('a step', async () => (await site.local.get(`/api/v1/rollouts/${rollout}`)).steps.some((s) => s.state === 'running' || s.state === 'done'), { every_ms: 1 });
  await site.sshd.cut();
  const ended = await until('the end', async () => {
    const now = await site.local.get(`/api/v1/rollouts/${rollout}`);
    return ['failed', 'done'].includes(now.state) && now;
  });
  assert.ok([before, pair.certPem].includes(await whole(db)));
  await site.sshd.launch();
  if (ended.state === 'failed') {
    assert.ok(ended.error);
    await site.local.post(`/api/v1/rollouts/${rollout}/resume`);
    await followRollout(site.local, rollout);
  }
  assert.equal(await whole(db), pair.certPem);
});
