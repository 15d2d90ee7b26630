import { faServer } from '@fortawesome/free-solid-svg-icons';
import { useData } from '../lib/data';
import { place, setQuery } from '../lib/route';
import { count, flavourName, flavourWords } from '../lib/words';
import { Select } from '../ui/field';
import { NodeTable } from '../ui/node-table';
import { Page } from '../ui/page';
import { SearchBox } from '../ui/search-box';
import { Bone, EmptyState, NothingFound, Show, SkeletonRows } from '../ui/states';
import { Pager, usePages } from '../ui/table';

export function NodesPage() {
  const query = place.value.query;
  const [q, cluster, flavour] = ['q', 'cluster', 'flavour'].map((k) => query.get(k) ?? '');
  const pages = usePages(`${q} ${cluster} ${flavour}`);
  const asked = useData('nodeList', { limit: 50, after: pages.after, q: q || null, cluster: cluster || null, flavour: (flavour || null) as never });
  const clusters = useData('clusterList', { limit: 1000 }).data?.items ?? [];
  const filtered = !!(q || cluster || flavour);
  return (
    <Page title="Nodes" crumbs={[['Clusters', '/clusters'], ['nodes']]} sub={asked.data ? `${count(asked.data.total, 'node')} in all clusters.` : <Bone width="160px" />}>
      <section class="panel" aria-label="Nodes">
        <div class="toolbar">
          <SearchBox label="Name or address of a node" value={q!} onChange={(v) => setQuery({ q: v })} />
          <Select label="Cluster" value={cluster!} onChange={(v) => setQuery({ cluster: v })} choices={[['', 'Any cluster'], ...clusters.map((c): [string, string] => [c.name, c.name])]} />
          <Select label="Servers" value={flavour!} onChange={(v) => setQuery({ flavour: v })} choices={[['', 'Any servers'], ...flavourWords.map((w): [string, string] => [w, flavourName(w)])]} />
        </div>
        <Show asked={asked} skeleton={<SkeletonRows rows={8} widths={['20%', '15%', '15%', '20%', '15%', '15%']} />}>
          {(data) => data.items.length ? (
            <>
              <NodeTable nodes={data.items} withCluster />
              <Pager pages={pages} shown={data.items.length} {...(filtered ? {} : { total: data.total })} next={data.next} what="node" />
            </>
          ) : filtered ? <NothingFound clear={() => setQuery({ q: null, cluster: null, flavour: null })} />
            : <EmptyState icon={faServer} title="No nodes yet" actions={<a href="/clusters">Clusters</a>}>Nodes are added on the page of their cluster.</EmptyState>}
        </Show>
      </section>
    </Page>
  );
}
