import { useState } from 'preact/hooks';
import { faCircleCheck, faPlus, faRotateRight, faServer, faTrash, faEllipsisVertical, faPen, faPowerOff } from '@fortawesome/free-solid-svg-icons';
import type { Cluster, ClusterReply, Node } from '../contract';
import { call } from '../lib/api';
import { refresh, useData } from '../lib/data';
import { now } from '../lib/now';
import { go } from '../lib/route';
import { date } from '../lib/time';
import { count, flavourName } from '../lib/words';
import { ChannelLegend, ClusterPicture } from '../pictures/cluster';
import { most } from '../pictures/cluster-layout';
import { Button } from '../ui/button';
import { Days } from '../ui/days';
import { Confirm } from '../ui/dialog';
import { Icon } from '../ui/icon';
import { Findings } from '../ui/inspection';
import { toast } from '../ui/live-region';
import { Menu, type MenuItem } from '../ui/menu';
import { NodeTable } from '../ui/node-table';
import { Page } from '../ui/page';
import { Panel, Terms } from '../ui/panel';
import { Bone, EmptyState, Show, SkeletonPanel } from '../ui/states';
import { Channel, SeverityCount, Status } from '../ui/status';
import { OptionDialog, probe, RestartDialog } from './node-dialogs';
import { PushDialog } from './push-dialog';

function DeleteCluster({ c, close }: { c: Cluster; close: () => void }) {
  return (
    <Confirm title={`Delete ${c.name}?`} action="Delete cluster" close={close} run={async () => {
      await call('clusterDelete', { ref: c.name });
      toast('success', `Deleted the cluster ${c.name}`);
      go('/clusters');
      void refresh();
    }}>
      <p>The cluster <strong>{c.name}</strong> will be gone from opsd. {c.node_count ? `It has ${count(c.node_count, 'node')}; opsd will refuse until they are removed.` : 'It has no nodes.'}</p>
    </Confirm>
  );
}

function ChannelPanel({ c }: { c: Cluster }) {
  const days = c.next_expiry ? Math.floor((Date.parse(c.next_expiry) - now.value) / 86_400_000) : null;
  const parts: [string, number][] = [['tls', c.tls_nodes], ['plaintext', c.plaintext_nodes], ['unknown', c.unknown_nodes]];
  return (
    <Panel title="Client channel" pad={false} note={<span class="caption">by the last probe</span>}>
      <ul class="channel-rows">
        {parts.filter(([, n]) => n > 0).map(([state, n]) => <li key={state}><Channel state={state} /><span>{n} of {count(c.node_count, 'node')}</span></li>)}
      </ul>
      <div class="panel-body panel-rest">
        <Terms narrow of={[
          { term: 'Servers', value: flavourName(c.flavour) },
          { term: 'SQL account', value: c.db_user ? <code>{c.db_user}</code> : 'local socket' },
          { term: 'Next expiry', value: c.next_expiry ? <>{date(c.next_expiry)}, <Days days={days!} /> days</> : 'not known' },
          { term: 'Added', value: date(c.created) },
        ]} />
      </div>
    </Panel>
  );
}

function Body({ data }: { data: ClusterReply }) {
  const { cluster: c, nodes, findings } = data;
  const open = findings.filter((f) => f.severity !== 'accepted');
  if (!nodes.length) {
    return (
      <Panel>
        <EmptyState icon={faServer} title="No nodes yet" actions={<Button kind="primary" icon={faPlus} needs="nodeAdd" href={`/nodes/add?cluster=${encodeURIComponent(c.name)}`}>Add node</Button>}>
          Add the database servers of {c.name}. opsd reaches them over SSH, on this machine, or only looks at them.
        </EmptyState>
      </Panel>
    );
  }
  return (
    <>
      {open.length > 0 && <Findings findings={open} title="Findings" />}
      {nodes.length <= most && (
        <div class="split split-picture">
          <Panel title="Nodes and channels" pad={false} aside={<ChannelLegend />}><ClusterPicture cluster={c} nodes={nodes} /></Panel>
          <ChannelPanel c={c} />
        </div>
      )}
      <Panel title="Nodes" note={<span class="caption">served on the client channel, against the inventory</span>} pad={false}
        aside={<Button kind="link" icon={faPlus} needs="nodeAdd" href={`/nodes/add?cluster=${encodeURIComponent(c.name)}`}>Add node</Button>}>
        <NodeTable nodes={nodes} />
      </Panel>
      {nodes.length > most && <ChannelPanel c={c} />}
    </>
  );
}

function Sub({ data }: { data: ClusterReply }) {
  const { cluster: c, nodes, findings } = data;
  const differing = nodes.filter((n) => n.wire === 'other').length;
  const critical = findings.filter((f) => f.severity === 'critical').length;
  const warnings = findings.filter((f) => f.severity === 'warning').length;
  return (
    <>
      <span>{flavourName(c.flavour)}, {count(nodes.length, 'node')}.{differing > 0 && ` ${count(differing, 'node')} ${differing === 1 ? 'differs' : 'differ'}.`}</span>
      <SeverityCount severity="critical" n={critical} />
      <SeverityCount severity="warning" n={warnings} />
      {!critical && !warnings && nodes.length > 0 && <Status tone="success" icon={faCircleCheck}>no findings</Status>}
    </>
  );
}

type Open = 'push' | 'option' | 'restart' | 'delete' | null;

function Actions({ data, open }: { data: ClusterReply; open: (what: Open) => void }) {
  const [busy, setBusy] = useState(false);
  const { cluster: c, nodes } = data;
  const none = !nodes.some((n) => n.reach !== 'observe');
  const items: MenuItem[] = [
    ...(none ? [] : [
      { text: 'Set an option', icon: faPen, needs: 'nodeUpdateConfig' as const, onClick: () => open('option') },
      { text: 'Restart', icon: faPowerOff, needs: 'nodeRestart' as const, onClick: () => open('restart') },
    ]),
    { text: 'Add node', icon: faPlus, needs: 'nodeAdd', href: `/nodes/add?cluster=${encodeURIComponent(c.name)}` },
    { text: 'Delete cluster', icon: faTrash, needs: 'clusterDelete', danger: true, onClick: () => open('delete') },
  ];
  return (
    <>
      <Menu label={`More actions on ${c.name}`} class="kebab" face={<Icon of={faEllipsisVertical} />} items={items} />
      <Button icon={faRotateRight} needs="nodeProbe" busy={busy} disabled={!nodes.length} why="there are no nodes" onClick={() => {
        setBusy(true);
        void probe(nodes).finally(() => setBusy(false));
      }}>Probe</Button>
      {c.rollout_id
        ? <Button kind="primary" href={`/rollouts/${c.rollout_id}`}>Open rollout {c.rollout_id}</Button>
        : <Button kind="primary" needs="nodePush" disabled={none} why={nodes.length ? 'the nodes are only observed' : 'there are no nodes'} onClick={() => open('push')}>Push certificate</Button>}
    </>
  );
}

function Dialogs({ what, c, nodes, close }: { what: Open; c: Cluster; nodes: Node[]; close: () => void }) {
  switch (what) {
    case 'push': return <PushDialog cluster={c.name} nodes={nodes} close={close} />;
    case 'option': return <OptionDialog nodes={nodes} close={close} />;
    case 'restart': return <RestartDialog nodes={nodes} close={close} />;
    case 'delete': return <DeleteCluster c={c} close={close} />;
    case null: return null;
  }
}

export function ClusterPage({ clusterRef }: { clusterRef: string }) {
  const asked = useData('clusterShow', { ref: clusterRef });
  const [open, setOpen] = useState<Open>(null);
  const data = asked.data;
  return (
    <Page title={data?.cluster.name ?? clusterRef} crumbs={[['Clusters', '/clusters'], [data?.cluster.name ?? clusterRef]]} acts="nodeProbe"
      sub={data ? <Sub data={data} /> : !asked.error && <Bone width="280px" />} actions={data && <Actions data={data} open={setOpen} />}>
      <Show asked={asked} skeleton={<><div class="split split-picture"><SkeletonPanel height="330px" rows={0} /><SkeletonPanel height="330px" rows={5} /></div><SkeletonPanel rows={3} /></>}
        missing={<EmptyState title={`There is no cluster ${clusterRef}`} actions={<a href="/clusters">All clusters</a>}>It may have been deleted.</EmptyState>}>
        {(d) => <><Body data={d} /><Dialogs what={open} c={d.cluster} nodes={d.nodes} close={() => setOpen(null)} /></>}
      </Show>
    </Page>
  );
}
