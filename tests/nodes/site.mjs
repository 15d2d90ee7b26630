// A site as an administrator has it: an opsd, databases on this machine and behind a real sshd, an authority and its pairs.
import assert from 'node:assert/strict';
import { Maker } from '../lab/certs.mjs';
import { MariaDb } from '../lab/mariadb.mjs';
import { Opsd } from '../lab/opsd.mjs';
import { Sshd } from '../lab/sshd.mjs';
import { followRollout } from '../api/world.mjs';

export class Site {
  static async create(t) {
    const site = new Site();
    site.t = t;
    site.maker = new Maker();
    site.ca = await site.maker.authority('Site CA');
    site.opsd = await Opsd.start(t);
    await site.opsd.setUp();
    site.local = site.opsd.local();
    site.nodes = {};
    return site;
  }

  async cluster(name, flavour) {
    await this.opsd.cliMust(['cluster-add', name, '--flavour', flavour, '--no-prompt']);
  }

  // A database that runs, added to opsd. reach: "local" or "ssh" (its host key confirmed once, as a person does).
  async node(name, { cluster, roles, reach = 'local', style = 'mysqld', ...more }) {
    const db = await MariaDb.start(this.t, { name, style, ...more });
    await this.add(name, db, { cluster, roles, reach });
    return db;
  }

  async add(name, db, { cluster, roles, reach = 'local' }) {
    const how = reach === 'local' ? ['--local'] : ['--ssh', (await this.host()).target];
    await this.opsd.cliMust(['node-add', name, ...db.nodeArguments({ cluster, roles, reach: how }), '--no-prompt']);
    if (reach === 'ssh') await this.opsd.cliMust(['node-trust', name, '--host-key', this.sshd.hostKey, '--no-prompt']);
    this.nodes[name] = db;
  }

  // The one sshd of the site, which knows opsd's key.
  async host() {
    if (!this.sshd) {
      this.sshd = await Sshd.start(this.t);
      this.sshd.allow(await this.opsd.cliMust(['ssh-key']));
    }
    return this.sshd;
  }

  // A pair for that database, in the inventory: {id, sha256, …}
  async pair(db, more = {}) {
    const pair = await this.maker.certificate({ issuer: this.ca, san: [`IP:${db.address}`, 'DNS:localhost'], subject: `/CN=${db.name}`, ...more });
    const reply = await this.local.post('/api/v1/certificates', { certificate: pair.certPem, key: pair.keyPem });
    return { ...pair, id: reply.id, sha256: await this.maker.fingerprint(pair.cert) };
  }

  async authority() {
    this.caId ??= (await this.local.post('/api/v1/certificates', { certificate: this.ca.certPem })).id;
    return this.caId;
  }

  // A rollout through the API, to its end.
  async do(what, body, state = 'done') {
    const { rollout } = await this.local.post(`/api/v1/nodes/${what}`, body);
    return followRollout(this.local, rollout, state);
  }

  push(nodes, pair, more = {}) { return this.do('push', { nodes, certificate: pair.id, ...more }); }
  option(nodes, key, value) { return this.do('config', { nodes, key, value }); }
  restart(nodes) { return this.do('restart', { nodes }); }

  async wire(name) {
    const { items } = await this.local.post('/api/v1/nodes/probe', { nodes: [name] });
    return items[0];
  }

  // By opsd's probe and by a handshake that is not opsd's: the node serves this pair.
  async serves(name, pair) {
    const node = await this.wire(name);
    assert.equal(node.probe.state, 'tls', node.probe.error);
    assert.equal(node.probe.sha256.replaceAll(':', ''), pair.sha256);
    assert.equal((await this.nodes[name].served()).sha256, pair.sha256);
    return node;
  }
}
