// What is measured. Beside nginx: each round both in turn, the order changing, and the ratio of each round counts.
import { writeFileSync } from 'node:fs';
import https from 'node:https';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { mustRun } from '../tests/lab/lifetime.mjs';
import { password } from '../tests/lab/opsd.mjs';
import { cpu_us, memory_kb, number, range, spent, wrk } from './lib.mjs';
import { firstReply, once } from './peers.mjs';

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

// rows: [{name, of: (server) => load}]; answers per row {nginx: [results], opsd: [results]}.
async function inTurn(rows, servers, rounds, tell) {
  const all = rows.map(() => ({ nginx: [], opsd: [] }));
  for (let round = 0; round < rounds; round++)
    for (const [i, row] of rows.entries())
      for (const name of round % 2 ? ['nginx', 'opsd'] : ['opsd', 'nginx']) {
        tell(`${row.name}: ${name}, round ${round + 1} of ${rounds}`);
        const result = await spent(servers[name].pid, row[name]);
        if (result.failed) throw new Error(`${row.name}: ${name} failed ${result.failed} times\n${result.text}`);
        all[i][name].push(result);
      }
  return all;
}

const ratios = (results, by) => results.opsd.map((o, i) => by(o, results.nginx[i]));
const cpu = (list) => range(list.map((r) => r.cpu_us), ' µs');

// A whole handshake a connection, no request: openssl's own client.
async function handshakes(port, seconds) {
  const text = await mustRun('openssl', ['s_time', '-connect', `127.0.0.1:${port}`, '-new', '-time', String(seconds), '-tls1_3'], { timeout_ms: 60_000 });
  return { requests: Number(/(\d+) connections in [\d.]+s/.exec(text)[1]), failed: 0, perSecond: 0 };
}

export async function besideNginx({ nginx, opsd, asset, rounds, seconds, tell }) {
  const gzip = 'Accept-Encoding: gzip';
  const tags = {
    opsd: (await once(`${opsd.url}${asset}`, { 'accept-encoding': 'gzip' })).headers.etag,
    nginx: (await once(`${nginx.url}/asset`)).headers.etag,
  };
  const rows = [
    { name: 'static file of 20 KB', goal: '≥ 1.0', opsd: () => wrk(`${opsd.url}${asset}`, { seconds, headers: [gzip] }), nginx: () => wrk(`${nginx.url}/asset`, { seconds }) },
    {
      name: '304', goal: '≥ 1.0',
      opsd: () => wrk(`${opsd.url}${asset}`, { seconds, headers: [gzip, `If-None-Match: ${tags.opsd}`] }),
      nginx: () => wrk(`${nginx.url}/asset`, { seconds, headers: [`If-None-Match: ${tags.nginx}`] }),
    },
    { name: 'tiny reply, open to all', goal: '≥ 0.9', opsd: () => wrk(`${opsd.url}/healthz`, { seconds }), nginx: () => wrk(`${nginx.url}/tiny`, { seconds }) },
    { name: 'tiny reply, by token', goal: '', opsd: () => wrk(`${opsd.url}/api/v1/ssh-key`, { seconds, headers: [opsd.authorization] }), nginx: () => wrk(`${nginx.url}/tiny`, { seconds }) },
    { name: 'full ECDSA handshake, server CPU', goal: '≥ 1.1', handshake: true, opsd: () => handshakes(opsd.port, seconds), nginx: () => handshakes(nginx.port, seconds) },
    {
      name: 'list of 100 certificates, CPU beside a file of the same bytes', goal: '≤ 4', more: true,
      opsd: () => wrk(`${opsd.url}/api/v1/certificates?limit=100`, { seconds, headers: [opsd.authorization] }),
      nginx: () => wrk(`${nginx.url}/list`, { seconds }),
    },
  ];
  const results = await inTurn(rows, { nginx, opsd }, rounds, tell);
  return rows.map((row, i) => {
    const r = results[i];
    const by = row.handshake ? (o, n) => n.cpu_us / o.cpu_us : row.more ? (o, n) => o.cpu_us / n.cpu_us : (o, n) => o.perSecond / n.perSecond;
    const rate = (list) => (row.handshake ? '' : `${range(list.map((x) => x.perSecond), '/s')}, `);
    const lighter = row.more ? '' : range(ratios(r, (o, n) => n.cpu_us / o.cpu_us));
    return { name: row.name, nginx: `${rate(r.nginx)}${cpu(r.nginx)}`, opsd: `${rate(r.opsd)}${cpu(r.opsd)}`, ratio: range(ratios(r, by)), lighter, values: ratios(r, by), goal: row.goal };
  });
}

// Writes that must be on the disk before they are answered, an audit row with each.
export async function durableWrites({ opsd, rounds, seconds, tell }) {
  const people = 8;
  for (let i = 0; i < people; i++) await opsd.client.post('/api/v1/users', { name: `bench${i}`, role: 'viewer', password: `${password} ${i}` });
  const script = join(opsd.home, 'write.lua');
  writeFileSync(script, `
local n = 0
wrk.headers["Content-Type"] = "application/json"
request = function()
  n = n + 1
  local role = (math.floor(n / ${people}) % 2 == 0) and "operator" or "viewer"
  return wrk.format("PATCH", "/api/v1/users/bench" .. (n % ${people}), nil, '{"role":"' .. role .. '"}')
end
`);
  const list = [];
  for (let round = 0; round < rounds; round++) {
    tell(`durable writes, round ${round + 1} of ${rounds}`);
    const result = await spent(opsd.pid, () => wrk(opsd.url, { seconds, script, headers: [opsd.authorization] }));
    if (result.failed) throw new Error(`writes failed ${result.failed} times\n${result.text}`);
    list.push(result);
  }
  const rate = list.map((r) => r.perSecond);
  return [
    { name: 'durable writes (a role changed, audited)', opsd: `${range(rate, '/s')}, ${cpu(list)}`, ratio: '', values: rate, goal: '≥ 3,000/s' },
    { name: 'their 99th percentile, 16 at a time', opsd: range(list.map((r) => r.p99_ms), ' ms'), ratio: '', values: list.map((r) => r.p99_ms), goal: '< 20 ms' },
  ];
}

export async function signIns({ opsd, rounds, tell }) {
  tell('sign-ins');
  const used = [];
  const took = [];
  for (let i = 0; i < rounds * 2; i++) {
    const before = cpu_us(opsd.pid);
    const start = performance.now();
    await opsd.opsd.client({ fingerprint: null }).signIn('ada', password);
    took.push(performance.now() - start);
    used.push((cpu_us(opsd.pid) - before) / 1000);
  }
  return [{ name: 'sign-in (yescrypt, on purpose)', opsd: `${range(took, ' ms')}, ${range(used, ' ms')} of CPU`, ratio: '', values: used, goal: '' }];
}

// The certificate changes as fast as it can be asked to while each request of the load makes a handshake of its own.
export async function swaps({ opsd, pairs, seconds, tell }) {
  tell('certificate swaps under load');
  const load = wrk(`${opsd.url}/healthz`, { seconds, connections: 8, headers: ['Connection: close'] });
  let running = true;
  load.finally(() => (running = false)).catch(() => {});
  let count = 0;
  while (running) {
    const pair = pairs[count % pairs.length];
    await opsd.client.put('/api/v1/console/certificate', { key: pair.keyPem, certificate: pair.certPem });
    count++;
  }
  const { failed, requests } = await load;
  return [{ name: 'swap of the served certificate under load', opsd: `${failed} failed of ${number(requests)} requests, a handshake each, at ${number(count)} swaps`, ratio: '', values: [failed], goal: 'none fails' }];
}

function openStream(url, authorization, agent) {
  return new Promise((resolve, reject) => {
    const request = https.get(`${url}/api/v1/events`, { agent, headers: { authorization } }, (response) => {
      response.on('error', () => {});
      response.once('data', () => resolve(request));
      response.resume();
    });
    request.once('error', reject);
  });
}

export async function streams({ opsd, tell }) {
  const COUNT = 500;
  const IDLE_S = 30;
  tell(`${COUNT} event streams`);
  const agent = new https.Agent({ rejectUnauthorized: false, keepAlive: false, maxSockets: Infinity });
  const before = memory_kb(opsd.pid);
  const open = [];
  for (let i = 0; i < COUNT; i += 50)
    open.push(...(await Promise.all(Array.from({ length: 50 }, () => openStream(opsd.url, `Bearer ${opsd.token}`, agent)))));
  await pause(1000); // sessions' memory settles
  const each = (memory_kb(opsd.pid).pss - before.pss) / COUNT;
  tell(`${COUNT} event streams, idle for ${IDLE_S} s`);
  const used = cpu_us(opsd.pid);
  const start = performance.now();
  await pause(IDLE_S * 1000); // two heartbeats of each
  const share = (cpu_us(opsd.pid) - used) / ((performance.now() - start) * 10);
  for (const request of open) request.destroy();
  agent.destroy();
  return [
    { name: `${COUNT} open event streams, memory each`, opsd: `${number(each)} KB`, ratio: '', values: [each], goal: '≤ 24 KB' },
    { name: `${COUNT} open event streams, idle`, opsd: `${number(share)} % of a core, heartbeats and their checks included`, ratio: '', values: [share], goal: '< 1 %' },
  ];
}

async function startTime(launch, stop) {
  const start = performance.now();
  const pid = await launch();
  const took = performance.now() - start;
  const memory = memory_kb(pid);
  await stop();
  return { took, memory };
}

// From the start of the process to its first reply over TLS, and what it then holds.
export async function starts({ nginx, opsd, rounds, tell }) {
  const list = { nginx: [], opsd: [] };
  for (let round = 0; round < rounds; round++) {
    tell(`start to first reply, round ${round + 1} of ${rounds}`);
    list.nginx.push(await startTime(async () => { await nginx.launch(); return nginx.pid; }, () => nginx.stop()));
    const o = opsd.opsd;
    list.opsd.push(await startTime(async () => {
      const launched = o.again();
      await firstReply(`${opsd.url}/healthz`, o.process);
      const pid = o.pid;
      opsd.launched = launched;
      return pid;
    }, async () => { await opsd.launched; await o.stop(); }));
  }
  const both = (of) => list.opsd.map((o, i) => of(o) / of(list.nginx[i]));
  const shown = (name, of, unit) => range(list[name].map(of), unit);
  const took = (x) => x.took;
  const pss = (x) => x.memory.pss / 1024;
  const rss = list.opsd.map((x) => x.memory.rss / 1024);
  return [
    { name: 'start to first reply', nginx: shown('nginx', took, ' ms'), opsd: shown('opsd', took, ' ms'), ratio: range(both(took)), values: both(took), goal: '≤ 1.0' },
    { name: 'memory after it, PSS', nginx: shown('nginx', pss, ' MB'), opsd: shown('opsd', pss, ' MB'), ratio: range(both(pss)), values: both(pss), goal: '≤ 0.5' },
    { name: 'memory after it, resident', opsd: range(rss, ' MB'), ratio: '', values: rss, goal: '≤ 8 MB' },
  ];
}
