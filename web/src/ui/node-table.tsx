import { useState } from 'preact/hooks';
import type { Node } from '../contract';
import { now } from '../lib/now';
import { brief } from '../lib/time';
import { probe } from '../pages/node-dialogs';
import { Button } from './button';
import { Fingerprint } from './copy';
import { Days } from './days';
import { Verdict } from './status';
import { Table, type Column } from './table';

function ProbeButton({ node }: { node: Node }) {
  const [busy, setBusy] = useState(false);
  return (
    <Button kind="link" needs="nodeProbe" busy={busy} label={`Probe ${node.name}`} onClick={() => {
      setBusy(true);
      void probe([node]).finally(() => setBusy(false));
    }}>Probe</Button>
  );
}

const none = <span class="subtle">none</span>;

const columns: Column<Node>[] = [
  { head: 'Node', class: 'name', cell: (n) => <><a class="strong" href={`/nodes/${n.id}`}>{n.name}</a><div class="narrow-only caption mono">{n.address}</div></> },
  { head: 'Role', wide: true, cell: (n) => n.roles.join(', ') || 'member' },
  { head: 'Address', wide: true, cell: (n) => <code>{n.address}:{n.port}</code> },
  { head: 'Served (SHA-256)', cell: (n) => (n.probe?.sha256 ? <Fingerprint hex={n.probe.sha256} what={`what ${n.name} serves`} /> : none) },
  { head: 'Wanted', wide: true, cell: (n) => (n.wanted_sha256 ? <Fingerprint hex={n.wanted_sha256} what={`what ${n.name} should serve`} /> : none) },
  { head: 'Verdict', cell: (n) => <Verdict node={n} /> },
  { head: 'Protocol', wide: true, cell: (n) => n.probe?.protocol ?? '' },
  { head: 'Days left', wide: true, cell: (n) => (n.probe?.sha256 ? <Days days={n.probe.days_left} /> : '') },
  { head: 'Last probe', wide: true, cell: (n) => (n.probe ? <time dateTime={n.probe.at}>{brief(n.probe.at, now.value)}</time> : <span class="subtle">never</span>) },
  { head: 'Actions', hidden: true, wide: true, class: 'end', cell: (n) => <ProbeButton node={n} /> },
];

const clusterColumn: Column<Node> = { head: 'Cluster', wide: true, cell: (n) => <a href={`/clusters/${encodeURIComponent(n.cluster)}`}>{n.cluster}</a> };

const order = ['plaintext', 'unreachable', 'other', 'unknown', 'this'];
const rank = (n: Node) => order.indexOf(n.wire) * 100_000 + Math.min(99_999, Math.max(0, n.probe?.days_left ?? 99_999));

export function NodeTable({ nodes, withCluster }: { nodes: Node[]; withCluster?: boolean }) {
  const rows = withCluster ? nodes : [...nodes].sort((a, b) => rank(a) - rank(b));
  return <Table label="Nodes" columns={withCluster ? [columns[0]!, clusterColumn, ...columns.slice(1)] : columns} rows={rows} id={(n) => n.id} />;
}
