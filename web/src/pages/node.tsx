import { useState } from 'preact/hooks';
import { faCircleCheck, faEllipsisVertical, faPen, faPowerOff, faRotateRight, faSliders, faTrash, faTriangleExclamation } from '@fortawesome/free-solid-svg-icons';
import type { Finding, Node } from '../contract';
import { call } from '../lib/api';
import { refresh, useData } from '../lib/data';
import { now } from '../lib/now';
import { go } from '../lib/route';
import { ago, date } from '../lib/time';
import { count, flavourName, list } from '../lib/words';
import { Button } from '../ui/button';
import { Fingerprint, Value } from '../ui/copy';
import { Days } from '../ui/days';
import { Confirm } from '../ui/dialog';
import { Icon } from '../ui/icon';
import { Findings } from '../ui/inspection';
import { toast } from '../ui/live-region';
import { Menu } from '../ui/menu';
import { Page } from '../ui/page';
import { Prose } from '../ui/prose';
import { Panel, Terms } from '../ui/panel';
import { Bone, EmptyState, Show, SkeletonPanel } from '../ui/states';
import { Channel, probeState, Status, Verdict } from '../ui/status';
import { OptionDialog, probe, RestartDialog } from './node-dialogs';
import { NodeDiskPanels } from './node-disk';
import { HostKeyPanel } from './node-host-key';
import { PushDialog } from './push-dialog';

function Wire({ node }: { node: Node }) {
  const p = node.probe;
  if (!p) return <Panel title="On the wire"><p class="panel-empty">Never probed. A probe opens a real connection and looks at what the server sends.</p></Panel>;
  return (
    <Panel title="On the wire" note={<span class="caption">client channel, {ago(p.at, now.value)}</span>} aside={<Verdict node={node} />}>
      <Terms narrow of={[
        { term: 'Channel', value: <Channel state={probeState(p)} /> },
        { term: 'Why', value: p.error && <Prose text={p.error} />, hide: !p.error },
        { term: 'Served', value: p.sha256 && <Fingerprint hex={p.sha256} what="served fingerprint" />, hide: !p.sha256 },
        { term: 'Wanted', value: node.wanted_cert_id
          ? <><a href={`/certificates/${node.wanted_cert_id}`}>{node.wanted_cert ?? 'certificate'}</a> {node.wanted_sha256 && <Fingerprint hex={node.wanted_sha256} what="wanted fingerprint" />}</>
          : <span class="subtle">nothing pushed yet</span> },
        { term: 'Subject', value: <code class="value">{p.subject}</code>, hide: !p.subject },
        { term: 'Issuer', value: <code class="value">{p.issuer}</code>, hide: !p.issuer },
        { term: 'Valid to', value: p.not_after && <>{date(p.not_after)}, <Days days={p.days_left} /> days</>, hide: !p.not_after },
        { term: 'Protocol', value: [p.protocol, p.cipher].filter(Boolean).join(', '), hide: !p.protocol },
        { term: 'Chain sent', value: count(p.chain_length, 'certificate'), hide: !p.chain_length },
        { term: 'Asks clients', value: p.client_cert_asked ? 'for a certificate' : 'for no certificate', hide: p.state !== 'tls' },
        { term: 'Server', value: <code>{p.server_version}</code>, hide: !p.server_version },
      ]} />
    </Panel>
  );
}

const reachText = (n: Node) => ({
  ssh: <><code>{n.ssh_user}@{n.ssh_host}{n.ssh_port && n.ssh_port !== 22 ? `:${n.ssh_port}` : ''}</code>{n.sudo && ' with sudo'}</>,
  local: <>on this machine{n.sudo && ' with sudo'}</>,
  observe: <>only observed</>,
}[n.reach] ?? n.reach);

function Settings({ node: n }: { node: Node }) {
  const path = (value: string | null) => value && <Value text={value} what="path" />;
  return (
    <Panel title="Settings" aside={<Button kind="link" needs="nodeChange" href={`/nodes/${n.id}/edit`}>Edit</Button>}>
      <Terms narrow of={[
        { term: 'Cluster', value: <a href={`/clusters/${encodeURIComponent(n.cluster)}`}>{n.cluster}</a> },
        { term: 'Roles', value: list(n.roles), hide: !n.roles.length },
        { term: 'Address', value: <code>{n.address}:{n.port}</code> },
        { term: 'Names', value: <span class="mono">{n.dns_names.join(' ')}</span>, hide: !n.dns_names.length },
        { term: 'Reached', value: reachText(n) },
        { term: 'Option file', value: path(n.option_file), hide: !n.option_file },
        { term: 'Certificates', value: path(n.cert_dir), hide: !n.cert_dir },
        { term: 'Runs as', value: <code>{n.owner}</code>, hide: !n.owner },
        { term: 'Restarted by', value: n.unit ? <code>systemctl restart {n.unit}</code> : <code>{n.service} restart</code>, hide: !n.unit && !n.service },
        { term: 'Bootstrap', value: <code>{n.bootstrap}</code>, hide: !n.bootstrap },
        { term: 'Generation', value: n.generation ? `gen-${n.generation}` : 'none put there yet', hide: n.reach === 'observe' },
        { term: 'Added', value: date(n.created) },
      ]} />
    </Panel>
  );
}

function DeleteNode({ node, close }: { node: Node; close: () => void }) {
  return (
    <Confirm title={`Remove ${node.name}?`} action="Remove node" close={close} run={async () => {
      await call('nodeDelete', { ref: String(node.id) });
      toast('success', `Removed ${node.name}`);
      go(`/clusters/${encodeURIComponent(node.cluster)}`);
      void refresh();
    }}>
      <p>opsd forgets <strong>{node.name}</strong> and its probes. Nothing on it is touched: its certificates, its options and its server stay as they are.</p>
    </Confirm>
  );
}

type Open = 'push' | 'option' | 'restart' | 'delete' | null;

function Actions({ node, open }: { node: Node; open: (what: Open) => void }) {
  const [busy, setBusy] = useState(false);
  const observed = node.reach === 'observe';
  return (
    <>
      <Menu label={`More actions on ${node.name}`} class="kebab" face={<Icon of={faEllipsisVertical} />} items={[
        ...(observed ? [] : [
          { text: 'Set an option', icon: faSliders, needs: 'nodeUpdateConfig' as const, onClick: () => open('option') },
          { text: 'Restart', icon: faPowerOff, needs: 'nodeRestart' as const, onClick: () => open('restart') },
        ]),
        { text: 'Edit settings', icon: faPen, needs: 'nodeChange', href: `/nodes/${node.id}/edit` },
        { text: 'Remove node', icon: faTrash, needs: 'nodeDelete', danger: true, onClick: () => open('delete') },
      ]} />
      <Button icon={faRotateRight} needs="nodeProbe" busy={busy} onClick={() => {
        setBusy(true);
        void probe([node]).finally(() => setBusy(false));
      }}>Probe</Button>
      <Button kind="primary" needs="nodePush" disabled={observed} why="it is only observed" onClick={() => open('push')}>Push certificate</Button>
    </>
  );
}

function Sub({ node, findings }: { node: Node; findings: Finding[] }) {
  const critical = findings.filter((f) => f.severity === 'critical').length;
  const open = findings.filter((f) => f.severity !== 'accepted').length;
  return (
    <>
      <span>{flavourName(node.flavour)}{node.probe?.server_version ? ` ${node.probe.server_version}` : ''}, <code>{node.address}:{node.port}</code></span>
      {open ? <Status tone={critical ? 'danger' : 'warning'} icon={faTriangleExclamation}>{count(open, 'finding')}</Status> : <Status tone="success" icon={faCircleCheck}>no findings</Status>}
    </>
  );
}

function Dialogs({ what, node, close }: { what: Open; node: Node; close: () => void }) {
  switch (what) {
    case 'push': return <PushDialog cluster={node.cluster} nodes={[node]} close={close} />;
    case 'option': return <OptionDialog nodes={[node]} close={close} />;
    case 'restart': return <RestartDialog nodes={[node]} close={close} />;
    case 'delete': return <DeleteNode node={node} close={close} />;
    case null: return null;
  }
}

export function NodePage({ nodeRef }: { nodeRef: string }) {
  const asked = useData('nodeShow', { ref: nodeRef });
  const [open, setOpen] = useState<Open>(null);
  const node = asked.data?.node;
  return (
    <Page title={node?.name ?? `Node ${nodeRef}`} acts="nodeProbe"
      crumbs={[['Clusters', '/clusters'], ...(node ? [[node.cluster, `/clusters/${encodeURIComponent(node.cluster)}`] as [string, string]] : []), [node?.name ?? nodeRef]]}
      sub={asked.data ? <Sub node={asked.data.node} findings={asked.data.findings} /> : !asked.error && <Bone width="280px" />}
      actions={node && <Actions node={node} open={setOpen} />}>
      <Show asked={asked} skeleton={<div class="split split-2"><SkeletonPanel rows={8} widths={['30%', '70%']} /><SkeletonPanel rows={8} widths={['30%', '70%']} /></div>}
        missing={<EmptyState title={`There is no node ${nodeRef}`} actions={<a href="/nodes">All nodes</a>}>It may have been removed.</EmptyState>}>
        {({ node: n, findings }) => (
          <>
            {n.reach === 'ssh' && !n.host_key && <HostKeyPanel node={n} />}
            {findings.length > 0 && <Findings findings={findings} title="Findings" />}
            <div class="split split-2">
              <Wire node={n} />
              <Settings node={n} />
            </div>
            {n.reach !== 'observe' && (n.reach === 'local' || n.host_key) && <NodeDiskPanels node={n} />}
            {n.reach === 'ssh' && n.host_key && <HostKeyPanel node={n} />}
            <Dialogs what={open} node={n} close={() => setOpen(null)} />
          </>
        )}
      </Show>
    </Page>
  );
}
