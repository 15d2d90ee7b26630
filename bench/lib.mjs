// Measuring: what a process used, by /proc; what a load did, by wrk; what of several rounds is to be told.
import { readFileSync, readdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { mustRun } from '../tests/lab/lifetime.mjs';

// The process and its children: nginx's workers.
export function family(pid) {
  const children = readdirSync(`/proc/${pid}/task`).flatMap((task) =>
    readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ').filter(Boolean).map(Number));
  return [pid, ...children];
}

// Time on a processor so far, in microseconds, of all threads, ended ones too; in steps of 10 ms.
export function cpu_us(pid) {
  const ticks = family(pid).reduce((sum, one) => {
    const fields = readFileSync(`/proc/${one}/stat`, 'utf8').split(') ')[1].split(' ');
    return sum + Number(fields[11]) + Number(fields[12]);
  }, 0);
  return ticks * 10_000;
}

// {pss, rss} in KB. PSS is the honest one: what is shared counts by shares.
export function memory_kb(pid) {
  const sum = { pss: 0, rss: 0 };
  for (const one of family(pid)) {
    const text = readFileSync(`/proc/${one}/smaps_rollup`, 'utf8');
    sum.pss += Number(/^Pss:\s+(\d+)/m.exec(text)[1]);
    sum.rss += Number(/^Rss:\s+(\d+)/m.exec(text)[1]);
  }
  return sum;
}

// A port that is free now; for servers that cannot be told to take one themselves.
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

// One run of wrk: {perSecond, requests, p99_ms, failed}. script: the text of its Lua file's path.
export async function wrk(url, { headers = [], connections = 16, seconds = 2, script = null } = {}) {
  const args = ['-t1', `-c${connections}`, `-d${seconds}s`, '--latency', ...headers.flatMap((h) => ['-H', h])];
  if (script) args.push('-s', script);
  const out = await mustRun('wrk', [...args, url], { timeout_ms: (seconds + 20) * 1000 });
  const errors = /Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)/.exec(out)?.slice(1).map(Number) ?? [];
  const [, p99, unit] = /99%\s+([\d.]+)(us|ms|s)/.exec(out);
  return {
    perSecond: Number(/Requests\/sec:\s+([\d.]+)/.exec(out)[1]),
    requests: Number(/(\d+) requests in/.exec(out)[1]),
    p99_ms: Number(p99) * { us: 0.001, ms: 1, s: 1000 }[unit],
    failed: errors.reduce((a, b) => a + b, 0) + Number(/Non-2xx or 3xx responses: (\d+)/.exec(out)?.[1] ?? 0),
    text: out,
  };
}

// What the server spent on a load: {…what the load says, cpu_us per request}.
export async function spent(pid, load) {
  const before = cpu_us(pid);
  const result = await load();
  return { ...result, cpu_us: (cpu_us(pid) - before) / result.requests };
}

export const median = (list) => {
  const sorted = [...list].sort((a, b) => a - b);
  return sorted.length % 2 ? sorted[sorted.length >> 1] : (sorted[sorted.length / 2 - 1] + sorted[sorted.length / 2]) / 2;
};

const digits = (n) => (n >= 100 ? n.toFixed(0) : n >= 10 ? n.toFixed(1) : n.toFixed(2));
export const number = (n) => digits(n).replace(/\B(?=(\d{3})+$)/g, n >= 1000 ? ',' : '');
export const range = (list, unit = '') => `${number(median(list))}${unit} (${number(Math.min(...list))} to ${number(Math.max(...list))})`;
