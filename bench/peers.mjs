// The two servers, with the same key, on free ports of the loopback.
import { mkdirSync, writeFileSync } from 'node:fs';
import https from 'node:https';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { start, temporaryFolder } from '../tests/lab/lifetime.mjs';
import { Opsd } from '../tests/lab/opsd.mjs';
import { freePort } from './lib.mjs';

const agent = new https.Agent({ rejectUnauthorized: false, keepAlive: false });

// One request on a connection of its own: {status, headers, bytes}.
export function once(url, headers = {}) {
  return new Promise((resolve, reject) => {
    https.get(url, { agent, headers }, (response) => {
      const parts = [];
      response.on('data', (part) => parts.push(part));
      response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, bytes: Buffer.concat(parts) }));
    }).on('error', reject);
  });
}

// As soon as it can be: for the time from start to first reply nothing may be waited for in steps.
export async function firstReply(url, process) {
  for (;;) {
    try {
      return await once(url);
    } catch (error) {
      if (process.exitCode !== null) throw error;
    }
  }
}

const OPSD_CONF = ['connections_max = 5000', 'connections_per_address = 5000', ''].join('\n');

export class Console {
  static async make(pair) {
    const c = new Console();
    c.home = temporaryFolder('bench');
    const config = join(c.home, 'opsd.conf');
    writeFileSync(config, OPSD_CONF);
    c.port = await freePort();
    // not OPSD_CHECK_REPLIES, which is for tests
    c.opsd = await Opsd.start(null, { home: c.home, ports: [String(c.port), '0'], args: ['--config', config], env: { OPSD_CHECK_REPLIES: undefined } });
    const admin = await c.opsd.setUp();
    c.token = (await admin.post('/api/v1/tokens', { name: 'bench', role: 'admin', days: 1 })).value;
    c.authorization = `Authorization: Bearer ${c.token}`;
    await admin.put('/api/v1/console/certificate', { key: pair.keyPem, certificate: pair.certPem });
    c.url = `https://127.0.0.1:${c.port}`;
    c.client = c.opsd.client({ token: c.token, fingerprint: '' });
    c.client.fingerprint = null;
    return c;
  }

  get pid() { return this.opsd.pid; }
}

export class Nginx {
  // headers: {page, data}, those of opsd's own replies, so that both send the same
  static async make(pair, headers) {
    const n = new Nginx();
    n.folder = temporaryFolder('nginx');
    n.port = await freePort();
    n.url = `https://127.0.0.1:${n.port}`;
    n.files = join(n.folder, 'files');
    mkdirSync(n.files);
    writeFileSync(n.at('nginx.conf'), n.config(pair, headers));
    return n;
  }

  at(name) { return join(this.folder, name); }

  config(pair, headers) {
    const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((t) => `${t}_temp_path ${this.at('temporary')};`);
    const same = (of) => Object.entries(of).map(([name, value]) => `add_header ${name} "${value}" always;`).join(' ');
    const quoted = '{"message":"ok"}\\n';
    return `
${process.getuid() === 0 ? `user ${userInfo().username};` : ''}
worker_processes auto;
daemon off;
pid ${this.at('nginx.pid')};
error_log ${this.at('error.log')} warn;
events { worker_connections 4096; }
http {
  ${temporary.join('\n  ')}
  access_log off;
  sendfile on;
  tcp_nopush on;
  open_file_cache max=100;
  keepalive_requests 100000000;
  default_type application/json;
  server {
    listen 127.0.0.1:${this.port} ssl;
    ssl_certificate ${pair.cert};
    ssl_certificate_key ${pair.key};
    ssl_protocols TLSv1.2 TLSv1.3;
    ssl_session_cache shared:tls:1m;
    root ${this.files};
    location = /asset { ${same(headers.page)} }
    location = /list { ${same(headers.data)} }
    location = /tiny { ${same(headers.data)} return 200 '${quoted}'; }
  }
}
`;
  }

  launch() {
    this.process = start('nginx', ['-c', this.at('nginx.conf'), '-p', this.folder]);
    this.process.stderr.setEncoding('utf8').on('data', (text) => process.stderr.write(`nginx: ${text}`));
    return firstReply(`${this.url}/tiny`, this.process);
  }

  get pid() { return this.process.pid; }

  async stop() {
    this.process.kill('SIGTERM');
    await this.process.ended;
  }
}
