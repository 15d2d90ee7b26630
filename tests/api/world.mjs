// What the happy paths of the API need around them: an opsd, a certificate, a database on this machine and an sshd.
import { chmodSync } from 'node:fs';
import { Maker } from '../lab/certs.mjs';
import { MariaDb } from '../lab/mariadb.mjs';
import { Opsd } from '../lab/opsd.mjs';
import { Sshd } from '../lab/sshd.mjs';
import { until } from '../lab/wait.mjs';

export class World {
  static async create(t) {
    const world = new World();
    world.maker = new Maker();
    world.ca = await world.maker.authority();
    world.db = await MariaDb.start(t, { name: 'db1' });
    world.sshd = await Sshd.start(t);
    world.leaf = await world.maker.certificate({ issuer: world.ca, san: ['DNS:node.test', `IP:${world.db.address}`] });
    world.opsd = await Opsd.start(t);
    world.setupToken = world.opsd.setupToken();
    world.local = world.opsd.local();
    return world;
  }

  node(name, more = {}) {
    return {
      name, cluster: 'orders', roles: ['member'], reach: 'local', address: `${this.db.address}:3306`, option_file: this.db.optionFile,
      cert_dir: this.db.certs, owner: this.db.user, service: this.db.service, ...more,
    };
  }

  async addSshNode() {
    this.sshd.allow((await this.local.get('/api/v1/ssh-key')).public_key);
    await this.local.post('/api/v1/nodes', this.node('far', { reach: 'ssh', ssh: this.sshd.target }));
  }

  addCluster(name, flavour = 'mariadb') { return this.local.post('/api/v1/clusters', { name, flavour }); }

  async importAuthority() { this.authority = (await this.local.post('/api/v1/certificates', { certificate: this.ca.certPem })).id; }

  async importAnother() {
    const other = await this.maker.certificate({ issuer: this.ca, subject: '/CN=other.test' });
    this.other = (await this.local.post('/api/v1/certificates', { certificate: other.certPem })).id;
  }

  // Until a rollout has ended; it must have gone well.
  async follow(id, state = 'done') {
    this.lastRollout = id;
    return followRollout(this.local, id, state);
  }

  // A restart that cannot succeed, because the service command is gone; put back afterwards so that it can be resumed.
  async failedRollout() {
    chmodSync(this.db.service, 0o644);
    this.opsd.mayLog(/rollout/i);
    // by its uptime opsd tells a server that was restarted from one that was not
    await until('the server to be older than a moment', async () => Number(await this.db.status('Uptime')) > 2);
    const { rollout } = await this.local.post('/api/v1/nodes/restart', { nodes: ['db-1'] });
    await this.follow(rollout, 'failed');
    chmodSync(this.db.service, 0o755);
  }
}

export async function followRollout(client, id, state = 'done', within_ms = 90_000) {
  const rollout = await until(`rollout ${id} to end`, async () => {
    const now = await client.get(`/api/v1/rollouts/${id}`);
    return ['done', 'failed', 'interrupted'].includes(now.state) && now;
  }, { within_ms, every_ms: 50 });
  if (rollout.state !== state) {
    const steps = rollout.steps.map((s) => `  ${s.node ?? ''} ${s.action} ${s.state}: ${s.detail ?? ''}`).join('\n');
    throw Object.assign(new Error(`rollout ${id} "${rollout.title}" is ${rollout.state}, not ${state}: ${rollout.error}\n${steps}`), { final: true });
  }
  return rollout;
}
