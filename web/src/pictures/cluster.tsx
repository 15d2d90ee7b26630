// The nodes of a cluster and how clients reach them: lines by what the last probe saw, with a dash pattern for each state.
import { faServer, faUsers } from '@fortawesome/free-solid-svg-icons';
import type { Cluster, Node } from '../contract';
import { Icon } from '../ui/icon';
import { Channel, channelOf, probeState, Status } from '../ui/status';
import { useWidth } from '../ui/use-width';
import { boxHeight, clients, layout } from './cluster-layout';

const lineClass = (node: Node) => {
  const state = probeState(node.probe);
  return state === 'tls' ? 'line-encrypted' : state === 'plaintext' ? 'line-cleartext' : 'line-unknown';
};

function Box({ node, x, y, width }: { node: Node; x: number; y: number; width: number }) {
  return (
    <a href={`/nodes/${node.id}`} class="node-box" style={{ left: `${x - width / 2}px`, top: `${y - boxHeight / 2}px`, width: `${width}px`, height: `${boxHeight}px` }}>
      <span class="node-box-name"><Icon of={faServer} /><strong>{node.name}</strong></span>
      <code>{node.address}</code>
      <span class="node-box-channel"><span>Client</span><span>{node.port}</span><Channel state={probeState(node.probe)} /></span>
    </a>
  );
}

function Pill({ node, at: [x, y] }: { node: Node; at: [number, number] }) {
  const [tone, icon, word] = channelOf(probeState(node.probe));
  return (
    <span class={`pill pill-${tone}`} style={{ left: `${x}px`, top: `${y}px` }} aria-hidden="true">
      <Status tone={tone} icon={icon}>Client {word}</Status>
    </span>
  );
}

export function ClusterPicture({ cluster, nodes }: { cluster: Cluster; nodes: Node[] }) {
  const [ref, width] = useWidth<HTMLDivElement>();
  const l = layout(nodes, width, cluster.flavour);
  return (
    <div ref={ref} class="cluster-picture" style={{ height: `${l.height}px` }} role="group" aria-label={`Nodes of ${cluster.name} and their client channel`}>
      {width > 0 && <>
        <svg width={width} height={l.height} aria-hidden="true">
          <path class="line-group" d={l.group} />
          {l.lines.map((line) => <path key={line.node.id} class={lineClass(line.node)} d={line.d} />)}
        </svg>
        <div class="node-box clients-box" style={{ left: `${l.clients[0] - clients.width / 2}px`, top: `${l.clients[1] - clients.height / 2}px`, width: `${clients.width}px`, height: `${clients.height}px` }}>
          <span class="node-box-name"><Icon of={faUsers} /><strong>Clients</strong></span>
        </div>
        {l.spots.map((s) => <Box key={s.node.id} node={s.node} x={s.x} y={s.y} width={l.box} />)}
        {l.lines.map((line) => line.pill && <Pill key={line.node.id} node={line.node} at={line.pill} />)}
      </>}
    </div>
  );
}

export function ChannelLegend() {
  return (
    <div class="legend" aria-hidden="true">
      {[['line-encrypted', 'encrypted', 'tone-success'], ['line-cleartext', 'cleartext', 'tone-danger'], ['line-unknown', 'unknown', 'tone-subtle']].map(([line, text, tone]) => (
        <span key={text} class={tone}><svg width="28" height="4"><path class={line} d="M0 2H28" /></svg> {text}</span>
      ))}
    </div>
  );
}
