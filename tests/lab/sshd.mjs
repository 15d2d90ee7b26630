// A real sshd on a loopback address of its own, port 2222, that lets in this process's own user with the keys it was told.
import { appendFileSync, chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { userInfo } from 'node:os';
import { ownAddress } from './address.mjs';
import { atExit, killQuietly, mustRun, start, temporaryFolder } from './lifetime.mjs';
import { until } from './wait.mjs';

// The processes of its connections, a few generations of them; not the commands that they run, which outlive a link.
function sshdsUnder(pid) {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
    return children.filter((child) => readFileSync(`/proc/${child}/comm`, 'utf8') === 'sshd\n').flatMap((child) => [child, ...sshdsUnder(child)]);
  } catch {
    return []; // it has ended meanwhile
  }
}

export class Sshd {
  static async start(t, { hostKey = 'ed25519', options = [] } = {}) {
    const sshd = new Sshd();
    sshd.folder = temporaryFolder('sshd');
    chmodSync(sshd.folder, 0o755);
    sshd.user = userInfo().username;
    sshd.address = await ownAddress();
    sshd.port = 2222;
    sshd.authorizedKeys = join(sshd.folder, 'authorized_keys');
    sshd.log = '';
    await sshd.newHostKey(hostKey);
    writeFileSync(sshd.authorizedKeys, '', { mode: 0o600 });
    writeFileSync(join(sshd.folder, 'config'), [
      `ListenAddress ${sshd.address}:${sshd.port}`, `HostKey ${sshd.folder}/host_key`, `AuthorizedKeysFile ${sshd.authorizedKeys}`, 'PidFile none',
      'StrictModes no', 'UsePAM no', 'PasswordAuthentication no', 'KbdInteractiveAuthentication no', 'PermitRootLogin prohibit-password',
      'AllowTcpForwarding yes', 'AllowStreamLocalForwarding yes', 'PrintMotd no', 'Subsystem sftp internal-sftp', 'LogLevel VERBOSE', ...options, '',
    ].join('\n'));
    // root's sshd wants its empty folder, which the package's service makes at boot
    if (process.getuid() === 0 && !existsSync('/run/sshd')) mkdirSync('/run/sshd', { mode: 0o755 });
    t?.after(() => sshd.stop());
    await sshd.launch();
    return sshd;
  }

  async newHostKey(kind = 'ed25519') {
    const path = join(this.folder, 'host_key');
    await mustRun('rm', ['-f', path, `${path}.pub`]);
    await mustRun('ssh-keygen', ['-q', '-t', kind, '-N', '', '-C', 'opsd tests', '-f', path]);
    const line = await mustRun('ssh-keygen', ['-l', '-f', `${path}.pub`]);
    this.hostKey = line.split(' ')[1];
  }

  async launch() {
    this.forget?.();
    this.forget = atExit(() => sshdsUnder(this.process.pid).forEach((pid) => killQuietly(pid, 'SIGKILL')));
    this.process = start('/usr/sbin/sshd', ['-D', '-e', '-f', join(this.folder, 'config')]);
    this.ended = null;
    this.log = '';
    this.process.ended.then((end) => (this.ended = end));
    for (const stream of ['stdout', 'stderr']) this.process[stream].setEncoding('utf8').on('data', (text) => (this.log += text));
    await until('sshd to listen', () => {
      if (this.ended) throw Object.assign(new Error(`sshd ended: ${this.log}`), { final: true });
      return this.log.includes(`Server listening on ${this.address}`);
    });
  }

  allow(publicLine) { appendFileSync(this.authorizedKeys, `${publicLine.trim()}\n`); }
  forbidAll() { writeFileSync(this.authorizedKeys, ''); }

  // The --ssh argument of node-add.
  get target() { return `${this.user}@${this.address}:${this.port}`; }

  // Ends sshd and what it serves now: connections are cut.
  async cut() {
    const connections = sshdsUnder(this.process.pid);
    this.process.kill('SIGKILL');
    for (const pid of connections) killQuietly(pid, 'SIGKILL');
    await this.process.ended;
  }

  async stop() {
    if (this.ended) return;
    await this.cut();
  }
}
