import { faDatabase, faPlus } from '@fortawesome/free-solid-svg-icons';
import type { Cluster } from '../contract';
import { useData } from '../lib/data';
import { now } from '../lib/now';
import { place, setQuery } from '../lib/route';
import { count, flavourName } from '../lib/words';
import { Button } from '../ui/button';
import { Days } from '../ui/days';
import { Page } from '../ui/page';
import { SearchBox } from '../ui/search-box';
import { Bone, EmptyState, NothingFound, Show, SkeletonRows } from '../ui/states';
import { Channel, RolloutState } from '../ui/status';
import { Pager, Table, usePages, type Column } from '../ui/table';

function Channels({ c }: { c: Cluster }) {
  if (!c.node_count) return <span class="subtle">no nodes yet</span>;
  const parts: [string, number][] = [['plaintext', c.plaintext_nodes], ['unknown', c.unknown_nodes], ['tls', c.tls_nodes]];
  return <span class="channels">{parts.filter(([, n]) => n).map(([state, n]) => <span key={state}><Channel state={state} /> <span class="caption">{n}</span></span>)}</span>;
}

const columns: Column<Cluster>[] = [
  { head: 'Name', cell: (c) => <a class="strong" href={`/clusters/${encodeURIComponent(c.name)}`}>{c.name}</a> },
  { head: 'Servers', wide: true, cell: (c) => flavourName(c.flavour) },
  { head: 'Nodes', number: true, cell: (c) => c.node_count },
  { head: 'Client channel', cell: (c) => <Channels c={c} /> },
  { head: 'Next expiry', wide: true, cell: (c) => (c.next_expiry ? <><Days days={Math.floor((Date.parse(c.next_expiry) - now.value) / 86_400_000)} /> days</> : <span class="subtle">not known</span>) },
  { head: 'Rollout', wide: true, cell: (c) => (c.rollout_id ? <a href={`/rollouts/${c.rollout_id}`}><RolloutState word="running">Rollout {c.rollout_id}</RolloutState></a> : <span class="subtle">none under way</span>) },
];

export function ClusterTable({ rows }: { rows: Cluster[] }) {
  return <Table label="Clusters" columns={columns} rows={rows} id={(c) => c.id} />;
}

export function ClustersPage() {
  const q = place.value.query.get('q') ?? '';
  const pages = usePages(q);
  const asked = useData('clusterList', { limit: 50, after: pages.after, q: q || null });
  return (
    <Page title="Clusters" acts="clusterAdd" sub={<>Database nodes of one kind, by what their last probe saw. <a href="/nodes">All nodes</a></>}
      actions={<Button kind="primary" icon={faPlus} href="/clusters/add" needs="clusterAdd">Add cluster</Button>}>
      <section class="panel" aria-label="Clusters">
        {(q || asked.data?.items.length !== 0) && <div class="toolbar"><SearchBox label="Name of a cluster" value={q} onChange={(v) => setQuery({ q: v })} /></div>}
        <Show asked={asked} skeleton={<SkeletonRows rows={6} widths={['22%', '18%', '8%', '22%', '15%', '15%']} />}>
          {(data) => data.items.length ? (
            <>
              <ClusterTable rows={data.items} />
              <Pager pages={pages} shown={data.items.length} next={data.next} what="cluster" />
            </>
          ) : q ? <NothingFound clear={() => setQuery({ q: null })} /> : (
            <EmptyState icon={faDatabase} title="No clusters yet" actions={<Button kind="primary" icon={faPlus} href="/clusters/add" needs="clusterAdd">Add cluster</Button>}>
              Add a cluster first, then its nodes. opsd looks at what each of them serves.
            </EmptyState>
          )}
        </Show>
      </section>
    </Page>
  );
}

export const clusterLine = (c: Cluster) => `${flavourName(c.flavour)}, ${count(c.node_count, 'node')}`;
export const ClusterLineBone = () => <Bone width="280px" />;
