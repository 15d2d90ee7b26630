// An inventory of 50,000 certificates stays quick. The rows are put into the database as imports would have left them;
// what is measured is opsd's own answers, against the time that one answer takes in a small inventory.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Maker } from '../lab/certs.mjs';
import { mustRun } from '../lab/lifetime.mjs';
import { Opsd } from '../lab/opsd.mjs';

const COUNT = 50_000;
let opsd;
let local;
before(async () => {
  opsd = await Opsd.start(null);
  await opsd.setUp();
  const maker = new Maker();
  const ca = await maker.authority();
  const leaf = await maker.certificate({ issuer: ca, subject: '/CN=template.test', san: ['DNS:template.test'] });
  await opsd.local().post('/api/v1/certificates', { certificate: leaf.certPem });
  await opsd.stop();
  await multiply(join(opsd.state, 'opsd.db'));
  await opsd.again();
  local = opsd.local();
});
after(() => opsd.stop());

// Copies the one certificate's rows, each with a name, fingerprint, serial and end of its own.
async function multiply(db) {
  const sql = async (text) => mustRun('sqlite3', ['-batch', db], { input: text });
  const columns = async (table) => (await sql(`SELECT name FROM pragma_table_info('${table}');`)).trim().split('\n');
  const tables = (await sql("SELECT m.name FROM sqlite_master m WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%';")).trim().split('\n');
  const owned = [];
  for (const table of tables) {
    const references = await sql(`SELECT "from" FROM pragma_foreign_key_list('${table}') WHERE "table" = 'certificate';`);
    if (references.trim() && table.startsWith('cert')) owned.push([table, references.trim().split('\n')[0]]);
  }
  const different = {
    id: '(SELECT max(id) FROM certificate) + n', name: "'node-' || n || '.test'", sha256: "printf('%064x', n)",
    common_name: "'node-' || n || '.test'", subject: "'CN = node-' || n || '.test'", not_after: 'not_after + n * 60', not_after_s: 'not_after_s + n * 60',
  };
  const copy = async (table, key) => {
    const names = await columns(table);
    const values = names.map((name) => (name === key && key !== 'id' ? '(SELECT min(id) FROM certificate) + n' : different[name] && table === 'certificate' ? different[name] : name));
    const from = table === 'certificate' ? '(SELECT * FROM certificate LIMIT 1)' : `(SELECT * FROM "${table}" LIMIT 1)`;
    return `INSERT INTO "${table}" (${names.join(', ')}) SELECT ${values.join(', ')} FROM ${from}, numbers;`;
  };
  const statements = [
    'PRAGMA synchronous = OFF; BEGIN;',
    `CREATE TEMP TABLE numbers AS WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < ${COUNT - 1}) SELECT n FROM c;`,
    await copy('certificate', 'id'),
  ];
  for (const [table, key] of owned) statements.push(await copy(table, key));
  statements.push('COMMIT;');
  writeFileSync(`${db}.sql`, statements.join('\n'));
  await sql(statements.join('\n'));
}

// The median of some answers to the same question.
async function median_ms(path) {
  const times = [];
  for (let i = 0; i < 9; i++) {
    const began = process.hrtime.bigint();
    const answer = await local.request({ path });
    times.push(Number(process.hrtime.bigint() - began) / 1e6);
    assert.equal(answer.status, 200, answer.text);
  }
  return times.sort((a, b) => a - b)[4];
}

test('all are there', async () => {
  const page = await local.get('/api/v1/certificates?limit=1');
  assert.equal(page.total, COUNT);
});

test('any page, order and search costs what a tiny answer costs, give or take', async () => {
  const tiny = await median_ms('/healthz');
  const first = await local.get('/api/v1/certificates?limit=100');
  let after = first.next;
  for (let i = 0; i < 50; i++) after = (await local.get(`/api/v1/certificates?limit=1000&after=${encodeURIComponent(after)}`)).next ?? after;
  const questions = {
    'the first page': '/api/v1/certificates?limit=100',
    'a page far behind': `/api/v1/certificates?limit=100&after=${encodeURIComponent(after)}`,
    'by name': '/api/v1/certificates?limit=100&sort=name',
    'newest first': '/api/v1/certificates?limit=100&sort=newest',
    'a search': '/api/v1/certificates?limit=100&q=node-4321',
    'a search for nothing': '/api/v1/certificates?limit=100&q=zzzzzz',
    'what expires soon': '/api/v1/certificates?limit=100&expires_within_days=30',
    'of a kind': '/api/v1/certificates?limit=100&kind=intermediate',
    'the status': '/api/v1/status',
    'the overview': '/api/v1/overview',
  };
  for (const [what, path] of Object.entries(questions)) {
    const took = await median_ms(path);
    assert.ok(took < tiny + 150, `${what}: ${took.toFixed(1)} ms, where a tiny answer takes ${tiny.toFixed(1)}`);
  }
});

test('walking all pages sees each certificate once', async () => {
  const seen = new Set();
  let count = 0;
  for (let after = ''; after !== null;) {
    const page = await local.get(`/api/v1/certificates?limit=1000${after && `&after=${encodeURIComponent(after)}`}`);
    for (const item of page.items) seen.add(item.id);
    count += page.items.length;
    after = page.next;
  }
  assert.equal(count, COUNT);
  assert.equal(seen.size, COUNT);
});
