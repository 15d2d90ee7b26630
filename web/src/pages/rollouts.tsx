import { faListCheck } from '@fortawesome/free-solid-svg-icons';
import type { Rollout } from '../contract';
import { useData } from '../lib/data';
import { now } from '../lib/now';
import { place, setQuery } from '../lib/route';
import { brief, span } from '../lib/time';
import { Select } from '../ui/field';
import { Page } from '../ui/page';
import { EmptyState, NothingFound, Show, SkeletonRows } from '../ui/states';
import { RolloutState } from '../ui/status';
import { Pager, Table, usePages, type Column } from '../ui/table';

const states = ['queued', 'running', 'paused', 'failed', 'interrupted', 'done'];

export function Progress({ r }: { r: Rollout }) {
  const percent = r.steps_total ? Math.round((100 * r.steps_done) / r.steps_total) : 0;
  return (
    <span class="progress-cell">
      <span class={`bar bar-${r.state}`} aria-hidden="true"><span style={{ width: `${percent}%` }} /></span>
      <span class="caption">{r.steps_done} of {r.steps_total}</span>
    </span>
  );
}

const columns: Column<Rollout>[] = [
  { head: 'Rollout', class: 'name', cell: (r) => <a href={`/rollouts/${r.id}`}>{r.title}</a> },
  { head: 'State', cell: (r) => <RolloutState word={r.state} /> },
  { head: 'Steps', cell: (r) => <Progress r={r} /> },
  { head: 'Cluster', wide: true, cell: (r) => <a href={`/clusters/${encodeURIComponent(r.cluster)}`}>{r.cluster}</a> },
  { head: 'By', wide: true, cell: (r) => r.by },
  { head: 'Started', wide: true, cell: (r) => <time dateTime={r.created}>{brief(r.created, now.value)}</time> },
  { head: 'Took', wide: true, cell: (r) => (r.ended ? span(Date.parse(r.ended) - Date.parse(r.created)) : '') },
  { head: 'Number', wide: true, number: true, cell: (r) => r.id },
];

export function RolloutsPage() {
  const query = place.value.query;
  const [cluster, state] = [query.get('cluster') ?? '', query.get('state') ?? ''];
  const pages = usePages(`${cluster} ${state}`);
  const asked = useData('rolloutList', { limit: 50, after: pages.after, cluster: cluster || null, state: (state || null) as never });
  const clusters = useData('clusterList', { limit: 1000 }).data?.items ?? [];
  const filtered = !!(cluster || state);
  return (
    <Page title="Rollouts" sub="Every change to nodes, journalled step by step; newest first.">
      <section class="panel" aria-label="Rollouts">
        {(filtered || !!asked.data?.items.length) && (
          <div class="toolbar">
            <Select label="State" value={state} onChange={(v) => setQuery({ state: v })} choices={[['', 'Any state'], ...states.map((s): [string, string] => [s, s.charAt(0).toUpperCase() + s.slice(1)])]} />
            <Select label="Cluster" value={cluster} onChange={(v) => setQuery({ cluster: v })} choices={[['', 'Any cluster'], ...clusters.map((c): [string, string] => [c.name, c.name])]} />
          </div>
        )}
        <Show asked={asked} skeleton={<SkeletonRows rows={8} widths={['32%', '12%', '18%', '14%', '12%', '12%']} />}>
          {(data) => data.items.length ? (
            <>
              <Table label="Rollouts" columns={columns} rows={data.items} id={(r) => r.id} />
              <Pager pages={pages} shown={data.items.length} next={data.next} what="rollout" />
            </>
          ) : filtered ? <NothingFound clear={() => setQuery({ cluster: null, state: null })} /> : (
            <EmptyState icon={faListCheck} title="No rollouts yet" actions={<a href="/clusters">Clusters</a>}>Pushing a certificate, setting an option or restarting nodes makes one.</EmptyState>
          )}
        </Show>
      </section>
    </Page>
  );
}
