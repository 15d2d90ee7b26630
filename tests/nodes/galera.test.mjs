// A real Galera cluster of three: members restart one after the other, each Synced before the next, and what would leave
// members unable to verify each other is refused with that reason.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { chownSync, copyFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Galera } from '../lab/galera.mjs';
import { Site } from './site.mjs';

let site;
let galera;
const cleaners = [];
before(async () => {
  site = await Site.create({ after: (clean) => cleaners.push(clean) });
  galera = await Galera.start({ after: (clean) => cleaners.push(clean) }, {
    tlsFor: async (member) => {
      const pair = await site.maker.certificate({ issuer: site.ca, san: [`IP:${member.address}`], subject: `/CN=${member.name}` });
      const tls = { ca: join(member.folder, 'group-ca.pem'), cert: join(member.folder, 'group-cert.pem'), key: join(member.folder, 'group-key.pem') };
      for (const [from, to] of [[site.ca.cert, tls.ca], [pair.cert, tls.cert], [pair.key, tls.key]]) {
        copyFileSync(from, to);
        const { uid, gid } = statSync(join(member.folder, 'run'));
        if (process.getuid() === 0) chownSync(to, uid, gid);
      }
      return tls;
    },
  });
  await site.cluster('galera', 'mariadb');
  for (const [i, member] of galera.members.entries()) await site.add(`g${i + 1}`, member, { cluster: 'galera', roles: 'member', reach: i === 1 ? 'ssh' : 'local' });
});
after(async () => { for (const clean of cleaners.reverse()) await clean(); });

test('members restart one after the other, each Synced before the next', async () => {
  const rollout = await site.do('restart', { all: true, cluster: 'galera' });
  const restarts = rollout.steps.filter((s) => s.action === 'restart').sort((a, b) => a.started_ms - b.started_ms);
  const follows = rollout.steps.filter((s) => s.action === 'follow');
  assert.equal(restarts.length, 3);
  for (let i = 1; i < 3; i++) {
    const previous = follows.find((s) => s.node === restarts[i - 1].node);
    assert.ok(previous.ended_ms <= restarts[i].started_ms, 'the one before was Synced first');
  }
  await galera.synced();
});

test('a certificate for the client port that the next state transfer could not use is refused', async () => {
  await site.option(['g1'], 'ssl_cert', join(galera.members[0].certs, 'server-cert.pem'));
  const body = { nodes: ['g1'], key: 'ssl_key', value: join(galera.members[0].certs, 'server-key.pem') };
  const answer = await site.local.request({ method: 'POST', path: '/api/v1/nodes/config', body });
  assert.equal(answer.status, 409, answer.text);
  assert.match(answer.json.error.message, /stunnel/);
});

test('the client port of one member gets a pair of the same authority', async () => {
  // what the refusal says to do
  for (const member of galera.members) writeFileSync(member.optionFile, `${member.options()}[sst]\nssl-mode = DISABLED\n`);
  const pair = await site.pair(galera.members[0]);
  await site.push(['g1'], pair, { authority: await site.authority() });
  await site.option(['g1'], 'ssl_key', join(galera.members[0].certs, 'server-key.pem'));
  await site.restart(['g1']);
  await site.serves('g1', pair);
  await galera.synced();
});

test('an option that would leave members unable to verify each other is refused with that reason', async () => {
  for (const body of [
    { nodes: ['g2'], key: 'wsrep_provider_options', value: 'socket.ssl=no' },
    { nodes: ['g2'], key: 'wsrep_provider_options', value: 'socket.ssl_ca=/elsewhere/ca.pem' },
  ]) {
    const before = galera.members[1].options();
    const answer = await site.local.request({ method: 'POST', path: '/api/v1/nodes/config', body });
    assert.ok([409, 422].includes(answer.status), answer.text);
    assert.match(answer.json.error.message, /member|each other|group|Galera/i);
    assert.equal(galera.members[1].options(), before);
  }
  await galera.synced();
});

test('a pair of another authority in the files that the group uses is refused', async () => {
  const member = galera.members[2];
  // the group's files lie in the folder that opsd manages, as the PXC document has it
  const stranger = await site.maker.authority('Stranger CA');
  const pair = await site.maker.certificate({ issuer: stranger, san: [`IP:${member.address}`], subject: '/CN=stranger' });
  const { id } = await site.local.post('/api/v1/certificates', { certificate: pair.certPem, key: pair.keyPem });
  const ca = await site.local.post('/api/v1/certificates', { certificate: stranger.certPem });
  const edited = member.options().replaceAll(join(member.folder, 'group-cert.pem'), join(member.certs, 'server-cert.pem'))
    .replaceAll(join(member.folder, 'group-key.pem'), join(member.certs, 'server-key.pem'));
  writeFileSync(member.optionFile, edited);
  const answer = await site.local.request({ method: 'POST', path: '/api/v1/nodes/push', body: { nodes: ['g3'], certificate: id, authority: ca.id } });
  assert.ok([409, 422].includes(answer.status), answer.text);
  assert.match(answer.json.error.message, /verify each other|members|Galera/i);
});
