// What a test process starts or makes on disk ends with it, however it ends: processes by their id, folders by their
// path. Cleaners run in reverse order; those that may wait belong to a test's own `after`, these here are the last net.
import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const cleaners = new Set();

// Runs `clean` (synchronous) when this process ends; call what it returns when it is no longer needed.
export function atExit(clean) {
  cleaners.add(clean);
  return () => cleaners.delete(clean);
}

function cleanAll() {
  for (const clean of [...cleaners].reverse()) {
    try {
      clean();
    } catch (error) {
      console.error(`# cleaning up: ${error.message}`);
    }
  }
  cleaners.clear();
}
process.on('exit', cleanAll);
for (const [signal, status] of [['SIGINT', 130], ['SIGTERM', 143], ['SIGHUP', 129]]) {
  process.on(signal, () => process.exit(status));
}

// A folder of one's own, removed at the end. Others may enter it (a server that runs as another user lives inside),
// not list it. OPSD_KEEP=1 leaves it for a look.
export function temporaryFolder(what = 'lab') {
  const folder = mkdtempSync(join(tmpdir(), `opsd-${what}-`));
  chmodSync(folder, 0o711);
  if (!process.env.OPSD_KEEP) atExit(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
}

export const isAlive = (pid) => {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
  // a zombie has ended, whoever has yet to ask for its status
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
};

export function killQuietly(pid, signal) {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}

// Starts a process that does not outlive this one. The answer has `ended`, a promise of {status, signal}.
export function start(command, args, options = {}) {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
  const forget = atExit(() => killQuietly(child.pid, 'SIGKILL'));
  child.ended = new Promise((resolve) => {
    child.once('error', (error) => {
      forget();
      resolve({ status: null, signal: null, error });
    });
    child.once('close', (status, signal) => {
      forget();
      resolve({ status, signal });
    });
    // what it left behind may hold its standard output open: that is no reason to wait
    child.once('exit', (status, signal) => {
      setTimeout(() => {
        child.stdout?.destroy();
        child.stderr?.destroy();
        forget();
        resolve({ status, signal });
      }, 2000).unref();
    });
  });
  return child;
}

// Ends a process that some pid file names, at the latest when this process ends.
export function endsWithUs(pidFile) {
  return atExit(() => {
    let pid;
    try {
      pid = Number(readFileSync(pidFile, 'utf8'));
    } catch {
      return;
    }
    if (pid > 1) killQuietly(pid, 'SIGKILL');
  });
}

// Runs a command to its end. {status, signal, stdout, stderr}; never rejects for a status.
export async function run(command, args = [], { input, timeout_ms = 60_000, ...options } = {}) {
  const child = start(command, args, { ...options, stdio: ['pipe', 'pipe', 'pipe'] });
  const out = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr']) child[stream].setEncoding('utf8').on('data', (text) => (out[stream] += text));
  child.stdin.on('error', () => {}); // a command need not read what it is given
  child.stdin.end(input ?? '');
  const timer = setTimeout(() => child.kill('SIGKILL'), timeout_ms);
  const end = await child.ended;
  clearTimeout(timer);
  if (end.error) throw end.error;
  if (end.signal === 'SIGKILL') throw new Error(`${command} ${args.join(' ')}: did not end within ${timeout_ms} ms\n${out.stderr}`);
  return { ...end, ...out };
}

// The same for a command that has to succeed; answers its standard output.
export async function mustRun(command, args, options) {
  const end = await run(command, args, options);
  if (end.status !== 0) throw new Error(`${command} ${args.join(' ')}: status ${end.status}\n${end.stderr}${end.stdout}`);
  return end.stdout;
}
