// Several nodes, several askers: one rollout at a time in a cluster, nodes that cannot be reached, an account with sudo.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { existsSync, readFileSync, readlinkSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { followRollout } from '../api/world.mjs';
import { run } from '../lab/lifetime.mjs';
import { Site } from './site.mjs';

let site;
const cleaners = [];
before(async () => {
  site = await Site.create({ after: (clean) => cleaners.push(clean) });
  await site.cluster('pair', 'mariadb');
  await site.node('one', { cluster: 'pair', roles: 'member' });
  await site.node('two', { cluster: 'pair', roles: 'member', reach: 'ssh' });
});
after(async () => { for (const clean of cleaners.reverse()) await clean(); });

const ask = (what, body) => site.local.request({ method: 'POST', path: `/api/v1/nodes/${what}`, body });

test('while one rollout is under way the cluster takes no other; it is named', async () => {
  const slow = site.nodes.one;
  const script = readFileSync(slow.service, 'utf8');
  writeFileSync(slow.service, script.replace('case $1 in', `[ "$1" != restart ] || while [ ! -e '${slow.folder}/go' ]; do sleep 0.1; done\ncase $1 in`));
  const first = await ask('restart', { nodes: ['one'] });
  assert.equal(first.status, 202, first.text);
  const second = await ask('restart', { nodes: ['two'] });
  assert.equal(second.status, 409, second.text);
  assert.match(second.json.error.message, new RegExp(`\\b${first.json.rollout}\\b`));
  const shown = await site.local.get('/api/v1/clusters/pair');
  assert.equal(shown.cluster.rollout_id, first.json.rollout);
  const deleted = await site.local.request({ method: 'DELETE', path: '/api/v1/nodes/one' });
  assert.equal(deleted.status, 409, 'a node that is worked on stays');
  writeFileSync(join(slow.folder, 'go'), '');
  await followRollout(site.local, first.json.rollout);
  writeFileSync(slow.service, script);
});

test('a whole cluster at once: a pair for all, on this machine and over SSH', async () => {
  const pair = await site.pair(site.nodes.one, { san: Object.values(site.nodes).map((db) => `IP:${db.address}`), subject: '/CN=shared' });
  await site.do('push', { all: true, cluster: 'pair', certificate: pair.id, authority: await site.authority() });
  for (const db of Object.values(site.nodes)) assert.equal(readFileSync(join(db.certs, 'server-cert.pem'), 'utf8'), pair.certPem);
});

test('a node that cannot be reached fails the rollout by its name; the others are told as they are', async () => {
  const pair = await site.pair(site.nodes.one, { san: Object.values(site.nodes).map((db) => `IP:${db.address}`), subject: '/CN=next' });
  await site.sshd.cut();
  site.opsd.mayLog(/nodePush answered 502/);
  const answer = await ask('push', { all: true, cluster: 'pair', certificate: pair.id, authority: await site.authority() });
  if (answer.status === 202) {
    site.opsd.mayLog(/rollout/i);
    const rollout = await followRollout(site.local, answer.json.rollout, 'failed');
    assert.match(rollout.error, /two/);
    for (const step of rollout.steps) assert.ok(['done', 'failed', 'waiting', 'skipped'].includes(step.state), step.state);
    await site.sshd.launch();
    await site.local.post(`/api/v1/rollouts/${rollout.id}/resume`);
    await followRollout(site.local, rollout.id);
    for (const db of Object.values(site.nodes)) assert.equal(readFileSync(join(db.certs, 'server-cert.pem'), 'utf8'), pair.certPem);
  } else {
    assert.match(answer.json.error.message, /two/);
    await site.sshd.launch();
  }
});

test('probing sees what is there: plaintext, and a server that is down', async () => {
  await site.nodes.two.stopCleanly();
  const { items, differing } = await site.local.post('/api/v1/nodes/probe', { all: true, cluster: 'pair' });
  const state = Object.fromEntries(items.map((node) => [node.name, node.probe.state]));
  assert.deepEqual(state, { one: 'plaintext', two: 'unreachable' });
  assert.equal(differing, 2);
  const end = await site.opsd.cli(['node-probe', '--all', '--cluster', 'pair']);
  assert.equal(end.status, 4, 'a check that found something');
  await site.nodes.two.start();
});

test('the folder of the certificates: full of something else, not there, not a folder', async () => {
  const pair = await site.pair(site.nodes.one);
  const push = { nodes: ['one'], certificate: pair.id, authority: await site.authority() };
  const live = readlinkSync(join(site.nodes.one.certs, 'live'));
  const node = site.nodes.one;
  const settings = { cluster: 'pair', roles: ['member'], reach: 'local', address: `${node.address}:3306`, option_file: node.optionFile, owner: node.user, service: node.service, name: 'one' };
  await site.local.put('/api/v1/nodes/one', { ...settings, cert_dir: join(node.optionFile, 'certs') });
  const answer = await ask('push', push);
  if (answer.status === 202) {
    site.opsd.mayLog(/rollout/i);
    const rollout = await followRollout(site.local, answer.json.rollout, 'failed');
    assert.match(rollout.error, /one: /);
  } else assert.ok([409, 422, 502].includes(answer.status), answer.text);
  await site.local.put('/api/v1/nodes/one', { ...settings, cert_dir: node.certs });
  assert.equal(readlinkSync(join(node.certs, 'live')), live);
  await site.do('push', push);
});

test('an account that needs sudo: files are the server\'s, the option is set', async () => {
  const can = await run('sudo', ['-n', 'true']);
  assert.equal(can.status, 0, 'these tests run as root or as a user with sudo');
  const db = await site.node('careful', { cluster: 'pair', roles: 'member', reach: 'ssh' });
  const { node } = await site.local.get('/api/v1/nodes/careful');
  await site.local.put('/api/v1/nodes/careful', {
    name: 'careful', cluster: 'pair', roles: ['member'], reach: 'ssh', ssh: site.sshd.target, sudo: true, address: `${db.address}:3306`,
    option_file: db.optionFile, cert_dir: db.certs, owner: db.user, service: db.service, host_key: node.host_key,
  });
  const pair = await site.pair(db);
  await site.push(['careful'], pair, { authority: await site.authority() });
  const key = statSync(join(db.certs, 'server-key.pem'));
  assert.equal(key.mode & 0o777, 0o600);
  assert.equal(key.uid, statSync(db.data).uid);
  await site.option(['careful'], 'ssl_cert', join(db.certs, 'server-cert.pem'));
  await site.option(['careful'], 'ssl_key', join(db.certs, 'server-key.pem'));
  await site.restart(['careful']);
  await site.serves('careful', pair);
  assert.ok(existsSync(db.optionFile));
});
