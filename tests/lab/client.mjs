// A client of the JSON API over HTTPS. It trusts one certificate by its SHA-256 and nothing else, keeps the session cookie,
// and sends what a page sends: Origin and X-Opsd-CSRF on writes. Each can be left out or forged, which the matrix does.
import https from 'node:https';
import http from 'node:http';

const hexOf = (fingerprint) => fingerprint.replace(/^sha256:/i, '').replaceAll(':', '').toLowerCase();

// One connection pool that closes whatever shows another certificate than `pin()` says (null: any).
function pinningAgent(pin, options) {
  const agent = new https.Agent({ keepAlive: true, rejectUnauthorized: false, maxCachedSessions: 0, ...options });
  const create = agent.createConnection.bind(agent);
  agent.createConnection = (...args) => {
    const socket = create(...args);
    socket.once('secureConnect', () => {
      const seen = hexOf(socket.getPeerX509Certificate()?.fingerprint256 ?? '');
      const wanted = pin();
      if (wanted && seen && seen !== hexOf(wanted)) socket.destroy(new Error(`the certificate ${seen} is not ${wanted}`));
    });
    return socket;
  };
  return agent;
}

export class Client {
  // base: "https://HOST:PORT" or "http://…"; token: a bearer token instead of a session
  // socketPath: over a local socket, base is then only the Host
  constructor(base, { fingerprint = null, token = null, socketPath = undefined, agent = {} } = {}) {
    this.base = new URL(base);
    this.fingerprint = fingerprint;
    this.token = token;
    this.cookie = null;
    this.place = socketPath ? { socketPath } : { host: this.base.hostname.replace(/^\[|\]$/g, ''), port: this.base.port };
    this.agent = this.base.protocol === 'https:' ? pinningAgent(() => this.fingerprint, agent) : new http.Agent({ keepAlive: true, ...agent });
  }

  // {method, path, body, headers, raw}: body is sent as JSON unless it is a string or Buffer; a header set to null is left
  // out. Answers {status, headers, text, bytes, json, socket}.
  request({ method = 'GET', path, body, headers = {}, timeout_ms = 30_000 }) {
    const all = { accept: 'application/json' };
    if (this.token) all.authorization = `Bearer ${this.token}`;
    if (this.cookie) all.cookie = this.cookie;
    if (method !== 'GET' && method !== 'HEAD') Object.assign(all, { 'x-opsd-csrf': '1', origin: this.base.origin });
    if (body !== undefined) all['content-type'] = 'application/json';
    for (const [name, value] of Object.entries(headers)) {
      if (value === null) delete all[name.toLowerCase()];
      else all[name.toLowerCase()] = value;
    }
    const bytes = body === undefined ? null : typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
    if (bytes !== null && !('transfer-encoding' in all)) all['content-length'] ??= Buffer.byteLength(bytes);
    return new Promise((resolve, reject) => {
      const transport = this.base.protocol === 'https:' ? https : http;
      const request = transport.request(
        { ...this.place, method, path, headers: all, agent: this.agent, timeout: timeout_ms },
        (response) => {
          const chunks = [];
          const { socket } = response;
          response.on('data', (chunk) => chunks.push(chunk));
          response.on('error', reject);
          response.on('end', () => resolve(this.#answer(response, Buffer.concat(chunks), socket)));
        },
      );
      request.on('timeout', () => request.destroy(new Error(`${method} ${path}: no answer within ${timeout_ms} ms`)));
      request.on('error', reject);
      request.end(bytes ?? undefined);
    });
  }

  #answer(response, bytes, socket) {
    for (const line of response.headers['set-cookie'] ?? []) {
      const pair = line.split(';')[0];
      this.cookie = pair.endsWith('=') || /max-age=0\b/i.test(line) ? null : pair;
    }
    const text = bytes.toString('utf8');
    const json = /json/.test(response.headers['content-type'] ?? '') && text ? JSON.parse(text) : undefined;
    return { status: response.statusCode, headers: response.headers, text, bytes, json, socket };
  }

  // The verbs answer the parsed body and reject with an ApiError for what is no success.
  async #must(request) {
    const answer = await this.request(request);
    if (answer.status >= 300) throw new ApiError(request, answer);
    return answer.json ?? answer.text;
  }
  get(path) { return this.#must({ path }); }
  post(path, body) { return this.#must({ method: 'POST', path, body: body ?? {} }); }
  put(path, body) { return this.#must({ method: 'PUT', path, body }); }
  patch(path, body) { return this.#must({ method: 'PATCH', path, body }); }
  delete(path) { return this.#must({ method: 'DELETE', path }); }

  signIn(name, password) { return this.post('/api/v1/session', { name, password }); }

  // Server-sent events as an async iterator of {event, data}; `close()` on it ends the stream.
  async events(path) {
    const transport = this.base.protocol === 'https:' ? https : http;
    const headers = { accept: 'text/event-stream' };
    if (this.token) headers.authorization = `Bearer ${this.token}`;
    if (this.cookie) headers.cookie = this.cookie;
    const response = await new Promise((resolve, reject) => {
      const request = transport.request({ ...this.place, path, headers, agent: this.agent }, resolve);
      request.on('error', reject);
      request.end();
    });
    if (response.statusCode !== 200) throw new Error(`GET ${path}: ${response.statusCode}`);
    const parsed = parseEvents(response.setEncoding('utf8'));
    return { status: response.statusCode, headers: response.headers, close: () => response.destroy(), [Symbol.asyncIterator]: () => parsed };
  }

  close() { this.agent.destroy(); }
}

async function* parseEvents(stream) {
  let rest = '';
  try {
    for await (const text of stream) {
      const blocks = (rest + text).split('\n\n');
      rest = blocks.pop();
      for (const block of blocks) {
        const lines = block.split('\n').filter((line) => line && !line.startsWith(':'));
        if (!lines.length) continue;
        const field = (name) => lines.filter((l) => l.startsWith(`${name}: `)).map((l) => l.slice(name.length + 2)).join('\n');
        const data = field('data');
        yield { event: field('event') || 'message', data: data ? JSON.parse(data) : null };
      }
    }
  } catch (error) {
    if (!['ERR_STREAM_PREMATURE_CLOSE', 'ECONNRESET'].includes(error.code)) throw error;
  }
}

export class ApiError extends Error {
  constructor({ method = 'GET', path }, answer) {
    const error = answer.json?.error ?? {};
    super(`${method} ${path}: ${answer.status} ${error.code ?? ''} ${error.field ? `(${error.field}) ` : ''}${error.message ?? answer.text}`);
    this.answer = answer;
    this.status = answer.status;
    this.code = error.code;
    this.field = error.field;
    this.sentence = error.message;
    this.final = true;
  }
}
