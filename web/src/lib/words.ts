// What the API's words are called on pages.
export type Tone = 'success' | 'danger' | 'warning' | 'subtle' | 'brand';

const flavours: Record<string, string> = { singlestore: 'SingleStore', pxc: 'Percona XtraDB Cluster', mariadb: 'MariaDB', mysql: 'MySQL' };
export const flavourName = (word: string): string => flavours[word] ?? word;
export const flavourWords = Object.keys(flavours);

export const count = (n: number, one: string, many = `${one}s`): string => `${n.toLocaleString('en')} ${n === 1 ? one : many}`;

export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

export function list(words: string[]): string {
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

// RSA 2048, P-256, Ed25519
export function keyName(c: { key_type: string; key_bits: number; curve: string | null }): string {
  if (c.curve) return c.curve;
  return /^Ed/.test(c.key_type) ? c.key_type : `${c.key_type} ${c.key_bits}`;
}

// The common name of a distinguished name in the form "CN = x, O = y"; the whole where it has none.
export function commonName(dn: string): string {
  const found = /(?:^|[,+]\s*)CN\s*=\s*((?:"[^"]*"|\\.|[^,+\\])+)/.exec(dn);
  return found ? found[1]!.trim().replace(/^"(.*)"$/, '$1').replace(/\\([,+"\\<>;#= ])/g, '$1') : dn;
}

const operations: Record<string, string> = {
  setup: 'Set up, first administrator',
  sessionCreate: 'Signed in',
  sessionDelete: 'Signed out',
  stop: 'Stopped opsd',
  restart: 'Restarted opsd',
  sslSetCert: 'Changed the console’s certificate',
  sslDisable: 'Turned the console’s TLS off',
  certImport: 'Imported a certificate',
  certExport: 'Exported a certificate',
  certDelete: 'Deleted a certificate',
  clusterAdd: 'Added a cluster',
  clusterDelete: 'Deleted a cluster',
  nodeAdd: 'Added a node',
  nodeChange: 'Changed a node',
  nodeDelete: 'Deleted a node',
  nodeTrust: 'Pinned a host key',
  nodeProbe: 'Probed nodes',
  nodePush: 'Pushed a certificate',
  nodeUpdateConfig: 'Changed an option',
  nodeRestart: 'Restarted nodes',
  rolloutResume: 'Resumed a rollout',
  userAdd: 'Added a user',
  userChange: 'Changed a role',
  userPassword: 'Set a password',
  userDelete: 'Deleted a user',
  tokenAdd: 'Made a token',
  tokenDelete: 'Deleted a token',
};
export const operationName = (word: string): string => operations[word] ?? word;
export const operationWords = Object.keys(operations);
