// The lines of the MemSQL document as they stand there, with opsd in the place of memsql-ops, on real servers: an
// aggregator and a master aggregator, one on this machine and one behind a real sshd, and a leaf.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { readFileSync } from 'node:fs';
import { mustRun, temporaryFolder } from '../lab/lifetime.mjs';
import { Site } from './site.mjs';

let site;
const cleaners = [];
const document = temporaryFolder('document');
before(async () => {
  site = await Site.create({ after: (clean) => cleaners.push(clean) });
  await site.cluster('memsql', 'singlestore');
  const style = 'singlestore';
  await site.node('agg-1', { cluster: 'memsql', roles: 'aggregator', reach: 'ssh', style });
  await site.node('master', { cluster: 'memsql', roles: 'master', style });
  await site.node('leaf-1', { cluster: 'memsql', roles: 'leaf', style });
});
after(async () => { for (const clean of cleaners.reverse()) await clean(); });

const GENERATE = String.raw`
mkdir certs
cd certs
SUBJ="/C=US/ST=CA/L=San Francisco/O=MemSQL/CN="
CA_SUBJ="${'$'}{SUBJ}memsql.ssl.test.ca"
SERV_SUBJ="${'$'}{SUBJ}memsql.ssl.test.server"
openssl genrsa 2048 > ca-key.pem
openssl req -new -x509 -nodes -days 3600 -key ca-key.pem -out ca-cert.pem -subj "$CA_SUBJ"
openssl req -newkey rsa:2048 -days 3600 -nodes -keyout server-key.pem -out server-req.pem -subj "$SERV_SUBJ"
openssl rsa -in server-key.pem -out server-key.pem
openssl x509 -req -in server-req.pem -days 3600 -CA ca-cert.pem -CAkey ca-key.pem -set_serial 01 -out server-cert.pem
`;

const type = async (line) => {
  const end = await site.opsd.shell(line, { cwd: document, timeout_ms: 120_000 });
  assert.equal(end.status, 0, `${line}\n${end.stderr}${end.stdout}`);
  return end.stdout;
};
const at = (file) => `${document}/certs/${file}`;
const lines = (text) => text.split('\n').filter(Boolean);

test('the certificates are made as the document makes them, and verified', async () => {
  await mustRun('bash', ['-e', '-c', GENERATE], { cwd: document });
  assert.equal(await type('opsd cert-verify --ca certs/ca-cert.pem certs/server-cert.pem'), 'certs/server-cert.pem: OK\n');
});

test('they come into the inventory and onto the nodes', async () => {
  const ca = (await type('opsd cert-import -q -c certs/ca-cert.pem --name memsql-ca --no-prompt')).trim();
  const pair = (await type('opsd cert-import -q -k certs/server-key.pem -c certs/server-cert.pem --no-prompt')).trim();
  assert.match(pair, /^\d+$/);
  const shown = await type(`opsd cert-show ${pair}`);
  assert.ok(shown.startsWith(await site.maker.names(at('server-cert.pem'))), shown);
  await type(`opsd node-push --all --cluster memsql --cert ${pair} --ca ${ca} --no-prompt`);
  for (const db of Object.values(site.nodes)) {
    assert.equal(readFileSync(`${db.certs}/server-cert.pem`, 'utf8').trim(), readFileSync(at('server-cert.pem'), 'utf8').trim());
    assert.equal(readFileSync(`${db.certs}/ca-cert.pem`, 'utf8').trim(), readFileSync(at('ca-cert.pem'), 'utf8').trim());
    assert.equal(db.mode(`${db.certs}/server-key.pem`), '600');
  }
});

test('memsql-list -q -r takes several roles and prints ids alone', async () => {
  assert.equal(lines(await type('opsd memsql-list -q -r aggregator master')).length, 2);
  assert.equal(lines(await type('opsd memsql-list -q')).length, 3);
  assert.equal(lines(await type('opsd memsql-list -q -r leaf')).length, 1);
});

test('the lines of "Server Configuration for Secure Client Connections"', async () => {
  const before = await defaults();
  await type('opsd memsql-list -q -r aggregator master | xargs opsd memsql-update-config --key ssl_cert --value ./certs/server-cert.pem');
  await type('opsd memsql-list -q -r aggregator master | xargs opsd memsql-update-config --key ssl_key --value ./certs/server-key.pem');
  const now = await defaults();
  const added = ['--ssl_cert=./certs/server-cert.pem', '--ssl_key=./certs/server-key.pem'];
  for (const name of ['agg-1', 'master']) assert.deepEqual(now[name].filter((line) => !before[name].includes(line)), added, name);
  for (const name of ['agg-1', 'master']) assert.deepEqual(now[name].filter((line) => !added.includes(line)), before[name], name);
  assert.deepEqual(now['leaf-1'], before['leaf-1']);
});

test('the lines of "Secure Client and Intra-Cluster Connections", and the restart', async () => {
  await type('opsd memsql-update-config --all --key ssl_cert --value ./certs/server-cert.pem');
  await type('opsd memsql-update-config --all --key ssl_key --value ./certs/server-key.pem');
  await type('opsd memsql-update-config --all --key ssl_ca --value ./certs/ca-cert.pem');
  for (const name of Object.keys(site.nodes)) assert.equal(await site.nodes[name].served(), null, 'nothing is served before the restart');
  await type('opsd memsql-restart --all');
  const sha256 = await site.maker.fingerprint(at('server-cert.pem'));
  for (const name of Object.keys(site.nodes)) {
    assert.equal((await site.nodes[name].served()).sha256, sha256, name);
    assert.equal(await site.nodes[name].variable('ssl_ca'), './certs/ca-cert.pem');
  }
});

test('node-probe sees on every node what the inventory says', async () => {
  const end = await site.opsd.cli(['node-probe', '--all', '--cluster', 'memsql', '-j']);
  assert.equal(end.status, 0, end.stderr);
  const sha256 = await site.maker.fingerprint(at('server-cert.pem'));
  for (const node of JSON.parse(end.stdout).items) {
    assert.equal(node.wire, 'this');
    assert.equal(node.probe.sha256.replaceAll(':', ''), sha256);
  }
});

test('the client\'s line of the document verifies the server by the CA file', async () => {
  const { master } = site.nodes;
  await master.sql("CREATE USER 'app'@'%' IDENTIFIED BY 'app' REQUIRE SSL");
  const ask = (ca) => mustRun('mariadb', ['--no-defaults', '-uapp', '-papp', `-h${master.address}`, '-P3306', ...ca, '-e', "show status like 'Ssl_cipher'"]);
  assert.match(await ask([`--ssl-ca=${at('ca-cert.pem')}`]), /Ssl_cipher\t\S+/);
  await assert.rejects(ask(['--skip-ssl']), /Access denied/);
});

async function defaults() {
  const all = {};
  for (const [name, db] of Object.entries(site.nodes)) all[name] = await db.defaults('server');
  return all;
}
