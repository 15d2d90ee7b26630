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

// What was done, and the same for what was refused.
const operations: Record<string, [done: string, refused: string]> = {
  setup: ['Set up, first administrator', 'Set up'],
  sessionCreate: ['Signed in', 'Sign in'],
  sessionDelete: ['Signed out', 'Sign out'],
  stop: ['Stopped opsd', 'Stop opsd'],
  restart: ['Restarted opsd', 'Restart opsd'],
  sslSetCert: ['Changed the console’s certificate', 'Change the console’s certificate'],
  sslDisable: ['Turned the console’s TLS off', 'Turn the console’s TLS off'],
  certImport: ['Imported a certificate', 'Import a certificate'],
  certInspect: ['Inspected a certificate', 'Inspect a certificate'],
  certExport: ['Exported a certificate', 'Export a certificate'],
  certDelete: ['Deleted a certificate', 'Delete a certificate'],
  clusterAdd: ['Added a cluster', 'Add a cluster'],
  clusterDelete: ['Deleted a cluster', 'Delete a cluster'],
  nodeAdd: ['Added a node', 'Add a node'],
  nodeChange: ['Changed a node', 'Change a node'],
  nodeDelete: ['Removed a node', 'Remove a node'],
  nodeTrust: ['Pinned a host key', 'Pin a host key'],
  nodeProbe: ['Probed nodes', 'Probe nodes'],
  nodePush: ['Pushed a certificate', 'Push a certificate'],
  nodeUpdateConfig: ['Changed an option', 'Change an option'],
  nodeRestart: ['Restarted nodes', 'Restart nodes'],
  rolloutResume: ['Resumed a rollout', 'Resume a rollout'],
  userAdd: ['Added a user', 'Add a user'],
  userChange: ['Changed a role', 'Change a role'],
  userPassword: ['Set a password', 'Set a password'],
  userDelete: ['Deleted a user', 'Delete a user'],
  tokenAdd: ['Made a token', 'Make a token'],
  tokenDelete: ['Ended a token', 'End a token'],
};
export const operationName = (word: string, done = true): string => operations[word]?.[done ? 0 : 1] ?? word;
export const operationWords = Object.keys(operations);
