import { useState } from 'preact/hooks';
import type { CertificateDetail, Node } from '../contract';
import { call } from '../lib/api';
import { refresh, useData } from '../lib/data';
import { refuse, useForm } from '../lib/form';
import { go } from '../lib/route';
import { count } from '../lib/words';
import { Button } from '../ui/button';
import { short } from '../ui/copy';
import { Dialog } from '../ui/dialog';
import { RadioField, SelectField } from '../ui/field';
import { CertificatePick, NodePick } from '../ui/pick';
import { Bone } from '../ui/states';

export const reachable = (nodes: Node[]) => nodes.filter((n) => n.reach !== 'observe');

function ClusterAndNodes({ cluster, setCluster, nodes, value, onChange, error }: {
  cluster: string; setCluster: (v: string) => void; nodes: Node[] | undefined; value: string[]; onChange: (v: string[]) => void; error: string | undefined;
}) {
  const clusters = useData('clusterList', { limit: 1000 }).data?.items;
  return (
    <>
      <SelectField label="Cluster" value={cluster} onChange={setCluster}
        choices={[['', clusters ? (clusters.length ? 'Choose' : 'There is no cluster yet') : 'Loading'], ...(clusters ?? []).map((c): [string, string] => [c.name, `${c.name}, ${count(c.node_count, 'node')}`])]} />
      {cluster && (nodes ? <NodePick nodes={nodes} value={value} onChange={onChange} error={error} /> : <Bone width="100%" height="60px" />)}
    </>
  );
}

export interface PushDialogProps {
  certificate?: CertificateDetail; // given on the certificate's page: then the nodes are chosen
  cluster?: string;
  nodes?: Node[]; // given on the cluster's and the node's: then the certificate is
  close: () => void;
}

export function PushDialog({ certificate, cluster: given, nodes: givenNodes, close }: PushDialogProps) {
  const [cluster, setCluster] = useState(given ?? '');
  const asked = useData('nodeList', { cluster, limit: 1000 }, { live: false });
  const nodes = givenNodes ? reachable(givenNodes) : cluster && asked.data ? reachable(asked.data.items) : undefined;
  const [from, setFrom] = useState('chain');
  const form = useForm({ nodes: (givenNodes ? reachable(givenNodes) : []).map((n) => String(n.id)), certificate: certificate?.id ?? 0, authority: 0 }, async (v) => {
    if (!v.certificate) throw refuse('certificate', 'Choose a certificate.');
    if (!v.nodes.length) throw refuse('nodes', 'Choose at least one node.');
    const { rollout } = await call('nodePush', { nodes: v.nodes, certificate: v.certificate, authority: from === 'other' ? v.authority : 0 });
    close();
    go(`/rollouts/${rollout}`);
    void refresh();
  });
  return (
    <Dialog wide title={certificate ? `Push ${certificate.name ?? certificate.common_name}` : 'Push a certificate'} close={close} error={form.error} onSubmit={form.submit}
      footer={<>
        <Button kind="primary" submit busy={form.busy}>{form.values.nodes.length ? `Push to ${count(form.values.nodes.length, 'node')}` : 'Push'}</Button>
        <Button kind="link" onClick={close}>Cancel</Button>
      </>}>
      {certificate
        ? <p>The pair <code>{short(certificate.sha256)}</code> is put into each node’s certificate folder as a new generation, all or nothing. Servers read it at their next restart or reload.</p>
        : <CertificatePick legend="Certificate" filter={{ has_key: true }} value={form.values.certificate} onChange={(id) => form.set('certificate', id)}
          error={form.bind('certificate').error} none="opsd holds no pair yet. Import one first." />}
      {givenNodes
        ? givenNodes.length > 1 && <NodePick nodes={nodes!} value={form.values.nodes} onChange={(v) => form.set('nodes', v)} error={form.bind('nodes').error} />
        : <ClusterAndNodes cluster={cluster} nodes={nodes} value={form.values.nodes} onChange={(v) => form.set('nodes', v)} error={form.bind('nodes').error}
          setCluster={(v) => {
            setCluster(v);
            form.set('nodes', []);
          }} />}
      <RadioField legend="Authority for ca.pem" value={from} onChange={setFrom} choices={[
        ['chain', 'The one that issued it', 'From the chain that came with the pair'],
        ['other', 'Another one of the inventory'],
      ]} />
      {from === 'other' && <CertificatePick legend="Authority" filter={{ kind: 'root' }} value={form.values.authority} onChange={(id) => form.set('authority', id)}
        error={form.bind('authority').error} none="No authority is in the inventory." />}
    </Dialog>
  );
}
