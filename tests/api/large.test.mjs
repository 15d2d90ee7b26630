// An inventory of 50,000 certificates stays quick. The rows are put into the database as imports would have left them;
// what is measured is opsd's own answers, against the time that one answer takes in a small inventory.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
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

// Copies the one certificate's rows, each with a name, fingerprint and end of its own (sql/migrations).
async function multiply(db) {
  await mustRun('sqlite3', ['-batch', '-bail', db], { input: `
    PRAGMA synchronous = OFF;
    BEGIN;
    CREATE TEMP TABLE more AS
      WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < ${COUNT - 1})
      SELECT n, (SELECT max(id) FROM certificates) + n AS id, 'node-' || n || '.test' AS name FROM c;
    CREATE TEMP TABLE one AS SELECT * FROM certificates LIMIT 1;
    INSERT INTO certificates (id, name, kind, subject, issuer, common_name, not_before, not_after, key_type, key_bits, curve, sha256, has_key, created)
      SELECT m.id, m.name, kind, 'CN = ' || m.name, issuer, m.name, not_before, not_after + m.n * 60, key_type, key_bits, curve,
        unhex_of.blob, 0, created
      FROM one, more m JOIN (SELECT n, CAST(printf('%032d', n) AS BLOB) AS blob FROM more) unhex_of ON unhex_of.n = m.n;
    INSERT INTO certificate_material (id, pem) SELECT m.id, pem FROM more m, (SELECT pem FROM certificate_material LIMIT 1);
    INSERT INTO certificate_text (id, text) SELECT id, name || char(10) || 'CN = ' || name FROM more;
    INSERT INTO certificate_fts (rowid, text) SELECT id, name || char(10) || 'CN = ' || name FROM more;
    INSERT INTO certificate_hex (hex, id) SELECT lower(hex(sha256)), id FROM certificates WHERE id IN (SELECT id FROM more);
    COMMIT;` });
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
