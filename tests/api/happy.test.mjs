// Every endpoint, asked rightly, answers as its row says. The daemon itself holds each reply against the row's shape
// (OPSD_CHECK_REPLIES), here and in all other tests.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { until } from '../lab/wait.mjs';
import { operation, operations, requestOf } from '../lab/contract.mjs';
import { valid } from './valid.mjs';
import { World } from './world.mjs';

let world;
const cleaners = [];
before(async () => { world = await World.create({ after: (clean) => cleaners.push(clean) }); });
after(async () => { for (const clean of cleaners.reverse()) await clean(); });

test('each row has a happy path, each happy path a row', () => {
  assert.deepEqual(Object.keys(valid).sort(), operations.map((row) => row.name).sort());
});

const byPerson = ['sessionCreate', 'sessionShow', 'sessionDelete', 'setup'];

async function clientFor(row) {
  if (row.is('local') || (world.afterTls && !row.is('open'))) return world.local;
  world.person ??= world.opsd.client();
  if (byPerson.includes(row.name)) return world.person;
  world.opsd.admin = world.person;
  if (row.name === 'userPassword') return world.opsd.as('admin'); // another's: the row's role is for one's own
  return row.role === 'none' ? world.opsd.client() : world.opsd.as(row.role);
}

for (const name of Object.keys(valid)) {
  test(`${name} goes well`, async () => {
    const row = operation(name);
    const entry = valid[name](world);
    await entry.before?.();
    const input = typeof entry.input === 'function' ? entry.input() : entry.input;
    const request = requestOf(row, input);
    const client = await clientFor(row);
    if (row.is('stream')) {
      const stream = await client.events(request.path);
      assert.match(stream.headers['content-type'], /^text\/event-stream/);
      const { value } = await stream[Symbol.asyncIterator]().next();
      assert.ok(value.event);
      stream.close();
      return;
    }
    const act = () => client.request(request);
    let answer;
    if (name === 'restart') await world.opsd.throughRestart(async () => { answer = await act(); });
    else answer = await act();
    assert.equal(answer.status, row.status, answer.text);
    assert.equal(row.status === 204 ? answer.text : '', '');
    await entry.check?.(answer.json);
    if (name === 'sslSetCert') world.opsd.fingerprint = null;
    if (name === 'sslDisable') {
      world.opsd.plain = world.afterTls = true;
      await until('plain HTTP', async () => (await world.local.get('/api/v1/status')).https_port === 0);
    }
    if (name === 'stop') assert.deepEqual(await world.opsd.ended, { status: 0, signal: null });
  });
}
