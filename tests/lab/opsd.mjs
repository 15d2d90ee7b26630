// A real opsd on free ports with a state folder of its own. While it runs its log is watched: a line of level warning or
// above, or anything that is no log line, fails the test at `stop` unless it was announced with `mayLog`.
import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { delimiter, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client } from './client.mjs';
import { isAlive, run, start, temporaryFolder } from './lifetime.mjs';
import { until } from './wait.mjs';

export const tree = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
export const program = resolve(process.env.OPSD_BIN ?? join(tree, 'opsd'));
export const password = 'correct horse battery';

const LOG_LINE = /^\d{4}-\d\d-\d\dT[\d:]+Z (error|warning|info|debug): (.*)$/;

// The environment of everything the lab starts: nothing of the caller's settings reaches opsd.
export function cleanEnvironment(home, more = {}) {
  const kept = ['PATH', 'LANG', 'TMPDIR', 'ASAN_OPTIONS', 'UBSAN_OPTIONS', 'LSAN_OPTIONS', 'TSAN_OPTIONS', 'LD_PRELOAD', 'FAKETIME'];
  const env = { HOME: home, OPSD_CHECK_REPLIES: '1' };
  for (const name of kept) if (process.env[name] !== undefined) env[name] = process.env[name];
  return { ...env, ...more };
}

export class Opsd {
  // t: whatever has `after`, or null when the caller stops it. args: more for `serve`. state: a folder to go on with.
  static async start(t, { args = [], env = {}, state = null, home = null, bind = '127.0.0.1', ports = ['0', '0'] } = {}) {
    const opsd = new Opsd();
    opsd.home = home ?? temporaryFolder('home');
    opsd.state = state ?? join(opsd.home, 'state');
    opsd.socket = join(opsd.state, 'opsd.sock');
    opsd.args = ['serve', '--state', opsd.state, '--bind', bind, '--ssl-port', ports[0], '--port', ports[1], ...args];
    opsd.env = cleanEnvironment(opsd.home, env);
    opsd.allowed = [];
    opsd.clients = [];
    opsd.log = [];
    opsd.plain = false; // true while TLS is disabled: then no https address is waited for
    t?.after(() => opsd.stop());
    await opsd.launch();
    return opsd;
  }

  // Starts the process; also used to start it again after `stop` or `kill` on the same state.
  async launch(args = this.args) {
    this.output = '';
    this.listening = [];
    this.process = start(program, args, { env: this.env });
    this.pid = this.process.pid;
    this.ended = this.process.ended;
    this.end = null;
    this.ended.then((end) => (this.end = end));
    let rest = '';
    this.process.stderr.setEncoding('utf8').on('data', (text) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop();
      this.log.push(...lines);
    });
    this.process.stdout.setEncoding('utf8').on('data', (text) => (this.output += text));
    await until('opsd to listen', () => {
      if (this.end) throw Object.assign(new Error(`opsd ended with ${JSON.stringify(this.end)}\n${this.log.join('\n')}`), { final: true });
      return this.#heard();
    });
  }

  #heard() {
    const lines = this.output.split('\n').slice(0, -1);
    const of = (word) => lines.filter((l) => l.startsWith(`${word} `)).map((l) => l.slice(word.length + 1));
    this.listening = of('listening');
    this.fingerprint = of('fingerprint')[0] ?? this.fingerprint ?? null;
    this.setupLine = of('setup')[0] ?? null;
    this.url = this.listening.find((l) => l.startsWith('https:'))?.trim() ?? null;
    this.httpUrl = [...this.listening, ...of('redirecting')].find((l) => l.startsWith('http:'))?.trim() ?? null;
    return this.plain ? this.httpUrl : this.url && this.httpUrl;
  }

  // Log lines that the test expects, as regular expressions over the sentence.
  mayLog(...patterns) { this.allowed.push(...patterns); }

  unannounced() {
    return this.log.filter((line) => {
      const [, level, sentence] = LOG_LINE.exec(line) ?? [];
      if (level === 'info' || level === 'debug') return false;
      return !this.allowed.some((pattern) => pattern.test(sentence ?? line));
    });
  }

  client(options = {}) {
    const client = new Client(this.url ?? this.httpUrl, { fingerprint: this.fingerprint, ...options });
    this.clients.push(client);
    return client;
  }

  // A client over the local socket, where this user is an administrator.
  local() {
    const client = new Client('http://localhost', { socketPath: this.socket });
    this.clients.push(client);
    return client;
  }

  // The first administrator, made with the setup link as a person makes it; answers a client that is signed in.
  async setUp(name = 'ada') {
    const client = this.client();
    await client.post('/api/v1/setup', { token: this.setupToken(), name, password });
    this.admin = client;
    return client;
  }

  setupToken() { return readFileSync(join(this.state, 'setup-link'), 'utf8').trim().split('#')[1]; }

  // A client of that role, by bearer token; made once a role.
  async as(role) {
    this.tokens ??= {};
    this.tokens[role] ??= (await this.admin.post('/api/v1/tokens', { name: `lab-${role}`, role, days: 1 })).value;
    return this.client({ token: this.tokens[role] });
  }

  // `opsd ARGS` over the local socket: {status, stdout, stderr}.
  cli(args, { input, env = {}, ...options } = {}) {
    return run(program, args, { input, env: { ...this.env, OPSD_SOCKET: this.socket, ...env }, ...options });
  }

  async cliMust(args, options) {
    const end = await this.cli(args, options);
    if (end.status !== 0) throw new Error(`opsd ${args.join(' ')}: status ${end.status}\n${end.stderr}${end.stdout}`);
    return end.stdout;
  }

  // A line for the shell, as a person types it; `opsd` is found in the PATH.
  shell(line, options = {}) {
    const bin = join(this.home, 'bin');
    if (!existsSync(bin)) {
      mkdirSync(bin);
      symlinkSync(program, join(bin, 'opsd'));
    }
    const env = { ...this.env, OPSD_SOCKET: this.socket, PATH: `${bin}${delimiter}${this.env.PATH}` };
    return run('bash', ['-o', 'pipefail', '-c', line], { env, ...options });
  }

  async kill(signal = 'SIGKILL') {
    this.killed = true;
    process.kill(this.pid, signal);
    return this.ended;
  }

  // A clean end: SIGTERM, status 0 (sanitizers say otherwise), nothing in the log that was not announced.
  async stop({ status = 0 } = {}) {
    for (const client of this.clients) client.close();
    this.clients = [];
    if (this.stopped) return;
    this.stopped = true;
    if (!this.end && isAlive(this.pid)) process.kill(this.pid, 'SIGTERM');
    const end = await Promise.race([this.ended, until('opsd to end', () => this.end, { within_ms: 30_000 })]);
    const lines = this.unannounced();
    if (lines.length) throw new Error(`opsd logged what nobody announced:\n${lines.slice(0, 60).join('\n')}`);
    if (end.status !== status && !this.killed) throw new Error(`opsd ended with ${JSON.stringify(end)}\n${this.log.slice(-20).join('\n')}`);
  }

  // Does what makes opsd restart in place, and waits until it listens again.
  async throughRestart(action) {
    this.output = '';
    await action();
    await until('opsd to listen again', () => this.#heard());
  }

  // The same state again, as after an upgrade or a crash.
  async again(args = this.args) {
    this.stopped = false;
    this.killed = false;
    await this.launch(args);
  }
}

// A folder that any user may read and enter, for servers that run as somebody else.
export function openFolder(path) {
  mkdirSync(path, { recursive: true });
  chmodSync(path, 0o755);
  return path;
}
