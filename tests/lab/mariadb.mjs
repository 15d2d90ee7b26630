// Real MariaDB servers on loopback addresses of their own, port 3306. Started as an init script would: `service` in the
// node's folder takes start, stop, restart and status, which is what opsd is told to use (--service).
import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import tls from 'node:tls';
import net from 'node:net';
import { ownAddress } from './address.mjs';
import { endsWithUs, isAlive, mustRun, run, temporaryFolder } from './lifetime.mjs';
import { until } from './wait.mjs';

const isRoot = process.getuid() === 0;

// Root's servers run as mysql, like everywhere; an ordinary user's as that user.
const serverUser = async () => (isRoot ? 'mysql' : (await mustRun('id', ['-un'])).trim());
const idOf = async (user, what) => Number((await mustRun('id', [what, user])).trim());

const find = (name, ...places) => places.find((path) => existsSync(path)) ?? name;
const mariadbd = find('mariadbd', '/usr/sbin/mariadbd', '/usr/local/sbin/mariadbd');

// A small server: what it does not need for TLS tests is off.
const SMALL = [
  'innodb_buffer_pool_size = 8M', 'innodb_log_file_size = 4M', 'innodb_flush_log_at_trx_commit = 0', 'performance_schema = OFF',
  'skip-name-resolve', 'max_connections = 60', 'aria_pagecache_buffer_size = 1M', 'key_buffer_size = 1M', 'innodb_fast_shutdown = 2',
];

// The init script of a node. It daemonizes through setsid, writes the pid file's owner nothing, and like Debian's waits
// until the server answers on its socket or is gone.
const SERVICE = (node) => `#!/bin/sh
# service of a test's database: start|stop|restart|status
pid() { cat '${node.pidFile}' 2>/dev/null; }
alive() { [ -n "$(pid)" ] && kill -0 "$(pid)" 2>/dev/null; }
start() {
  alive && return 0
  rm -f '${node.pidFile}'
  setsid '${mariadbd}' --defaults-file='${node.optionFile}' ${isRoot ? '--user=mysql' : ''} "$@" </dev/null >/dev/null 2>>'${node.folder}/run/stderr.log' &
  started=$!
  echo "$started" >'${node.folder}/started.pid'
  for i in $(seq 600); do
    mariadb-admin --no-defaults --socket='${node.socket}' --user=root ping >/dev/null 2>&1 && return 0
    kill -0 "$started" 2>/dev/null || return 1
    sleep 0.1
  done
  return 1
}
stop() {
  alive || return 0
  old=$(pid)
  kill "$old"
  for i in $(seq 300); do kill -0 "$old" 2>/dev/null || return 0; sleep 0.1; done
  return 1
}
case $1 in
  start) shift; start "$@" ;;
  stop) stop ;;
  restart) stop && start ;;
  status) alive ;;
  *) exit 2 ;;
esac
`;

export class MariaDb {
  // style: how the option file looks: "mysqld" (Debian's), or "singlestore" (section [server], certificates relative to the
  // data directory, which plays the installation folder). options: more lines for its section; head: lines before it.
  // late: only the folders; the caller goes on with `finish` and `install`.
  static async create(t, { name = 'db', style = 'mysqld', options = [], head = [], late = false } = {}) {
    const db = new MariaDb();
    db.name = name;
    db.style = style;
    db.address = await ownAddress();
    db.port = 3306;
    db.folder = temporaryFolder(name);
    db.data = join(db.folder, 'data');
    db.certs = join(db.data, 'certs');
    db.socket = join(db.folder, 'run', 's.sock');
    db.pidFile = join(db.folder, 'run', 'mariadb.pid');
    db.errorLog = join(db.folder, 'run', 'error.log');
    db.optionFile = join(db.folder, style === 'singlestore' ? 'memsql.cnf' : 'my.cnf');
    db.service = join(db.folder, 'service');
    db.user = await serverUser();
    db.section = style === 'singlestore' ? 'server' : 'mysqld';
    db.forget = endsWithUs(join(db.folder, 'started.pid'));
    t?.after(() => db.stop());
    mkdirSync(join(db.folder, 'run'));
    await db.#give(join(db.folder, 'run'));
    if (late) return db;
    await db.finish(options, head);
    await db.install();
    return db;
  }

  static async start(t, options) {
    const db = await MariaDb.create(t, options);
    await db.start();
    return db;
  }

  // The option file and the init script.
  finish(options = [], head = []) {
    const lines = [
      ...head, `[${this.section}]`, `datadir = ${this.data}`, `socket = ${this.socket}`, `pid-file = ${this.pidFile}`, `log-error = ${this.errorLog}`,
      `bind-address = ${this.address}`, `port = ${this.port}`, `tmpdir = ${join(this.folder, 'run')}`, ...SMALL, ...options, '',
    ];
    writeFileSync(this.optionFile, lines.join('\n'));
    writeFileSync(this.service, SERVICE(this));
    chmodSync(this.service, 0o755);
  }

  // The data directory: a new one, or a copy of a stopped server's without the files named.
  async install(from = null, without = []) {
    if (!from) {
      await installDatabase(this.data);
    } else {
      await mustRun('cp', ['-a', from, this.data]);
      for (const file of without) rmSync(join(this.data, file), { recursive: true, force: true });
    }
    mkdirSync(this.certs, { recursive: true });
    await this.#give(this.certs);
  }

  async #give(path) {
    if (isRoot) chownSync(path, await idOf('mysql', '-u'), await idOf('mysql', '-g'));
  }

  async start(...args) { await this.#service('start', ...args); }
  async restart() { await this.#service('restart'); }
  async stopCleanly() { await this.#service('stop'); }

  // The end of a test: also of a server that does not want to.
  async stop() {
    await run(this.service, ['stop'], { timeout_ms: 40_000 });
    this.forget();
    const pid = this.#startedPid();
    if (pid && isAlive(pid)) process.kill(pid, 'SIGKILL');
  }

  async kill() {
    const pid = this.pid();
    process.kill(pid, 'SIGKILL');
    await until('mariadbd to be gone', () => !isAlive(pid));
  }

  async #service(...verb) {
    const end = await run(this.service, verb, { timeout_ms: 90_000 });
    if (end.status !== 0) throw new Error(`${this.name}: ${verb.join(' ')} failed\n${this.log().split('\n').slice(-30).join('\n')}`);
  }

  #startedPid() {
    try {
      return Number(readFileSync(join(this.folder, 'started.pid'), 'utf8'));
    } catch {
      return 0;
    }
  }

  pid() { return Number(readFileSync(this.pidFile, 'utf8')); }
  log() {
    return [this.errorLog, join(this.folder, 'run', 'stderr.log')].map((path) => (existsSync(path) ? readFileSync(path, 'utf8') : '')).join('');
  }
  options() { return readFileSync(this.optionFile, 'utf8'); }
  mode(path) { return (statSync(path).mode & 0o7777).toString(8); }

  // One statement as root over the server's own socket; rows as arrays of text.
  async sql(statement) {
    const out = await mustRun('mariadb', ['--no-defaults', `--socket=${this.socket}`, '--user=root', '--batch', '--skip-column-names', '-e', statement]);
    return out.split('\n').filter(Boolean).map((row) => row.split('\t'));
  }

  async status(name) { return (await this.sql(`SHOW GLOBAL STATUS LIKE '${name}'`))[0]?.[1]; }
  async variable(name) { return (await this.sql(`SHOW GLOBAL VARIABLES LIKE '${name}'`))[0]?.[1]; }

  // What my_print_defaults makes of the option file: the judge of an edit.
  async defaults(...groups) {
    const wanted = groups.length ? groups : [this.section];
    return (await mustRun('my_print_defaults', [`--defaults-file=${this.optionFile}`, ...wanted])).split('\n').filter(Boolean);
  }

  // What the server presents on its port, by a handshake that is not opsd's: {sha256, chain} or null for plaintext.
  served() { return servedCertificate(this.address, this.port); }

  // The arguments of `opsd node-add` for this server on this machine.
  nodeArguments({ cluster, roles, reach = ['--local'] }) {
    return [
      '--cluster', cluster, '--roles', roles, ...reach, '--address', `${this.address}:${this.port}`, '--option-file', this.optionFile,
      '--cert-dir', this.certs, '--owner', this.user, '--service', this.service, ...(this.style === 'singlestore' ? ['--base-dir', this.data] : []),
    ];
  }
}

export async function installDatabase(folder) {
  const user = isRoot ? ['--user=mysql'] : [];
  await mustRun('mariadb-install-db', [
    '--no-defaults', `--datadir=${folder}`, ...user, '--auth-root-authentication-method=normal', '--skip-test-db',
    '--innodb-log-file-size=4M', '--innodb-buffer-pool-size=8M',
  ]);
}

// The MySQL protocol up to TLS: greeting, SSLRequest, handshake.
export function servedCertificate(host, port, { timeout_ms = 5000 } = {}) {
  return new Promise((resolve, reject) => {
    const socket = net.connect({ host, port });
    socket.setTimeout(timeout_ms, () => socket.destroy(new Error('no answer')));
    socket.once('error', reject);
    socket.once('data', (greeting) => {
      if (greeting[4] !== 0x0a) return socket.destroy(new Error(`no greeting: ${greeting.toString('latin1')}`));
      const flagsAt = greeting.indexOf(0, 5) + 1 + 4 + 8 + 1;
      if (!(greeting.readUInt16LE(flagsAt) & 0x0800)) {
        socket.destroy();
        return resolve(null);
      }
      const request = Buffer.alloc(36);
      request.writeUInt32LE(0x01000020, 0);
      request.writeUInt32LE(0x00088a00, 4);
      request.writeUInt32LE(1 << 24, 8);
      request[12] = 45;
      socket.write(request);
      const secure = tls.connect({ socket, rejectUnauthorized: false, minVersion: 'TLSv1' });
      secure.once('error', reject);
      secure.once('secureConnect', () => {
        const certificate = secure.getPeerX509Certificate();
        resolve({ sha256: certificate.fingerprint256.replaceAll(':', '').toLowerCase(), subject: certificate.subject, protocol: secure.getProtocol() });
        secure.destroy();
      });
    });
  });
}
