// What the web server does around the endpoints: headers, the pages, caching, limits, slow and many clients, events, OpenAPI.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import net from 'node:net';
import tls from 'node:tls';
import { gunzipSync } from 'node:zlib';
import { operations } from '../lab/contract.mjs';
import { Opsd } from '../lab/opsd.mjs';
import { until } from '../lab/wait.mjs';

let opsd;
before(async () => { opsd = await Opsd.start(null); await opsd.setUp(); });
after(() => opsd.stop());

const connect = (options = {}) => new Promise((resolve, reject) => {
  const { hostname, port } = new URL(opsd.url);
  const socket = tls.connect({ host: hostname, port, rejectUnauthorized: false, ...options }, () => resolve(socket));
  socket.once('error', reject);
});

// Bytes as they are, and what comes back until the server closes or `enough` is in it.
async function raw(text, { enough = null, within_ms = 10_000 } = {}) {
  const socket = await connect();
  let heard = '';
  let closed = false;
  socket.setEncoding('latin1').on('data', (data) => (heard += data));
  socket.on('close', () => (closed = true));
  socket.on('error', () => (closed = true));
  socket.write(text);
  await until('an answer', () => closed || (enough && enough.test(heard)), { within_ms });
  socket.destroy();
  return heard;
}

describe('pages', () => {
  test('come with a strict policy, and nothing of them from elsewhere', async () => {
    for (const path of ['/', '/certificates', '/setup', '/nodes/3']) {
      const answer = await opsd.client().request({ path, headers: { accept: 'text/html' } });
      assert.equal(answer.status, 200, path);
      const csp = answer.headers['content-security-policy'];
      for (const part of ["default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "require-trusted-types-for 'script'"]) {
        assert.ok(csp.includes(part), `${part} in ${csp}`);
      }
      assert.doesNotMatch(csp, /unsafe|https?:|\*/);
      assert.equal(answer.headers['x-content-type-options'], 'nosniff');
      assert.equal(answer.headers['referrer-policy'], 'no-referrer');
      assert.match(answer.headers['content-type'], /^text\/html; *charset=utf-8/i);
      assert.doesNotMatch(answer.text, /(src|href)="https?:/);
    }
  });

  test('hashed assets are immutable, the page itself is asked about each time', async () => {
    const page = await opsd.client().request({ path: '/' });
    assert.match(page.headers['cache-control'], /no-cache/);
    const assets = [...page.text.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map((m) => m[1]);
    assert.ok(assets.length >= 2);
    for (const path of assets) {
      const answer = await opsd.client().request({ path, headers: { 'accept-encoding': 'gzip' } });
      assert.equal(answer.status, 200);
      assert.match(answer.headers['cache-control'], /immutable/);
      assert.ok(answer.headers.etag);
      if (answer.headers['content-encoding'] === 'gzip') {
        const plain = await opsd.client().request({ path });
        assert.equal(plain.headers['content-encoding'], undefined);
        assert.deepEqual(gunzipSync(answer.bytes), plain.bytes);
      }
      const again = await opsd.client().request({ path, headers: { 'if-none-match': answer.headers.etag, 'accept-encoding': 'gzip' } });
      assert.equal(again.status, 304);
      assert.equal(again.text, '');
    }
  });

  test('nobody sees more than the page and /healthz', async () => {
    for (const path of ['/api/v1/openapi.json', '/api/v1/status', '/api/v1/events', '/api/v1/nothing']) {
      const { status } = await opsd.client().request({ path });
      assert.ok([401, 404].includes(status), `${path}: ${status}`);
    }
  });
});

describe('requests', () => {
  test('two on one connection, none of them closes it', async () => {
    const socket = await connect();
    let heard = '';
    socket.setEncoding('latin1').on('data', (data) => (heard += data));
    for (let i = 1; i <= 3; i++) {
      socket.write('GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n');
      await until(`answer ${i}`, () => heard.split('HTTP/1.1 200').length === i + 1);
    }
    assert.doesNotMatch(heard, /connection: close/i);
    socket.destroy();
  });

  test('that can be read in two ways are refused', async () => {
    const head = 'POST /api/v1/session HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n';
    for (const text of [
      `${head}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}`,
      `${head}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n`,
      `${head}Transfer-Encoding: identity, chunked\r\n\r\n`,
      'GET /healthz HTTP/1.1\r\n\r\n',
      'GET /healthz HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n',
      'GET /healthz HTTP/1.1\r\nHost: a/b\r\n\r\n',
    ]) {
      assert.match(await raw(text, { enough: /\r\n\r\n/ }), /^HTTP\/1\.1 400/, text);
    }
  });

  test('with a path that tricks are refused or not found', async () => {
    for (const path of ['/../etc/passwd', '/assets/../../opsd.db', '/assets/%2e%2e/x', '/api/v1/certificates/%00', '/api/v1/certificates/1/', '/api//v1/status', '/%zz', '/api/v1/certificates/%ff']) {
      const answer = await raw(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${opsd.tokens?.admin ?? 'x'}\r\n\r\n`, { enough: /\r\n\r\n/ });
      assert.match(answer, /^HTTP\/1\.1 (400|401|404)/, path);
    }
  });

  test('with a head larger than anybody needs are refused', async () => {
    assert.match(await raw(`GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Long: ${'x'.repeat(70_000)}\r\n\r\n`, { enough: /\r\n\r\n/ }), /^(HTTP\/1\.1 4(13|14|31)|$)/);
  });

  test('a body that is too large is refused while it comes', async () => {
    const { value } = await opsd.admin.post('/api/v1/tokens', { name: 'large', role: 'admin' });
    const head = `POST /api/v1/clusters HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${value}\r\nContent-Type: application/json\r\n`;
    assert.match(await raw(`${head}Content-Length: 1000000000\r\n\r\n{`, { enough: /\r\n\r\n/ }), /^HTTP\/1\.1 413/);
    assert.match(await raw(`${head}Transfer-Encoding: chunked\r\n\r\n8000\r\n${' '.repeat(0x8000)}\r\n`, { enough: /\r\n\r\n/ }), /^HTTP\/1\.1 413/);
  });

  test('HEAD is GET without the body', async () => {
    const answer = await opsd.client().request({ method: 'HEAD', path: '/healthz' });
    assert.equal(answer.status, 200);
    assert.equal(answer.text, '');
  });

  test('every reply carries a request id that the log and the error share', async () => {
    const answer = await opsd.client().request({ path: '/api/v1/status' });
    assert.match(answer.json.error.request, /^[\w-]{6,}$/);
  });
});

describe('slow and many clients', () => {
  test('one that says nothing is let go', async (t) => {
    const conf = `${opsd.home}/idle.conf`;
    (await import('node:fs')).writeFileSync(conf, 'idle_timeout = 5\n');
    const own = await Opsd.start(t, { args: ['--config', conf] });
    const { hostname, port } = new URL(own.url);
    const socket = net.connect({ host: hostname, port }).resume();
    let closed = false;
    socket.on('close', () => (closed = true));
    socket.on('error', () => (closed = true));
    await until('the silent connection to be closed', () => closed, { within_ms: 20_000 });
  });

  test('half-open handshakes do not keep others from being served', async () => {
    const { hostname, port } = new URL(opsd.url);
    const half = Array.from({ length: 4 }, () => net.connect({ host: hostname, port }).on('error', () => {}));
    for (const socket of half) socket.write(Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00]));
    const client = opsd.client();
    for (let i = 0; i < 50; i++) assert.equal((await client.request({ path: '/healthz' })).status, 200);
    for (const socket of half) socket.destroy();
  });

  test('one address has a limit of connections', async (t) => {
    const conf = `${opsd.home}/few.conf`;
    (await import('node:fs')).writeFileSync(conf, 'connections_per_address = 5\n');
    const own = await Opsd.start(t, { args: ['--config', conf] });
    const { hostname, port } = new URL(own.url);
    const states = [];
    const sockets = Array.from({ length: 12 }, (_, i) => {
      states[i] = 'open';
      const socket = tls.connect({ host: hostname, port, rejectUnauthorized: false }, () => (states[i] = 'secure'));
      socket.on('close', () => (states[i] = 'closed'));
      socket.on('error', () => {});
      return socket;
    });
    await until('seven to be refused', () => states.filter((s) => s === 'closed').length === 7 && states.filter((s) => s === 'secure').length === 5);
    for (const socket of sockets) socket.destroy();
    await until('room again', () => own.client().get('/healthz'));
  });
});

describe('events', () => {
  test('say each change, to everybody who may listen', async () => {
    const viewer = await opsd.as('viewer');
    const stream = await viewer.events('/api/v1/events');
    assert.match(stream.headers['content-type'], /^text\/event-stream/);
    const events = stream[Symbol.asyncIterator]();
    const first = (await events.next()).value;
    assert.equal(first.event, 'state');
    await opsd.local().post('/api/v1/clusters', { name: 'says', flavour: 'mysql' });
    const second = (await events.next()).value;
    assert.equal(second.event, 'state');
    assert.notEqual(second.data.generation, first.data.generation);
    stream.close();
  });

  test('end when the daemon stops, which does not wait for them', async (t) => {
    const own = await Opsd.start(t);
    await own.setUp();
    const stream = await own.admin.events('/api/v1/events');
    const events = stream[Symbol.asyncIterator]();
    await events.next();
    const began = Date.now();
    await own.stop();
    assert.ok(Date.now() - began < 10_000);
    assert.equal((await events.next().catch(() => ({ done: true }))).done, true);
  });

  test('a hundred of them, and the API still answers', async () => {
    const viewer = await opsd.as('viewer');
    const streams = await Promise.all(Array.from({ length: 60 }, () => viewer.events('/api/v1/events')));
    const heard = streams.map((stream) => stream[Symbol.asyncIterator]());
    await Promise.all(heard.map((events) => events.next()));
    await opsd.local().delete('/api/v1/clusters/says');
    for (const { value } of await Promise.all(heard.map((events) => events.next()))) assert.equal(value.event, 'state');
    for (const stream of streams) stream.close();
    assert.equal((await opsd.local().request({ path: '/healthz' })).status, 200);
  });
});

describe('OpenAPI', () => {
  let api;
  before(async () => { api = await opsd.local().get('/api/v1/openapi.json'); });

  test('describes every row, with its id, parameters, body and replies', () => {
    for (const row of operations) {
      const op = api.paths[row.path]?.[row.method.toLowerCase()];
      assert.ok(op, `${row.method} ${row.path}`);
      assert.equal(op.operationId, row.name);
      assert.ok(op.responses[row.status], `${row.name}: ${row.status}`);
      for (const field of row.fields('path')) assert.ok(op.parameters.some((p) => p.name === field.name && p.in === 'path' && p.required));
      for (const field of row.fields('query')) assert.ok(op.parameters.some((p) => p.name === field.name && p.in === 'query'));
      assert.equal(Boolean(op.requestBody), row.fields('body').length > 0, row.name);
    }
    const count = Object.values(api.paths).reduce((n, path) => n + Object.keys(path).length, 0);
    assert.equal(count, operations.length, 'nothing else is described');
  });

  test('every reference leads somewhere, every schema is used, every path parameter is declared', () => {
    const text = JSON.stringify(api);
    const references = new Set([...text.matchAll(/"\$ref":"(#[^"]+)"/g)].map((m) => m[1]));
    for (const reference of references) {
      const target = reference.slice(2).split('/').reduce((node, part) => node?.[part], api);
      assert.ok(target, reference);
    }
    for (const name of Object.keys(api.components.schemas)) assert.ok(references.has(`#/components/schemas/${name}`), `${name} is used by nothing`);
    for (const [path, methods] of Object.entries(api.paths)) {
      const names = [...path.matchAll(/\{(\w+)\}/g)].map((m) => m[1]);
      for (const op of Object.values(methods)) {
        assert.deepEqual((op.parameters ?? []).filter((p) => p.in === 'path').map((p) => p.name).sort(), names.sort(), path);
      }
    }
  });

  test('says who may: security on all but what is open', () => {
    for (const row of operations) {
      const op = api.paths[row.path][row.method.toLowerCase()];
      const security = op.security ?? api.security;
      if (row.is('open')) assert.ok(!security?.length || security.some((s) => !Object.keys(s).length), row.name);
      else assert.ok(security.length, row.name);
    }
  });
});
