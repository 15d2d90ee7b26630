// One request for each endpoint that goes well: the happy paths, and what the matrix spoils one piece at a time. Kept in an
// order in which they can be sent one after the other. A row without an entry fails the matrix.
//
// An entry gets the world (see world.mjs) and answers the fields of its row; `check` looks at the reply.
import assert from 'node:assert/strict';
import { password } from '../lab/opsd.mjs';

const named = (name) => ({ check: (reply) => assert.equal(reply.name, name) });

export const valid = {
  healthz: () => ({ check: (reply) => assert.ok(reply.message) }),
  setup: (w) => ({ input: { token: w.setupToken, name: 'ada', password }, check: (reply) => assert.equal(reply.role, 'admin') }),
  sessionCreate: () => ({ input: { name: 'ada', password }, ...named('ada') }),
  sessionShow: () => ({ check: (reply) => assert.equal(reply.setup_needed, false) }),
  openapi: () => ({ check: (reply) => assert.match(reply.openapi, /^3\.1\./) }),
  status: (w) => ({ check: (reply) => assert.equal(reply.pid, w.opsd.pid) }),
  overview: () => ({ check: (reply) => assert.ok(Array.isArray(reply.attention)) }),
  events: () => ({}),
  consoleShow: () => ({ check: (reply) => assert.equal(reply.tls, true) }),

  certImport: (w) => ({
    input: { certificate: w.leaf.chain, key: w.leaf.keyPem, name: 'db' },
    check: (reply) => { w.certificate = reply.id; assert.equal(reply.name, 'db'); },
  }),
  certInspect: (w) => ({ input: { certificate: w.leaf.certPem }, check: (reply) => assert.equal(reply.certificate.common_name, 'node.test') }),
  certList: () => ({ input: { limit: 10 }, check: (reply) => assert.equal(reply.items.length, 1) }),
  certShow: (w) => ({ input: { id: w.certificate }, ...named('db') }),
  certExport: (w) => ({ input: { id: w.certificate, with_key: true }, check: (reply) => assert.match(reply.key, /BEGIN PRIVATE KEY/) }),

  clusterAdd: () => ({ input: { name: 'orders', flavour: 'mariadb' }, ...named('orders') }),
  clusterList: () => ({ check: (reply) => assert.equal(reply.items[0].name, 'orders') }),
  clusterShow: () => ({ input: { ref: 'orders' }, check: (reply) => assert.equal(reply.cluster.flavour, 'mariadb') }),
  nodeAdd: (w) => ({ input: w.node('db-1'), check: (reply) => assert.equal(reply.node.name, 'db-1') }),
  nodeList: () => ({ check: (reply) => assert.equal(reply.items[0].name, 'db-1') }),
  nodeShow: () => ({ input: { ref: 'db-1' }, check: (reply) => assert.equal(reply.node.reach, 'local') }),
  nodeChange: (w) => ({
    input: { ref: 'db-1', ...w.node('db-1'), dns_names: ['db-1.test'] },
    check: (reply) => assert.deepEqual(reply.node.dns_names, ['db-1.test']),
  }),
  nodeDisk: () => ({ input: { ref: 'db-1' }, check: (reply) => assert.ok(Array.isArray(reply.files)) }),
  nodeProbe: () => ({ input: { nodes: ['db-1'] }, check: (reply) => assert.equal(reply.items[0].probe.state, 'plaintext') }),
  nodePush: (w) => ({
    before: () => w.importAuthority(),
    input: () => ({ nodes: ['db-1'], certificate: w.certificate, authority: w.authority }),
    check: (reply) => w.follow(reply.rollout),
  }),
  nodeUpdateConfig: (w) => ({
    input: { nodes: ['db-1'], key: 'max_connections', value: '61' },
    check: (reply) => w.follow(reply.rollout),
  }),
  nodeRestart: (w) => ({ input: { nodes: ['db-1'] }, check: (reply) => w.follow(reply.rollout) }),
  sshKey: () => ({ check: (reply) => assert.match(reply.public_key, /^ssh-ed25519 /) }),
  nodeHostKey: (w) => ({ before: () => w.addSshNode(), input: { ref: 'far' }, check: (reply) => assert.equal(reply.host_key, w.sshd.hostKey) }),
  nodeTrust: (w) => ({ input: { ref: 'far', host_key: w.sshd.hostKey }, check: (reply) => assert.equal(reply.node.host_key, w.sshd.hostKey) }),
  rolloutList: () => ({ check: (reply) => assert.equal(reply.items.length, 3) }),
  rolloutShow: (w) => ({ input: { id: w.lastRollout }, check: (reply) => assert.equal(reply.state, 'done') }),
  rolloutFollow: (w) => ({ input: { id: w.lastRollout } }),
  rolloutResume: (w) => ({ before: () => w.failedRollout(), input: () => ({ id: w.lastRollout }), check: (reply) => w.follow(reply.rollout) }),
  nodeDelete: () => ({ input: { ref: 'far' } }),
  clusterDelete: (w) => ({ before: () => w.addCluster('empty'), input: { ref: 'empty' } }),
  certDelete: (w) => ({ before: () => w.importAnother(), input: () => ({ id: w.other }) }),

  userAdd: () => ({ input: { name: 'grace', role: 'viewer', password: 'another long pass' }, ...named('grace') }),
  userList: () => ({ check: (reply) => assert.deepEqual(reply.items.map((u) => u.name).sort(), ['ada', 'grace']) }),
  userChange: () => ({ input: { name: 'grace', role: 'operator' }, check: (reply) => assert.equal(reply.role, 'operator') }),
  userPassword: () => ({ input: { name: 'grace', password: 'yet another long pass' } }),
  userDelete: () => ({ input: { name: 'grace' } }),
  tokenAdd: (w) => ({
    input: { name: 'ci', role: 'viewer', days: 1 },
    check: (reply) => { w.token = reply.token.id; assert.match(reply.value, /^opsd_/); },
  }),
  tokenList: () => ({ check: (reply) => assert.ok(reply.items.some((t) => t.name === 'ci')) }),
  tokenDelete: (w) => ({ input: () => ({ id: w.token }) }),
  auditList: () => ({ input: { operation: 'tokenDelete' }, check: (reply) => assert.equal(reply.items.length, 1) }),

  sslSetCert: (w) => ({ input: { key: w.leaf.keyPem, certificate: w.leaf.chain }, check: (reply) => assert.equal(reply.self_signed, false) }),
  sslDisable: () => ({ input: {} }),
  restart: () => ({ input: {}, check: (reply) => assert.ok(reply.message) }),
  sessionDelete: () => ({}),
  stop: () => ({ check: (reply) => assert.ok(reply.message) }),
};
