#!/usr/bin/env node
// make bench: opsd beside nginx on this machine, loopback only, in about five minutes. Prints a table and writes it into
// doc/performance.md. Ratios count, not numbers: both run on the same noisy machine, in turn. Not a test: nothing fails
// for being slow. BENCH_ROUNDS and BENCH_SECONDS shorten it for a try.
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, release } from 'node:os';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';

process.env.TMPDIR ??= '/var/tmp'; // a disk: on tmpfs a durable write would cost nothing

const { Maker } = await import('../tests/lab/certs.mjs');
const { mustRun } = await import('../tests/lab/lifetime.mjs');
const { program, tree } = await import('../tests/lab/opsd.mjs');
const { median } = await import('./lib.mjs');
const { Console, Nginx, once } = await import('./peers.mjs');
const measures = await import('./measures.mjs');

const rounds = Number(process.env.BENCH_ROUNDS ?? 11);
const seconds = Number(process.env.BENCH_SECONDS ?? 1);
const CERTIFICATES = 100;
const load = loadavg()[0].toFixed(1);
const tell = (text) => process.stderr.write(`bench: ${text}\n`);

function missing() {
  const needed = { nginx: 'nginx-light', wrk: 'wrk', openssl: 'openssl' };
  return Object.entries(needed)
    .filter(([program]) => spawnSync('sh', ['-c', `command -v ${program}`], { env: { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` } }).status !== 0)
    .map(([, debian]) => debian);
}

// The file of the page that is nearest to 20 KB as it is sent.
async function chooseAsset(opsd) {
  const page = (await once(`${opsd.url}/`)).bytes.toString();
  const paths = [...page.matchAll(/(?:src|href)="([^"]+\.(?:js|css))"/g)].map((m) => new URL(m[1], 'https://x/').pathname);
  let best = null;
  for (const path of paths) {
    const reply = await once(`${opsd.url}${path}`, { 'accept-encoding': 'gzip' });
    const far = Math.abs(reply.bytes.length - 20_000);
    if (reply.status === 200 && (!best || far < best.far)) best = { path, far, bytes: reply.bytes, headers: reply.headers };
  }
  if (!best) throw new Error('the page names no script or style: is the bundle built?');
  return best;
}

// What opsd says beside the content, for nginx to say too.
const besides = (headers) => Object.fromEntries(Object.entries(headers)
  .filter(([name]) => /^(content-security|x-|referrer-|cross-origin-|permissions-|cache-control)/.test(name)));

async function fill(opsd, maker) {
  tell(`${CERTIFICATES} certificates for the inventory`);
  const authority = await maker.authority('Bench CA');
  for (let i = 0; i < CERTIFICATES; i += 4)
    await Promise.all(Array.from({ length: 4 }, async (_, j) => {
      const name = `db-${i + j}.bench.test`;
      const leaf = await maker.certificate({ issuer: authority, subject: `/O=Bench/CN=${name}`, san: [`DNS:${name}`, 'IP:192.0.2.1'], days: 30 + i + j });
      await opsd.client.post('/api/v1/certificates', { certificate: leaf.certPem, key: leaf.keyPem });
    }));
}

function table(rows) {
  const met = (row) => {
    const [, sign, limit] = /^([≥≤<])\s*([\d.,]+)/.exec(row.goal) ?? [];
    if (row.goal === 'none fails') return row.values[0] === 0 ? 'yes' : 'no';
    if (!sign) return '';
    const value = median(row.values);
    const wanted = Number(limit.replace(',', ''));
    return (sign === '≥' ? value >= wanted : sign === '<' ? value < wanted : value <= wanted) ? 'yes' : 'no';
  };
  const lines = rows.map((r) => `| ${[r.name, r.nginx ?? '–', r.opsd, r.ratio || '–', r.lighter || '–', r.goal || '–', met(r) || '–'].join(' | ')} |`);
  return ['| what | nginx | opsd | ratio | CPU of nginx by CPU of opsd | goal | met |', '|---|---|---|---|---|---|---|', ...lines].join('\n');
}

async function machine() {
  const version = (text) => /(\d+\.\d+[\w.]*)/.exec(text)[1];
  const nginx = spawnSync('nginx', ['-v'], { encoding: 'utf8' }).stderr;
  const commit = spawnSync('git', ['-C', tree, 'rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).stdout.trim();
  const opsd = (await mustRun(program, ['--version'])).trim();
  return `${opsd}${commit ? ` (${commit})` : ''} beside nginx ${version(nginx)}; ${cpus().length} cores (${cpus()[0].model.trim()}), Linux ${release()}; `
    + `${rounds} rounds of ${seconds} s, 16 connections, TLS 1.3, a P-256 key; the median, in brackets the least and the most. Load of the machine `
    + `before it began: ${load}.`;
}

function write(text) {
  const file = join(tree, 'doc/performance.md');
  const page = readFileSync(file, 'utf8');
  const parts = /^([\s\S]*<!-- bench begins -->\n)[\s\S]*(<!-- bench ends -->[\s\S]*)$/.exec(page);
  writeFileSync(file, `${parts[1]}${text}\n${parts[2]}`);
}

process.env.PATH += ':/usr/sbin';
const lacking = missing();
if (lacking.length) {
  console.error(`make bench needs: ${lacking.join(' ')} (Debian: apt-get install ${lacking.join(' ')})`);
  process.exit(77);
}
const maker = new Maker();
const pairs = [await maker.certificate({ subject: '/CN=localhost', san: ['DNS:localhost', 'IP:127.0.0.1'] }),
  await maker.certificate({ subject: '/CN=localhost', san: ['DNS:localhost', 'IP:127.0.0.1'] })];
tell('starting opsd');
const opsd = await Console.make(pairs[0]);
await fill(opsd, maker);
const asset = await chooseAsset(opsd);
const tiny = await once(`${opsd.url}/healthz`);
const nginx = await Nginx.make(pairs[0], { page: besides(asset.headers), data: besides(tiny.headers) });
writeFileSync(join(nginx.files, 'asset'), asset.bytes);
writeFileSync(join(nginx.files, 'list'), (await once(`${opsd.url}/api/v1/certificates?limit=100`, { authorization: `Bearer ${opsd.token}` })).bytes);
await nginx.launch();
const given = { nginx, opsd, asset: asset.path, pairs, rounds, seconds, tell };
const rows = [
  ...(await measures.besideNginx(given)),
  ...(await measures.durableWrites(given)),
  ...(await measures.signIns(given)),
  ...(await measures.swaps({ ...given, seconds: 6 })),
  ...(await measures.streams(given)),
];
await nginx.stop();
await opsd.opsd.stop();
rows.push(...(await measures.starts(given)));
const text = `${await machine()}\n\n${table(rows)}`;
console.log(text);
write(text);
tell('doc/performance.md is up to date');
