import { useState } from 'preact/hooks';
import { faCircleCheck, faPlus, faRotateRight } from '@fortawesome/free-solid-svg-icons';
import type { Attention, AuditRow, Cluster, OverviewReply } from '../contract';
import { call } from '../lib/api';
import { refresh, useData } from '../lib/data';
import { now } from '../lib/now';
import { address } from '../lib/route';
import { ago, brief } from '../lib/time';
import { count, flavourName, operationName } from '../lib/words';
import { ChannelLegend } from '../pictures/cluster';
import { ExpiryLegend, ExpiryPicture } from '../pictures/expiry';
import { Button } from '../ui/button';
import { toast } from '../ui/live-region';
import { Page } from '../ui/page';
import { Panel, Rule } from '../ui/panel';
import { Prose } from '../ui/prose';
import { Bone, EmptyState, Show, SkeletonPanel } from '../ui/states';
import { Channel, Severity, SeverityCount, Status, urgency } from '../ui/status';
import { ClusterTable } from './clusters';

const cardsAtMost = 10;

function Finding({ row, primary }: { row: Attention; primary: boolean }) {
  return (
    <li class="attention-row">
      <Severity word={row.severity} />
      <div class="attention-where">
        {row.cluster && <strong>{row.cluster}</strong>}
        {row.node && <span>{row.node}</span>}
      </div>
      <div class="attention-what">
        <div><strong><Prose text={row.text.replace(/\.$/, '')} /></strong> <Rule id={row.rule} /></div>
        {row.mend && <div class="subtle"><Prose text={row.mend} /></div>}
      </div>
      {row.link && row.action && <div class="attention-do"><Button small kind={primary ? 'primary' : 'secondary'} href={address(row.link)}>{row.action}</Button></div>}
    </li>
  );
}

function NeedsAttention({ o }: { o: OverviewReply }) {
  const [all, setAll] = useState(false);
  if (!o.attention.length) {
    return (
      <section class="panel quiet-panel" aria-label="Needs attention">
        <Status tone="success" icon={faCircleCheck}>Nothing needs attention</Status>
      </section>
    );
  }
  const shown = all ? o.attention : o.attention.slice(0, 5);
  return (
    <Panel title="Needs attention" pad={false} class="attention"
      note={<><SeverityCount severity="critical" n={o.critical} /><SeverityCount severity="warning" n={o.warnings} /></>}
      aside={o.attention.length > 5 && <Button kind="link" onClick={() => setAll(!all)}>{all ? 'The first five' : `All ${o.attention.length} findings`}</Button>}>
      <ul>{shown.map((row, i) => <Finding key={`${row.rule}${row.cluster}${row.node}${i}`} row={row} primary={i === 0} />)}</ul>
    </Panel>
  );
}

export function Activity({ rows }: { rows: AuditRow[] }) {
  return (
    <Panel title="Recent activity" pad={false} class="activity" aside={<a href="/audit">Audit</a>}>
      {rows.length ? (
        <ul>
          {rows.slice(0, 5).map((r) => (
            <li key={r.id}>
              <time dateTime={r.at}>{brief(r.at, now.value)}</time>
              <div>
                <div>{r.result === 'ok' ? operationName(r.operation) : <>{operationName(r.operation, false)}: <span class="tone-danger">refused</span></>}</div>
                <div class="caption">{[r.who, r.target, r.result === 'ok' && r.detail].filter(Boolean).join(' · ')}</div>
              </div>
            </li>
          ))}
        </ul>
      ) : <p class="panel-empty">Nothing has been changed yet</p>}
    </Panel>
  );
}

function ChannelLine({ c }: { c: Cluster }) {
  const parts: [string, number][] = [['tls', c.tls_nodes], ['plaintext', c.plaintext_nodes], ['unknown', c.unknown_nodes]];
  if (!c.node_count) return <p class="card-line subtle">No nodes yet</p>;
  return (
    <dl class="card-lines">
      {parts.filter(([, n]) => n > 0).map(([state, n], i) => (
        <div key={state}><dt>{i === 0 ? 'Client' : <span class="pf-v6-screen-reader">Client</span>}</dt><dd><Channel state={state} /></dd><dd class="caption">{n} of {c.node_count}</dd></div>
      ))}
    </dl>
  );
}

function NextExpiry({ c }: { c: Cluster }) {
  if (!c.next_expiry) return <span class="subtle">not known</span>;
  const days = Math.floor((Date.parse(c.next_expiry) - now.value) / 86_400_000);
  const text = days < 0 ? 'expired' : count(days, 'day');
  const kind = urgency(days);
  if (kind === 'later') return <span>{text}</span>;
  return <span class={`days-${kind}`}>{text}</span>;
}

function ClusterCard({ c }: { c: Cluster }) {
  return (
    <article class="panel cluster-card">
      <header>
        <h3><a href={`/clusters/${encodeURIComponent(c.name)}`}>{c.name}</a></h3>
        <span class="caption">{count(c.node_count, 'node')}</span>
        <p class="caption">{flavourName(c.flavour)}</p>
      </header>
      <ChannelLine c={c} />
      <footer>
        {c.rollout_id ? <a href={`/rollouts/${c.rollout_id}`}><Status tone="brand" icon="spinner">Rollout {c.rollout_id}</Status></a> : <span class="caption">Next expiry</span>}
        <NextExpiry c={c} />
      </footer>
    </article>
  );
}

function Clusters({ o }: { o: OverviewReply }) {
  if (!o.cluster_cards.length) {
    return (
      <Panel>
        <EmptyState icon={faPlus} title="Add the first cluster" actions={<Button kind="primary" href="/clusters/add" needs="clusterAdd">Add cluster</Button>}>
          A cluster is a group of database nodes of one kind. Once its nodes are added, opsd looks at what they serve.
        </EmptyState>
      </Panel>
    );
  }
  if (o.clusters > cardsAtMost) return <Panel title="Clusters" pad={false} aside={<a href="/clusters">All {o.clusters}</a>}><ClusterTable rows={o.cluster_cards} /></Panel>;
  return <div class="cards">{o.cluster_cards.map((c) => <ClusterCard key={c.id} c={c} />)}</div>;
}

function Skeleton() {
  return (
    <>
      <div class="split split-3"><SkeletonPanel rows={5} widths={['12%', '20%', '55%', '13%']} /><SkeletonPanel rows={5} widths={['20%', '80%']} /></div>
      <SkeletonPanel rows={3} widths={['100%']} height="190px" />
      <div class="cards">{[1, 2, 3].map((i) => <SkeletonPanel key={i} rows={3} widths={['40%', '60%']} />)}</div>
    </>
  );
}

function ProbeAll({ o }: { o: OverviewReply | undefined }) {
  const [busy, setBusy] = useState(false);
  async function probe() {
    setBusy(true);
    try {
      const replies = [];
      const { items } = await call('clusterList', { limit: 1000 });
      for (const c of items) if (c.node_count) replies.push(await call('nodeProbe', { all: true, cluster: c.name }));
      const [seen, differing] = [replies.reduce((n, r) => n + r.items.length, 0), replies.reduce((n, r) => n + r.differing, 0)];
      toast(differing ? 'info' : 'success', `Probed ${count(seen, 'node')}, ${differing} differ${differing === 1 ? 's' : ''}`);
      await refresh();
    } catch (e) {
      toast('danger', (e as Error).message);
    } finally {
      setBusy(false);
    }
  }
  return <Button icon={faRotateRight} needs="nodeProbe" busy={busy} disabled={!o?.nodes} why="there are no nodes" onClick={() => void probe()}>Probe all nodes</Button>;
}

export function OverviewPage() {
  const asked = useData('overview', {});
  const o = asked.data;
  const sub = o
    ? `${count(o.clusters, 'cluster')}, ${count(o.nodes, 'node')}, ${count(o.certificates, 'certificate')}. ${o.last_probe ? `Last probed ${ago(o.last_probe, now.value)}.` : 'Never probed.'}`
    : <Bone width="320px" />;
  return (
    <Page title="Overview" sub={sub} acts="nodeProbe" actions={<><ProbeAll o={o} /><Button icon={faPlus} href="/clusters/add" needs="clusterAdd">Add cluster</Button></>}>
      <Show asked={asked} skeleton={<Skeleton />}>
        {(data) => (
          <>
            <div class="split split-3"><NeedsAttention o={data} /><Activity rows={data.activity} /></div>
            <Panel title="Expiry, next 12 months" aside={<ExpiryLegend />}>
              {data.expiry.length ? <ExpiryPicture marks={data.expiry} at={now.value} /> : <p class="panel-empty">No certificate is known yet. <a href="/certificates/import">Import one</a></p>}
            </Panel>
            {data.cluster_cards.length > 0 && data.cluster_cards.length <= cardsAtMost && <div class="row-head"><h2>Clusters</h2><ChannelLegend /></div>}
            <Clusters o={data} />
          </>
        )}
      </Show>
    </Page>
  );
}
