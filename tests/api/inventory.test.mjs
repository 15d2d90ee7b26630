// The inventory: what comes in, how it is shown, found, exported, deleted; odd certificates rightly or refused with a reason.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { readFileSync, writeFileSync } from 'node:fs';
import { Maker } from '../lab/certs.mjs';
import { mustRun } from '../lab/lifetime.mjs';
import { Opsd } from '../lab/opsd.mjs';

const read = (path) => readFileSync(path, 'utf8');
const maker = new Maker();
let opsd;
let local;
let ca;
before(async () => {
  opsd = await Opsd.start(null);
  await opsd.setUp();
  local = opsd.local();
  ca = await maker.authority('Inventory CA');
});
after(() => opsd.stop());

const post = (body) => local.request({ method: 'POST', path: '/api/v1/certificates', body });
async function taken(body) {
  const answer = await post(body);
  assert.equal(answer.status, 201, answer.text);
  return answer.json;
}
async function refused(body, field, says) {
  const answer = await post(body);
  assert.ok([409, 422].includes(answer.status), answer.text);
  if (field) assert.equal(answer.json.error.field, field, answer.json.error.message);
  assert.match(answer.json.error.message, says);
  if (body.key) assert.ok(!answer.text.includes(body.key.split('\n')[1]));
}

describe('import', () => {
  test('a pair, shown as openssl shows it', async () => {
    const leaf = await maker.certificate({ issuer: ca, subject: '/C=US/ST=CA/L=San Francisco/O=MemSQL/CN=memsql.ssl.test.server', san: ['DNS:db.test', 'IP:10.0.0.1', 'IP:2001:db8::1'] });
    const shown = await taken({ certificate: leaf.certPem, key: leaf.keyPem });
    const names = await maker.names(leaf.cert);
    assert.equal(`subject=${shown.subject}\nissuer=${shown.issuer}\n`, names);
    assert.equal(shown.name, 'memsql.ssl.test.server');
    assert.equal(shown.has_key, true);
    assert.equal(shown.key_fits, true);
    assert.deepEqual(shown.san, ['DNS:db.test', 'IP:10.0.0.1', 'IP:2001:db8::1']);
    assert.equal(shown.sha256.replaceAll(':', ''), await maker.fingerprint(leaf.cert));
    const serial = (await maker.openssl(['x509', '-noout', '-serial', '-in', leaf.cert])).trim().split('=')[1].toLowerCase();
    assert.equal(shown.serial.replaceAll(':', '').replace(/^0+/, ''), serial.replace(/^0+/, ''));
    assert.equal(shown.key_type, 'EC');
    assert.equal(shown.curve, 'P-256');
    assert.ok(shown.days_left === 89 || shown.days_left === 90);
    assert.deepEqual(shown.ext_usage, ['serverAuth', 'clientAuth']);
  });

  test('every kind of key', async () => {
    for (const [kind, type, bits] of [['rsa-2048', 'RSA', 2048], ['p-384', 'EC', 384], ['ed25519', 'Ed25519', 256]]) {
      const leaf = await maker.certificate({ issuer: ca, key: kind, subject: `/CN=${kind}.test` });
      const shown = await taken({ certificate: leaf.certPem, key: leaf.keyPem });
      assert.equal(shown.key_type, type);
      assert.equal(shown.key_bits, bits);
    }
  });

  test('a chain, and further intermediates beside it', async () => {
    const one = await maker.certificate({ issuer: ca, ca: true, subject: '/CN=First intermediate' });
    const two = await maker.certificate({ issuer: one, ca: true, subject: '/CN=Second intermediate' });
    const leaf = await maker.certificate({ issuer: two, subject: '/CN=deep.test' });
    const shown = await taken({ certificate: leaf.certPem + two.certPem, chain: one.certPem, key: leaf.keyPem });
    assert.deepEqual(shown.chain.slice(0, 3).map((card) => card.common_name), ['deep.test', 'Second intermediate', 'First intermediate']);
    await taken({ certificate: ca.certPem });
    const complete = await local.get(`/api/v1/certificates/${shown.id}`);
    assert.deepEqual(complete.chain.map((card) => card.common_name), ['deep.test', 'Second intermediate', 'First intermediate', 'Inventory CA']);
    assert.equal(complete.chain.at(-1).source, 'inventory');
    assert.equal(complete.chain_complete, 1);
  });

  test('the same again is a conflict that names it; the missing key is added', async () => {
    const leaf = await maker.certificate({ issuer: ca, subject: '/CN=twice.test' });
    const first = await taken({ certificate: leaf.certPem });
    assert.equal(first.has_key, false);
    const again = await post({ certificate: leaf.certPem });
    assert.equal(again.status, 409);
    assert.match(again.json.error.message, /twice\.test/);
    const with_key = await taken({ certificate: leaf.certPem, key: leaf.keyPem });
    assert.equal(with_key.id, first.id);
    assert.equal(with_key.has_key, true);
  });

  test('what does not belong together is refused at its field', async () => {
    const leaf = await maker.certificate({ issuer: ca, subject: '/CN=alone.test' });
    const other = await maker.certificate({ issuer: ca, subject: '/CN=other.test' });
    await refused({ certificate: leaf.certPem, key: other.keyPem }, 'key', /belong|fit/);
    await refused({ certificate: other.certPem + leaf.certPem }, 'certificate', /./);
    await refused({ certificate: leaf.certPem, key: read(await maker.keyAs(leaf.key, 'encrypted')) }, 'key_password', /password/i);
    await refused({ certificate: leaf.keyPem }, 'certificate', /certificate/i);
    await refused({ certificate: 'no PEM at all' }, 'certificate', /PEM/);
    await refused({ certificate: leaf.certPem.replace('-----END', '-----EN') }, 'certificate', /./);
    await refused({ certificate: leaf.certPem.replace(/\n(.)/, '\n!') }, 'certificate', /./);
    await refused({ certificate: '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n' }, 'certificate', /./);
  });

  test('files without a newline between their parts, with CRLF, with text around, are read', async () => {
    const leaf = await maker.certificate({ issuer: ca, subject: '/CN=crlf.test' });
    await taken({ certificate: `Bag Attributes\r\n    friendlyName: x\r\n${leaf.certPem.replaceAll('\n', '\r\n')}` });
  });

  test('the database holds no key in the clear', async () => {
    const leaf = await maker.certificate({ issuer: ca, subject: '/CN=sealed.test', key: 'rsa-2048' });
    await taken({ certificate: leaf.certPem, key: leaf.keyPem });
    const line = leaf.keyPem.split('\n')[5];
    const der = Buffer.from(leaf.keyPem.replace(/-----[^-]+-----|\s/g, ''), 'base64').subarray(200, 232);
    for (const file of ['opsd.db', 'opsd.db-wal']) {
      const bytes = readFileSync(`${opsd.state}/${file}`);
      assert.equal(bytes.includes(line), false);
      assert.equal(bytes.includes(der), false);
    }
    const text = JSON.stringify(await local.get('/api/v1/certificates?limit=1000')) + opsd.log.join('\n');
    assert.ok(!text.includes('PRIVATE KEY'));
  });
});

describe('odd certificates', () => {
  const odd = {
    'any UTF-8 in names': { subject: '/O=Bücher \u202egro\u00df/CN=数据库.例え' },
    'escaped characters in a name': { config: ['O = "a, b + c = d; <e> \\"f\\" \\\\ #g"', 'CN = " leading and trailing "'] },
    'a multi-valued RDN': { config: ['CN = multi.test', '+OU = together', '+O = one'] },
    'an empty subject': { config: ['CN = x'], empty: true, san: ['DNS:nosubject.test'] },
    'an IDN': { subject: '/CN=xn--bcher-kva.example', san: ['DNS:xn--bcher-kva.example', 'DNS:*.xn--bcher-kva.example'] },
    'IPv6 names': { san: ['IP:::1', 'IP:fe80::1', 'IP:2001:db8:0:0:1:0:0:1'] },
    'an end in 9999': { to: new Date('9999-12-31T23:59:59Z') },
    'a beginning in 1950': { from: new Date('1950-01-01T00:00:00Z') },
    'version 1': { v1: true, subject: '/CN=v1.test' },
    'a serial of one': { serial: '01' },
    'a serial of twenty bytes': { serial: '7F'.repeat(20) },
    'unknown extensions': { extensions: ['1.2.3.4 = ASN1:UTF8String:hello', '1.2.3.5 = critical,DER:0500'] },
    'an odd usage': { eku: ['serverAuth', '1.3.6.1.4.1.311.10.3.4'] },
    'e-mail, URI and other names': { san: ['DNS:many.test', 'email:a@b.test', 'URI:spiffe://x/y', 'RID:1.2.3.4'] },
  };
  for (const [title, { empty, ...make }] of Object.entries(odd)) {
    test(`${title}: shown as openssl shows it`, async () => {
      const leaf = await maker.certificate({ issuer: ca, subject: `/CN=${title.replace(/[^a-z]/g, '')}.test`, ...make });
      const shown = await taken({ certificate: leaf.certPem });
      assert.equal(`subject=${shown.subject}\nissuer=${shown.issuer}\n`, await openSslNames(leaf.cert));
      const [from, to] = await openSslDates(leaf.cert);
      assert.equal(shown.not_before, from);
      assert.equal(shown.not_after, to);
      const list = await local.get(`/api/v1/certificates?q=${encodeURIComponent(shown.name.slice(0, 12))}`);
      assert.ok(list.items.some((item) => item.id === shown.id));
    });
  }

  test('10,000 names: taken, counted, found by one of them', async () => {
    const san = Array.from({ length: 10_000 }, (_, i) => `DNS:host-${i}.many.test`);
    const leaf = await maker.certificate({ issuer: ca, subject: '/CN=many-names.test', san });
    const shown = await taken({ certificate: leaf.certPem });
    assert.equal(shown.san_count, 10_000);
    assert.ok(shown.san.includes('DNS:host-7.many.test'));
  });

  test('a chain of 40: taken whole or refused with the reason', async () => {
    let issuer = ca;
    for (let i = 0; i < 40; i++) issuer = await maker.certificate({ issuer, ca: true, subject: `/CN=link ${i}`, key: { path: ca.key } });
    const leaf = await maker.certificate({ issuer, subject: '/CN=end of a long chain' });
    const answer = await post({ certificate: leaf.chain });
    if (answer.status === 201) assert.ok(answer.json.chain.length >= 41);
    else {
      assert.equal(answer.status, 422);
      assert.match(answer.json.error.message, /\d+/);
    }
  });

  test('a negative serial number: shown or refused with the reason', async () => {
    const leaf = await maker.certificate({ issuer: ca, subject: '/CN=negative.test', serial: '7F00000000000000000000000000000000000001' });
    const der = await derOf(leaf.cert);
    der[der.indexOf(Buffer.from('7F0000000000', 'hex'))] = 0xff;
    const pem = `-----BEGIN CERTIFICATE-----\n${der.toString('base64').replace(/(.{64})/g, '$1\n')}\n-----END CERTIFICATE-----\n`;
    const answer = await post({ certificate: pem });
    if (answer.status === 201) assert.match(answer.json.serial, /^-/);
    else assert.match(answer.json.error.message, /serial/i);
  });
});

async function derOf(path) {
  const out = `${path}.der`;
  await maker.openssl(['x509', '-in', path, '-outform', 'DER', '-out', out]);
  return readFileSync(out);
}

// openssl prints what is no ASCII as escaped bytes unless told that the terminal reads UTF-8; a page does.
const openSslNames = (path) =>
  mustRun('openssl', ['x509', '-noout', '-subject', '-issuer', '-nameopt', 'oneline,-esc_msb,utf8', '-in', path]);

async function openSslDates(path) {
  const out = await maker.openssl(['x509', '-noout', '-dates', '-dateopt', 'iso_8601', '-in', path]);
  return [...out.matchAll(/=(\S+) (\S+)Z/g)].map(([, day, time]) => `${day}T${time}Z`);
}

describe('lists', () => {
  test('search, kind, key, and pages without a gap', async (t) => {
    const own = await Opsd.start(t);
    const api = own.local();
    await api.post('/api/v1/certificates', { certificate: ca.certPem });
    const wanted = [];
    for (let i = 0; i < 12; i++) {
      const leaf = await maker.certificate({ issuer: ca, subject: `/CN=page-${i}.test`, days: 100 - i, key: { path: ca.key } });
      await api.post('/api/v1/certificates', { certificate: leaf.certPem, ...(i % 3 === 0 ? { key: leaf.keyPem } : {}) });
      wanted.unshift(`page-${i}.test`);
    }
    const names = [];
    for (let after = ''; after !== null;) {
      const page = await api.get(`/api/v1/certificates?kind=leaf&limit=5${after && `&after=${encodeURIComponent(after)}`}`);
      names.push(...page.items.map((item) => item.name));
      assert.equal(page.total, 13);
      assert.equal(page.authorities, 1);
      after = page.next;
    }
    assert.deepEqual(names, wanted, 'what expires first comes first');
    assert.equal((await api.get('/api/v1/certificates?has_key=true')).items.length, 4);
    assert.deepEqual((await api.get('/api/v1/certificates?q=PAGE-7')).items.map((i) => i.name), ['page-7.test']);
    assert.deepEqual((await api.get('/api/v1/certificates?q=e-1&sort=name')).items.map((i) => i.name), ['page-1.test', 'page-10.test', 'page-11.test']);
    assert.equal((await api.get('/api/v1/certificates?sort=newest&limit=1')).items[0].name, 'page-11.test');
    assert.equal((await api.get('/api/v1/certificates?expires_within_days=95')).items.length, 7 + 0);
    assert.equal((await api.get('/api/v1/certificates?q=%25')).items.length, 0, 'a % is a character');
    const bad = await api.request({ path: '/api/v1/certificates?after=nonsense' });
    assert.equal(bad.status, 422);
    assert.equal(bad.json.error.field, 'after');
  });

  test('a match of the ETag is a 304 until something changes', async () => {
    const first = await local.request({ path: '/api/v1/certificates?limit=1' });
    const tag = first.headers.etag;
    assert.ok(tag);
    assert.equal((await local.request({ path: '/api/v1/certificates?limit=1', headers: { 'if-none-match': tag } })).status, 304);
    const leaf = await maker.certificate({ issuer: ca, subject: '/CN=changes.test' });
    await taken({ certificate: leaf.certPem });
    assert.equal((await local.request({ path: '/api/v1/certificates?limit=1', headers: { 'if-none-match': tag } })).status, 200);
  });
});

describe('export and delete', () => {
  test('a key leaves only for an administrator, and it is audited', async () => {
    const leaf = await maker.certificate({ issuer: ca, subject: '/CN=export.test' });
    const { id } = await taken({ certificate: leaf.certPem, key: leaf.keyPem });
    for (const role of ['viewer', 'operator']) {
      const answer = await (await opsd.as(role)).request({ method: 'POST', path: `/api/v1/certificates/${id}/export`, body: { with_key: true } });
      assert.equal(answer.status, 403);
    }
    const admin = await opsd.as('admin');
    const without = await admin.post(`/api/v1/certificates/${id}/export`, {});
    assert.equal(without.key, null);
    const exported = await admin.post(`/api/v1/certificates/${id}/export`, { with_key: true });
    assert.equal(exported.file_name, 'export.test.pem');
    writeFileSync(maker.path('exported.pem'), exported.key, { mode: 0o600 });
    const [a, b] = [await maker.openssl(['pkey', '-in', leaf.key, '-pubout']), await maker.openssl(['pkey', '-in', maker.path('exported.pem'), '-pubout'])];
    assert.equal(a, b);
    const { items } = await local.get('/api/v1/audit?operation=certExport');
    assert.deepEqual(items.slice(0, 4).map((r) => [r.who, r.result]), [
      ['token:lab-admin', 'ok'], ['token:lab-admin', 'ok'], ['token:lab-operator', 'forbidden'], ['token:lab-viewer', 'forbidden'],
    ]);
    assert.match(items[0].detail, /key/);
    assert.match(items[0].target, new RegExp(`${id}`));
  });

  test('a certificate is gone after delete, its key with it', async () => {
    const leaf = await maker.certificate({ issuer: ca, subject: '/CN=delete.test' });
    const { id } = await taken({ certificate: leaf.certPem, key: leaf.keyPem });
    await local.delete(`/api/v1/certificates/${id}`);
    assert.equal((await local.request({ path: `/api/v1/certificates/${id}` })).status, 404);
    const again = await taken({ certificate: leaf.certPem });
    assert.equal(again.has_key, false);
  });
});
