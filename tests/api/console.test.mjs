// ssl-set-cert: what is served, from when on, and what is refused while the old goes on being served.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { readFileSync } from 'node:fs';
import tls from 'node:tls';
import { Maker } from '../lab/certs.mjs';
import { Opsd } from '../lab/opsd.mjs';

const read = (path) => readFileSync(path, 'utf8');
const maker = new Maker();
let opsd;
let admin;
let ca;
let intermediate;
before(async () => {
  opsd = await Opsd.start(null);
  admin = await opsd.setUp();
  ca = await maker.authority();
  intermediate = await maker.certificate({ issuer: ca, ca: true, subject: '/CN=Intermediate' });
});
after(() => opsd.stop());

// What the next handshake gets: subject and SHA-256 of the leaf, and the number of certificates sent.
function handshake(options = {}) {
  const { hostname, port } = new URL(opsd.url);
  return new Promise((resolve, reject) => {
    const socket = tls.connect({ host: hostname, port, rejectUnauthorized: false, ...options }, () => {
      const leaf = socket.getPeerX509Certificate();
      let sent = 0;
      for (let c = socket.getPeerCertificate(true), last = null; c && c !== last; last = c, c = c.issuerCertificate) sent++;
      // a resumed session sends no certificate
      resolve({ sha256: leaf?.fingerprint256.replaceAll(':', '').toLowerCase(), subject: leaf?.subject, sent, protocol: socket.getProtocol(), reused: socket.isSessionReused() });
      socket.end();
    });
    socket.once('error', reject);
  });
}

const put = (body) => admin.request({ method: 'PUT', path: '/api/v1/console/certificate', body });
async function set(body) {
  admin.fingerprint = null;
  const answer = await put(body);
  assert.equal(answer.status, 200, answer.text);
  return answer.json;
}

test('the first certificate is self-signed ECDSA with the host\'s names, and its fingerprint was printed', async () => {
  const shown = await admin.get('/api/v1/console/certificate');
  assert.equal(shown.self_signed, true);
  assert.equal(shown.certificate.key_type, 'EC');
  assert.ok(shown.certificate.san.includes('DNS:localhost'), shown.certificate.san.join());
  assert.ok(shown.certificate.san.includes('IP:127.0.0.1'), shown.certificate.san.join());
  const served = await handshake();
  assert.equal(opsd.fingerprint.replaceAll(':', ''), `sha256${served.sha256}`);
  const { headers } = await admin.request({ path: '/' });
  assert.equal(headers['strict-transport-security'], undefined, 'no HSTS with a self-signed certificate');
});

const kinds = [
  ['RSA, PKCS#8', 'rsa-2048', 'pkcs8'], ['RSA, PKCS#1', 'rsa-2048', 'pkcs1'], ['ECDSA, PKCS#8', 'p-256', 'pkcs8'],
  ['ECDSA, SEC1', 'p-256', 'sec1'], ['ECDSA P-384, SEC1', 'p-384', 'sec1'],
];
for (const [title, key, form] of kinds) {
  test(`${title}: the next handshake has it`, async () => {
    const pair = await maker.certificate({ issuer: ca, key, san: ['DNS:console.test', 'IP:127.0.0.1'] });
    await set({ key: read(await maker.keyAs(pair.key, form)), certificate: pair.certPem });
    assert.equal((await handshake()).sha256, await maker.fingerprint(pair.cert));
  });
}

test('an encrypted key with its password, in PKCS#8 and in the traditional form', async () => {
  for (const form of ['encrypted', 'traditional-encrypted']) {
    const pair = await maker.certificate({ issuer: ca, key: 'rsa-2048' });
    await set({ key: read(await maker.keyAs(pair.key, form, 'the pass phrase')), key_password: 'the pass phrase', certificate: pair.certPem });
    assert.equal((await handshake()).sha256, await maker.fingerprint(pair.cert));
  }
});

test('a chain, leaf first, is sent whole, and the connection verifies against the root alone', async () => {
  const pair = await maker.certificate({ issuer: intermediate, san: ['IP:127.0.0.1'] });
  await set({ key: pair.keyPem, certificate: pair.chain });
  const served = await handshake({ ca: ca.certPem, rejectUnauthorized: true });
  assert.equal(served.sha256, await maker.fingerprint(pair.cert));
});

test('Ed25519 is refused for the browsers\' sake, and taken with force', async () => {
  const pair = await maker.certificate({ issuer: ca, key: 'ed25519' });
  const refused = await put({ key: pair.keyPem, certificate: pair.certPem });
  assert.ok([409, 422].includes(refused.status), refused.text);
  assert.match(refused.json.error.message, /force/);
  await set({ key: pair.keyPem, certificate: pair.certPem, force: true });
  assert.equal((await handshake()).sha256, await maker.fingerprint(pair.cert));
});

describe('what is refused leaves the old certificate served', () => {
  let good;
  before(async () => {
    good = await maker.certificate({ issuer: ca, san: ['IP:127.0.0.1'] });
    await set({ key: good.keyPem, certificate: good.certPem });
  });
  const cases = {
    'a key that is another\'s': async () => ({ key: read(await maker.key()), certificate: good.certPem, says: /belong|fit/, field: 'key' }),
    'an encrypted key without its password': async () => ({
      key: read(await maker.keyAs(good.key, 'encrypted')), certificate: good.certPem, says: /password|encrypted/i,
    }),
    'an encrypted key with a wrong password': async () => ({
      key: read(await maker.keyAs(good.key, 'encrypted', 'right one')), key_password: 'wrong one', certificate: good.certPem, says: /password/i,
    }),
    'an expired certificate': async () => {
      const old = await maker.certificate({ issuer: ca, from: new Date('2020-01-01'), to: new Date('2021-01-01') });
      return { key: old.keyPem, certificate: old.certPem, says: /expired/i };
    },
    'a certificate that is not yet valid': async () => {
      const next = await maker.certificate({ issuer: ca, from: new Date(Date.now() + 86_400_000 * 10), days: 20 });
      return { key: next.keyPem, certificate: next.certPem, says: /not yet|not valid before/i };
    },
    'the intermediate first': async () => {
      const pair = await maker.certificate({ issuer: intermediate });
      return { key: pair.keyPem, certificate: intermediate.certPem + pair.certPem, says: /leaf|order|first/i };
    },
    'what is not PEM': async () => ({ key: good.keyPem, certificate: 'hello', says: /PEM|certificate/i, field: 'certificate' }),
    'a key where the certificate should be': async () => ({ key: good.keyPem, certificate: good.keyPem, field: 'certificate', says: /./ }),
    'a certificate where the key should be': async () => ({ key: good.certPem, certificate: good.certPem, field: 'key', says: /./ }),
    'a truncated certificate': async () => ({ key: good.keyPem, certificate: good.certPem.slice(0, 300), field: 'certificate', says: /./ }),
  };
  for (const [title, make] of Object.entries(cases)) {
    test(title, async () => {
      const { says, field, ...body } = await make();
      const answer = await put(body);
      assert.ok([409, 422].includes(answer.status), answer.text);
      assert.match(answer.json.error.message, says);
      if (field) assert.equal(answer.json.error.field, field);
      assert.ok(!answer.text.includes(body.key.split('\n')[1]), 'no part of a key in the reply');
      assert.equal((await handshake()).sha256, await maker.fingerprint(good.cert));
    });
  }
});

test('open connections live on, sessions of before are not resumed, new ones are', async () => {
  const first = await maker.certificate({ issuer: ca, san: ['IP:127.0.0.1'] });
  const second = await maker.certificate({ issuer: ca, san: ['IP:127.0.0.1'] });
  await set({ key: first.keyPem, certificate: first.certPem });
  const old = opsd.client({ fingerprint: null });
  const before = await old.request({ path: '/healthz' });
  let session = await newSession();
  assert.equal((await resume(session)).reused, true, 'a session is resumed while nothing changes');
  session = await newSession();
  await set({ key: second.keyPem, certificate: second.certPem });
  const same = await old.request({ path: '/healthz' });
  assert.equal(same.status, 200);
  assert.equal(same.socket, before.socket, 'the open connection goes on');
  const again = await resume(session);
  assert.equal(again.reused, false, 'the ticket key went with the old certificate');
  assert.equal(again.sha256, await maker.fingerprint(second.cert));
});

function newSession(options = {}) {
  const { hostname, port } = new URL(opsd.url);
  return new Promise((resolve, reject) => {
    const socket = tls.connect({ host: hostname, port, rejectUnauthorized: false, ...options }, () => {
      socket.write('GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
    });
    let session = null;
    socket.on('session', (data) => (session = data));
    socket.on('data', () => {});
    socket.once('close', () => (session ? resolve(session) : reject(new Error('no session ticket came'))));
    socket.once('error', reject);
  });
}
const resume = (session) => handshake({ session });

test('TLS 1.2 and 1.3 are spoken, 1.1 and weak ciphers are not', async () => {
  assert.equal((await handshake({ maxVersion: 'TLSv1.3' })).protocol, 'TLSv1.3');
  assert.equal((await handshake({ maxVersion: 'TLSv1.2' })).protocol, 'TLSv1.2');
  await assert.rejects(handshake({ minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'ALL:@SECLEVEL=0' }));
  for (const ciphers of ['AES128-SHA', 'ECDHE-RSA-AES128-SHA:ECDHE-ECDSA-AES128-SHA', 'AES128-GCM-SHA256']) {
    await assert.rejects(handshake({ maxVersion: 'TLSv1.2', ciphers: `${ciphers}:@SECLEVEL=0` }), ciphers);
  }
});

test('HSTS is sent only with a certificate that is not self-signed', async () => {
  const own = await maker.certificate({ san: ['IP:127.0.0.1'] });
  await set({ key: own.keyPem, certificate: own.certPem });
  const client = opsd.client({ fingerprint: null });
  assert.equal((await client.request({ path: '/' })).headers['strict-transport-security'], undefined);
});

test('it survives a restart and a kill', async () => {
  const pair = await maker.certificate({ issuer: ca, san: ['IP:127.0.0.1'] });
  await set({ key: pair.keyPem, certificate: pair.certPem });
  await opsd.kill();
  await opsd.again();
  assert.equal((await handshake()).sha256, await maker.fingerprint(pair.cert));
});

test('swapped again and again under load, no request fails', async () => {
  admin = opsd.client({ fingerprint: null });
  await admin.signIn('ada', 'correct horse battery');
  const pairs = [];
  for (let i = 0; i < 4; i++) pairs.push(await maker.certificate({ issuer: ca, san: ['IP:127.0.0.1'] }));
  let going = true;
  let asked = 0;
  const worker = async (keepAlive) => {
    while (going) {
      const client = opsd.client({ fingerprint: null, agent: { keepAlive } });
      const answer = await client.request({ path: '/healthz' });
      assert.equal(answer.status, 200);
      client.close();
      asked++;
    }
  };
  const load = [worker(true), worker(false), worker(false)];
  for (let i = 0; i < 24; i++) await set({ key: pairs[i % 4].keyPem, certificate: pairs[i % 4].certPem });
  going = false;
  await Promise.all(load);
  assert.ok(asked > 24, `${asked} requests`);
});
