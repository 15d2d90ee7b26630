// A real Galera cluster of MariaDB members, each on a loopback address of its own with the usual ports 3306, 4567, 4568,
// 4444. The first member's stopped data directory is the others' start, so each joins by an incremental transfer of a few
// events: three members from nothing in about 15 s, where full transfers take twice that.
import { existsSync } from 'node:fs';
import { MariaDb } from './mariadb.mjs';
import { until } from './wait.mjs';

const provider = ['/usr/lib/galera/libgalera_smm.so', '/usr/lib64/galera-4/libgalera_smm.so'].find((path) => existsSync(path)) ?? '/usr/lib/galera/libgalera_smm.so';

// tls: {ca, cert, key} paths for the group channel and SST, or null for plaintext.
function memberOptions(addresses, address, name, tls, more) {
  const secure = tls ? [`socket.ssl_ca=${tls.ca}`, `socket.ssl_cert=${tls.cert}`, `socket.ssl_key=${tls.key}`, 'socket.ssl=yes'] : [];
  const settings = [
    `gmcast.listen_addr=${tls ? 'ssl' : 'tcp'}://${address}:4567`, `ist.recv_addr=${address}:4568`, `base_host=${address}`, 'gcache.size=8M',
    'evs.suspect_timeout=PT3S', 'evs.inactive_timeout=PT5S', 'gmcast.peer_timeout=PT2S', 'pc.announce_timeout=PT1S', ...secure,
  ];
  return [
    'wsrep_on = ON', `wsrep_provider = ${provider}`, `wsrep_cluster_address = gcomm://${addresses.join(',')}`, 'wsrep_cluster_name = lab',
    `wsrep_node_name = ${name}`, `wsrep_node_address = ${address}`, `wsrep_sst_receive_address = ${address}:4444`, 'wsrep_sst_method = rsync',
    `wsrep_provider_options = "${settings.join(';')}"`, 'binlog_format = ROW', 'default_storage_engine = InnoDB', 'innodb_autoinc_lock_mode = 2', ...more,
  ];
}

export class Galera {
  // tlsFor: (member) => {ca, cert, key} or null; called once a member's folders are there.
  static async start(t, { size = 3, tlsFor = () => null, options = [] } = {}) {
    const cluster = new Galera();
    cluster.members = [];
    for (let i = 0; i < size; i++) cluster.members.push(await MariaDb.create(null, { name: `galera${i + 1}`, late: true }));
    t?.after(() => cluster.stop());
    const addresses = cluster.members.map((m) => m.address);
    for (const member of cluster.members) await member.finish(memberOptions(addresses, member.address, member.name, await tlsFor(member), options));
    await cluster.#bootstrap();
    return cluster;
  }

  async #bootstrap() {
    const [first, ...others] = this.members;
    await first.install();
    await first.start('--wsrep-new-cluster');
    await first.sql('CREATE DATABASE lab; CREATE TABLE lab.t (id INT AUTO_INCREMENT PRIMARY KEY, v VARCHAR(40)) ENGINE=InnoDB');
    await first.stopCleanly();
    for (const other of others) await other.install(first.data, ['galera.cache', 'ibtmp1', 'certs']);
    await first.start('--wsrep-new-cluster');
    for (const other of others) await other.start();
    await this.synced();
  }

  // All members Synced in one primary component of the whole size.
  async synced(within_ms = 60_000) {
    for (const member of this.members) {
      await until(`${member.name} to be Synced`, async () => {
        const state = await member.status('wsrep_local_state_comment');
        const size = await member.status('wsrep_cluster_size');
        const status = await member.status('wsrep_cluster_status');
        if (state === 'Synced' && size === String(this.members.length) && status === 'Primary') return true;
        throw new Error(`${state}, ${status}, size ${size}`);
      }, { within_ms, every_ms: 100 });
    }
  }

  async stop() {
    for (const member of [...this.members].reverse()) await member.stop();
  }
}
