// What no endpoint may let through, row by row, from the contract's own list: who is nobody, whose role is too low, what is
// not JSON, what no field names, what is too long, too much, missing, or comes from another site.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { lowerRole, operations, requestOf, roles } from '../lab/contract.mjs';
import { Opsd, password } from '../lab/opsd.mjs';

let opsd;
let local;
const client = {};
before(async () => {
  opsd = await Opsd.start(null);
  client.session = await opsd.setUp();
  local = opsd.local();
  for (const role of roles.slice(1)) client[role] = await opsd.as(role);
  client.none = opsd.client();
});
after(() => opsd.stop());

const asRole = (row, role = row.role) => (row.is('local') ? local : client[role]);

const INT64_MAX = (1n << 63n) - 1n;
// A value of a field that its bounds allow.
function good(field) {
  switch (field.kind) {
    case 'int': return Number(BigInt(field.min) > 1n ? field.min : 1);
    case 'bool': return false;
    case 'enum': return field.words[0];
    case 'strings': return field.words ? [field.words[0]] : ['a'];
    default: return 'a';
  }
}
const required = (row) => Object.fromEntries(row.in.filter((f) => f.required).map((f) => [f.name, good(f)]));

// A request that is right as far as it goes, with some fields more or another raw body.
function spoiled(row, more = {}) { return requestOf(row, { ...required(row), ...more }); }

const raw = (row, text) => ({ ...spoiled(row), body: text });

function refused(answer, status, { code, field } = {}) {
  assert.equal(answer.status, status, `${answer.status}: ${answer.text}`);
  const { error } = answer.json;
  assert.ok(error.message, 'a sentence');
  assert.ok(error.request, 'the id of the request');
  if (code) assert.equal(error.code, code);
  if (field !== undefined) assert.equal(error.field, field, error.message);
  assert.match(answer.headers['content-type'], /^application\/json/);
  assert.equal(answer.headers['cache-control'], 'no-store');
}

const takesBody = (row) => row.body_max > 0;
const bodyOf = (row) => row.fields('body');

for (const row of operations) {
  describe(row.name, () => {
    if (row.role !== 'none') {
      test('nobody: 401', async () => refused(await client.none.request(spoiled(row)), 401, { code: 'unauthenticated' }));
      test('a token that is none: 401', async () => {
        refused(await opsd.client({ token: 'opsd_nosuchtoken' }).request(spoiled(row)), 401);
      });
    }
    if (row.role !== 'none' && lowerRole(row.role) !== 'none') {
      test(`role ${lowerRole(row.role)}: 403`, async () => refused(await client[lowerRole(row.role)].request(spoiled(row)), 403, { code: 'forbidden' }));
    }
    if (row.is('local')) test('from the network: 403', async () => refused(await client.admin.request(spoiled(row)), 403));

    test('another method: 405 and Allow', async () => {
      const allowed = operations.filter((other) => other.path === row.path).map((other) => other.method);
      const wrong = ['PATCH', 'PUT', 'DELETE', 'POST', 'GET'].find((method) => !allowed.includes(method));
      if (!wrong) return;
      const answer = await asRole(row, 'admin').request({ method: wrong, path: spoiled(row).path });
      refused(answer, 405, { code: 'method_not_allowed' });
      for (const method of allowed) assert.ok(answer.headers.allow.split(/, */).includes(method), answer.headers.allow);
    });

    if (row.is('write') && row.role !== 'none' && !row.is('local') && row.role !== 'none') {
      const asSession = (headers) => client.session.request({ ...spoiled(row), headers });
      test('a cookie without X-Opsd-CSRF: 403', async () => refused(await asSession({ 'x-opsd-csrf': null }), 403));
      test('a cookie from another origin: 403', async () => refused(await asSession({ origin: 'https://evil.example' }), 403));
      test('a cookie without an origin: 403', async () => refused(await asSession({ origin: null }), 403));
    }
    if (row.is('write') && row.is('open')) {
      test('another site cannot sign a browser in: 403', async () => {
        refused(await client.none.request({ ...spoiled(row), headers: { origin: 'https://evil.example' } }), 403);
      });
    }

    if (!takesBody(row)) {
      if (row.method !== 'GET') test('a body where none is taken: 413', async () => refused(await asRole(row).request({ ...spoiled(row), body: '{}' }), 413));
    } else {
      const send = (request) => asRole(row).request(request);
      test('not application/json: 415', async () => {
        refused(await send({ ...raw(row, '{}'), headers: { 'content-type': 'text/plain' } }), 415);
        refused(await send({ ...raw(row, '{}'), headers: { 'content-type': null } }), 415);
      });
      test('not JSON: 400', async () => {
        for (const text of ['{"name":', 'null', '[]', '"x"', '{} {}', '{"a":NaN}']) refused(await send(raw(row, text)), 400, { code: 'malformed' });
      });
      test('a member that no field names: 422 with its name', async () => {
        refused(await send(spoiled(row, { no_such_member: 1 })), 422, { code: 'invalid', field: 'no_such_member' });
      });
      test('larger than the row says: 413, before it is read', async () => {
        refused(await send(raw(row, ' '.repeat(row.body_max + 1))), 413, { code: 'too_large' });
        refused(await send({ ...raw(row, ' '.repeat(row.body_max + 65536)), headers: { 'transfer-encoding': 'chunked' } }), 413);
      });
      if (bodyOf(row).length) {
        const [first] = bodyOf(row);
        test('a member given twice: 422 with its name', async () => {
          const value = JSON.stringify(good(first));
          refused(await send(raw(row, `{"${first.name}":${value},"${first.name}":${value}}`)), 422, { field: first.name });
        });
      }
      for (const field of bodyOf(row)) describe(field.name, () => fieldRefusals(row, field, send));
    }
    for (const field of [...row.fields('query'), ...row.fields('path')]) describe(field.name, () => fieldRefusals(row, field, (r) => asRole(row).request(r)));
    if (row.method === 'GET' && row.role !== 'none') {
      test('a parameter that no field names: 422 with its name', async () => {
        const request = spoiled(row);
        request.path += `${request.path.includes('?') ? '&' : '?'}no_such=1`;
        refused(await asRole(row).request(request), 422, { field: 'no_such' });
      });
    }
  });
}

function fieldRefusals(row, field, send) {
  const refuses = async (value) => refused(await send(spoiled(row, { [field.name]: value })), 422, { code: 'invalid', field: field.name });
  const inBody = field.place === 'body';
  if (field.required && inBody) {
    test('missing: 422', async () => {
      const input = required(row);
      delete input[field.name];
      refused(await send(requestOf(row, input)), 422, { field: field.name });
    });
    test('null: 422', () => refuses(null));
  }
  if (inBody) test('of another type: 422', () => refuses(field.kind === 'string' || field.kind === 'secret' || field.kind === 'enum' ? 17 : { a: 1 }));
  switch (field.kind) {
    case 'string':
    case 'secret': {
      const most = field.max || 4096;
      if (inBody && most + 200 < row.body_max) test(`longer than ${most} bytes: 422`, () => refuses('x'.repeat(most + 1)));
      if (!inBody) test(`longer than ${most} bytes: 422`, () => refuses('x'.repeat(most + 1)));
      if (field.min > 0 && inBody) test('empty: 422', () => refuses(''));
      if (inBody) test('a control character: 422', () => refuses('a\u0007b'));
      if (inBody && field.kind === 'string') {
        test('not UTF-8: refused', async () => {
          const body = Buffer.from(JSON.stringify({ ...required(row), [field.name]: 'a!b' }).replace('a!b', 'a\xffb'), 'latin1');
          const answer = await send({ ...spoiled(row), body });
          assert.ok([400, 422].includes(answer.status), answer.text);
        });
      }
      break;
    }
    case 'int':
      if (field.min !== 0 || field.max !== 0) {
        test(`below ${field.min}: 422`, () => refuses(field.min - 1));
        const most = BigInt(field.max) >= INT64_MAX - 1024n ? INT64_MAX : BigInt(field.max);
        test(`above ${most}: 422`, async () => {
          const above = String(most + 1n);
          if (!inBody) return refuses(above);
          const text = JSON.stringify({ ...required(row), [field.name]: '@' }).replace('"@"', above);
          const answer = await send({ ...spoiled(row), body: text });
          assert.ok([400, 422].includes(answer.status), answer.text);
        });
      }
      test('no number: 422', () => refuses(inBody ? '1' : 'one'));
      if (inBody) test('a fraction: 422', () => refuses(1.5));
      break;
    case 'enum': test('no word of it: 422', () => refuses('no-such-word')); break;
    case 'bool': test('no truth: 422', () => refuses(inBody ? 'true' : 'maybe')); break;
    case 'strings':
      if (field.words) {
        test('no word of it: 422', async () => {
          const answer = await send(spoiled(row, { [field.name]: inBody ? ['no-such-word'] : 'no-such-word' }));
          assert.equal(answer.status, 422);
          assert.ok(answer.json.error.field.startsWith(field.name), answer.json.error.field);
        });
      }
      if (inBody) {
        test('a list of something else: 422', async () => {
          const answer = await send(spoiled(row, { [field.name]: [1] }));
          assert.equal(answer.status, 422);
          assert.equal(answer.json.error.field, `${field.name}[0]`);
        });
        const most = field.max || 4096;
        if (most * 4 < row.body_max) test(`more than ${most}: 422`, () => refuses(Array(most + 1).fill(field.words?.[0] ?? 'a')));
      }
      break;
    default: throw new Error(`no refusals are known for the kind ${field.kind}`);
  }
}

test('an address that does not exist: 404 for who is signed in, 401 or 404 for nobody', async () => {
  refused(await client.admin.request({ path: '/api/v1/nothing' }), 404, { code: 'not_found' });
});

test('every write that was refused to somebody left an audit row with its result', async () => {
  for (const row of operations.filter((one) => one.is('write') && one.role !== 'none' && !one.is('local'))) {
    const { items } = await client.admin.get(`/api/v1/audit?operation=${row.name}&limit=1000`);
    assert.ok(items.length, `${row.name} has no audit row`);
    const results = new Set(items.map((item) => item.result));
    if (lowerRole(row.role) !== 'none' || !row.is('local')) assert.ok(results.has('forbidden'), `${row.name}: ${[...results]}`);
  }
});

test('signing in still works after all of it', async () => {
  await opsd.client().signIn('ada', password);
});
