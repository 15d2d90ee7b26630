// What can be done to nodes, from a cluster's page or from one node's.
import type { Node } from '../contract';
import { call } from '../lib/api';
import { refresh } from '../lib/data';
import { refuse, useForm } from '../lib/form';
import { go } from '../lib/route';
import { count, list } from '../lib/words';
import { Button } from '../ui/button';
import { Dialog } from '../ui/dialog';
import { RadioField, TextField } from '../ui/field';
import { toast } from '../ui/live-region';
import { NodePick } from '../ui/pick';
import { reachable } from './push-dialog';

const options: Record<string, string[]> = {
  singlestore: ['ssl_cert', 'ssl_key', 'ssl_ca', 'ssl_capath', 'ssl_cipher', 'node_replication_ssl_only', 'ssl_fips_mode'],
  pxc: ['ssl_cert', 'ssl_key', 'ssl_ca', 'require_secure_transport', 'pxc_encrypt_cluster_traffic', 'tls_version', 'wsrep_provider_options'],
  mariadb: ['ssl_cert', 'ssl_key', 'ssl_ca', 'require_secure_transport', 'tls_version', 'wsrep_provider_options'],
  mysql: ['ssl_cert', 'ssl_key', 'ssl_ca', 'require_secure_transport', 'tls_version', 'admin_ssl_cert', 'admin_ssl_key'],
};

export async function probe(nodes: Node[]): Promise<void> {
  try {
    const reply = await call('nodeProbe', { nodes: nodes.map((n) => String(n.id)) });
    const one = reply.items.length === 1 ? reply.items[0]! : null;
    const words: Record<string, string> = { this: 'serves what is wanted', other: 'serves another certificate', plaintext: 'offers no TLS', unreachable: 'did not answer', unknown: 'was looked at' };
    if (one) toast(one.wire === 'this' || one.wire === 'unknown' ? 'success' : 'info', `${one.name} ${words[one.wire] ?? ''}`);
    else toast(reply.differing ? 'info' : 'success', `Probed ${count(reply.items.length, 'node')}, ${reply.differing} differ${reply.differing === 1 ? 's' : ''}`);
    await refresh();
  } catch (e) {
    toast('danger', (e as Error).message);
  }
}

interface DialogProps {
  nodes: Node[];
  close: () => void;
}

const idsOf = (nodes: Node[]) => reachable(nodes).map((n) => String(n.id));

async function started(reply: Promise<{ rollout: number }>, close: () => void): Promise<void> {
  const { rollout } = await reply;
  close();
  go(`/rollouts/${rollout}`);
  void refresh();
}

export function OptionDialog({ nodes, close }: DialogProps) {
  const flavour = nodes[0]!.flavour;
  const form = useForm({ nodes: idsOf(nodes), key: '', value: '', section: '', what: 'set' }, async (v) => {
    if (!v.key.trim()) throw refuse('key', 'Enter the name of an option.');
    if (!v.nodes.length) throw refuse('nodes', 'Choose at least one node.');
    const remove = v.what === 'remove';
    await started(call('nodeUpdateConfig', {
      nodes: v.nodes, key: v.key.trim(), value: remove ? null : v.value, ...(remove ? { remove } : {}), section: v.section.trim() || null,
    }), close);
  });
  const remove = form.values.what === 'remove';
  return (
    <Dialog title={nodes.length === 1 ? `Option of ${nodes[0]!.name}` : 'Option of these nodes'} close={close} error={form.error} onSubmit={form.submit}
      footer={<>
        <Button kind="primary" submit busy={form.busy}>{remove ? 'Remove option' : 'Set option'}</Button>
        <Button kind="link" onClick={close}>Cancel</Button>
      </>}>
      <p class="subtle">One option is edited in place in the server’s option file; not a byte more. Most options take effect at the next restart.</p>
      <RadioField legend="What" value={form.values.what} onChange={(v) => form.set('what', v)} choices={[['set', 'Set it'], ['remove', 'Remove it']]} />
      <TextField label="Option" mono list={options[flavour] ?? []} {...form.bind('key')} placeholder="ssl_cert" hint="- and _ are the same" />
      {!remove && <TextField label="Value" mono {...form.bind('value')} placeholder="./certs/server-cert.pem" />}
      <TextField label="Section" required={false} mono {...form.bind('section')} placeholder={flavour === 'singlestore' ? 'server' : 'mysqld'} />
      {nodes.length > 1 && <NodePick nodes={reachable(nodes)} value={form.values.nodes} onChange={(v) => form.set('nodes', v)} error={form.bind('nodes').error} />}
    </Dialog>
  );
}

export function RestartDialog({ nodes, close }: DialogProps) {
  const form = useForm({ nodes: idsOf(nodes) }, async (v) => {
    if (!v.nodes.length) throw refuse('nodes', 'Choose at least one node.');
    await started(call('nodeRestart', { nodes: v.nodes }), close);
  });
  const chosen = nodes.filter((n) => form.values.nodes.includes(String(n.id)));
  const galera = nodes.some((n) => n.flavour === 'pxc' || n.flavour === 'mariadb');
  return (
    <Dialog danger title={nodes.length === 1 ? `Restart ${nodes[0]!.name}?` : 'Restart these nodes?'} close={close} error={form.error} onSubmit={form.submit}
      footer={<>
        <Button kind="danger" submit busy={form.busy}>{chosen.length === 1 ? `Restart ${chosen[0]!.name}` : `Restart ${count(chosen.length, 'node')}`}</Button>
        <Button kind="link" onClick={close}>Cancel</Button>
      </>}>
      {chosen.length > 0 && <p><strong>{list(chosen.slice(0, 8).map((n) => n.name))}{chosen.length > 8 ? ` and ${chosen.length - 8} more` : ''}</strong> will stop and start. Connections to {chosen.length === 1 ? 'it' : 'them'} break.
        opsd follows each until it answers{galera && ', and restarts members of a cluster one after the other, each Synced before the next'}.</p>}
      {nodes.length > 1 && <NodePick nodes={reachable(nodes)} value={form.values.nodes} onChange={(v) => form.set('nodes', v)} error={form.bind('nodes').error} />}
    </Dialog>
  );
}
