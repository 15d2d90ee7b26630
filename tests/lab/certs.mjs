// Certificates made at test time by the real openssl, as a person makes them. Every method answers paths and PEM texts.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { mustRun, temporaryFolder } from './lifetime.mjs';

export const KEYS = {
  'p-256': ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256', '-pkeyopt', 'ec_param_enc:named_curve'],
  'p-384': ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-384', '-pkeyopt', 'ec_param_enc:named_curve'],
  'rsa-2048': ['-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2048'],
  'rsa-1024': ['-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:1024'],
  ed25519: ['-algorithm', 'ED25519'],
};

const stamp = (date) => date.toISOString().replace(/[-:T]/g, '').replace(/\.\d+/, '');
const inDays = (days) => new Date(Date.now() + days * 86_400_000);

export class Maker {
  constructor(folder = temporaryFolder('certs')) {
    this.folder = folder;
    this.count = 0;
  }

  openssl(args, options) { return mustRun('openssl', args, { env: { PATH: process.env.PATH, HOME: this.folder }, ...options }); }

  path(name) { return join(this.folder, name); }

  #next(name) {
    const folder = this.path(`${++this.count}-${name.replace(/[^\w.-]/g, '_')}`);
    mkdirSync(folder);
    return folder;
  }

  // A private key in PKCS#8. Answers its path.
  async key(kind = 'p-256', path = join(this.#next('key'), 'key.pem')) {
    await this.openssl(['genpkey', ...KEYS[kind], '-out', path]);
    return path;
  }

  // A self-signed authority: {name, folder, key, cert, pem, issuer: null}
  authority(name = 'Test CA', options = {}) {
    return this.certificate({ subject: `/O=opsd tests/CN=${name}`, ca: true, days: 3650, ...options });
  }

  // A certificate.
  //   issuer: an answer of this function, null for self-signed · ca · subject: openssl's /C=…/CN=… · san: ["DNS:x", "IP:y"]
  //   key: a kind, or {path} of a key that is there · days from now, or from and to as Dates · serial: hexadecimal
  //   eku: list, null for none · extensions: more lines · config: lines of the distinguished name instead of subject
  // Answers {folder, key, cert, keyPem, certPem, chain (leaf first, without the root), issuer}.
  async certificate({
    issuer = null, ca = false, subject = '/CN=node.test', san = null, key = 'p-256', days = 90, from = inDays(-1 / 24), to = null,
    serial = null, eku = ca ? null : ['serverAuth', 'clientAuth'], extensions = [], config = null, v1 = false, digest = 'sha256',
  } = {}) {
    const folder = this.#next(/CN=([^/]*)/.exec(subject)?.[1] ?? 'certificate');
    const at = (name) => join(folder, name);
    const keyPath = typeof key === 'string' ? await this.key(key, at('key.pem')) : key.path;
    const lines = [`basicConstraints = critical, CA:${ca ? 'TRUE' : 'FALSE'}`, 'subjectKeyIdentifier = hash'];
    lines.push(`keyUsage = critical, ${ca ? 'keyCertSign, cRLSign' : 'digitalSignature'}`);
    if (issuer) lines.push('authorityKeyIdentifier = keyid');
    if (eku) lines.push(`extendedKeyUsage = ${eku.join(', ')}`);
    if (san?.length) lines.push('subjectAltName = @names');
    lines.push(...extensions);
    if (san?.length) lines.push('', '[names]', ...san.map((name, i) => `${name.split(':')[0]}.${i + 1} = ${name.slice(name.indexOf(':') + 1)}`));
    const caSection = [
      '[authority]', `database = ${at('index.txt')}`, `new_certs_dir = ${folder}`, 'unique_subject = no', 'policy = any',
      'copy_extensions = none', 'email_in_dn = yes', 'preserve = yes', `serial = ${at('serial')}`,
      '[any]', ...['C', 'ST', 'L', 'O', 'OU', 'CN', 'emailAddress', 'DC', 'UID', 'serialNumber', 'street', 'title'].map((n) => `${n} = optional`),
    ];
    const request = ['[req]', 'distinguished_name = dn', 'prompt = no', 'utf8 = yes', 'string_mask = utf8only', '[dn]', ...(config ?? ['CN = unused'])];
    writeFileSync(at('openssl.cnf'), [...request, ...caSection, ...(v1 ? [] : ['[extensions]', ...lines]), ''].join('\n'));
    writeFileSync(at('index.txt'), '');
    writeFileSync(at('serial'), `${serial ?? (await this.openssl(['rand', '-hex', '16'])).trim().replace(/^./, '5')}\n`);
    const naming = config ? [] : ['-utf8', '-subj', subject];
    await this.openssl(['req', '-new', '-config', at('openssl.cnf'), '-key', keyPath, '-out', at('request.pem'), ...naming]);
    await this.openssl([
      'ca', '-batch', '-notext', '-config', at('openssl.cnf'), '-name', 'authority', '-md', key === 'ed25519' && !issuer ? 'default' : digest,
      '-in', at('request.pem'), '-out', at('cert.pem'), '-startdate', stamp(from), '-enddate', stamp(to ?? inDays(days)),
      ...(v1 ? [] : ['-extensions', 'extensions']),
      ...(issuer ? ['-cert', issuer.cert, '-keyfile', issuer.key] : ['-selfsign', '-keyfile', keyPath]),
    ]);
    const certPem = readFileSync(at('cert.pem'), 'utf8');
    const above = issuer && issuer.issuer ? issuer.chain : '';
    writeFileSync(at('chain.pem'), certPem + above);
    return { folder, key: keyPath, cert: at('cert.pem'), chainPath: at('chain.pem'), keyPem: readFileSync(keyPath, 'utf8'), certPem, chain: certPem + above, issuer };
  }

  // The key in another form: "pkcs1", "sec1", "pkcs8", "encrypted" (PKCS#8 under `password`), "traditional-encrypted", "der".
  async keyAs(keyPath, form, password = 'a pass phrase') {
    const to = join(this.#next(form), 'key.pem');
    const how = {
      pkcs1: ['rsa', '-traditional', '-in', keyPath, '-out', to],
      sec1: ['ec', '-in', keyPath, '-out', to],
      pkcs8: ['pkcs8', '-topk8', '-nocrypt', '-in', keyPath, '-out', to],
      encrypted: ['pkcs8', '-topk8', '-v2', 'aes-256-cbc', '-passout', 'stdin', '-in', keyPath, '-out', to],
      'traditional-encrypted': ['pkey', '-traditional', '-aes-128-cbc', '-passout', 'stdin', '-in', keyPath, '-out', to],
      der: ['pkey', '-outform', 'DER', '-in', keyPath, '-out', to],
    }[form];
    await this.openssl(how, { input: `${password}\n` });
    return to;
  }

  async fingerprint(certPath) {
    const line = await this.openssl(['x509', '-noout', '-fingerprint', '-sha256', '-in', certPath]);
    return line.trim().split('=')[1].replaceAll(':', '').toLowerCase();
  }

  // What `openssl x509 -subject -issuer` prints, as a person compares it.
  names(certPath) { return this.openssl(['x509', '-noout', '-subject', '-issuer', '-in', certPath]); }
}
