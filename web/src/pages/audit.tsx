import { faCircleCheck, faCircleExclamation, faClipboardList } from '@fortawesome/free-solid-svg-icons';
import { useState } from 'preact/hooks';
import type { AuditRow } from '../contract';
import { useData } from '../lib/data';
import { place, setQuery } from '../lib/route';
import { can } from '../lib/session';
import { iso } from '../lib/time';
import { operationName, operationWords } from '../lib/words';
import { Select } from '../ui/field';
import { Page } from '../ui/page';
import { SearchBox } from '../ui/search-box';
import { EmptyState, NothingFound, Show, SkeletonRows } from '../ui/states';
import { Status } from '../ui/status';
import { Pager, Table, usePages, type Column } from '../ui/table';

const columns: Column<AuditRow>[] = [
  { head: 'Time (UTC)', class: 'nowrap', cell: (r) => <time dateTime={r.at}><code>{iso(r.at).replace('Z', '')}</code></time> },
  { head: 'Who', cell: (r) => <strong>{r.who}</strong> },
  { head: 'From', wide: true, cell: (r) => <code>{r.from}</code> },
  { head: 'What', cell: (r) => <span title={r.operation}>{operationName(r.operation, r.result === 'ok')}</span> },
  { head: 'On', wide: true, cell: (r) => r.target ?? '' },
  { head: 'Result', wide: true, cell: (r) => (r.result === 'ok' ? <Status tone="success" icon={faCircleCheck}>done</Status> : <Status tone="danger" icon={faCircleExclamation}>{r.result.replace(/_/g, ' ')}</Status>) },
  { head: 'Detail', wide: true, class: 'detail', cell: (r) => r.detail ?? '' },
];

function AuditTable() {
  const query = place.value.query;
  const [q, who, operation] = ['q', 'who', 'operation'].map((k) => query.get(k) ?? '');
  const [people, setPeople] = useState<string[]>([]);
  const pages = usePages(`${q} ${who} ${operation}`);
  const asked = useData('auditList', { limit: 50, after: pages.after, q: q || null, who: who || null, operation: operation || null });
  const names = [...new Set([...people, ...(asked.data?.items ?? []).map((r) => r.who), ...(who ? [who] : [])])].sort();
  if (names.length !== people.length) setPeople(names);
  const filtered = !!(q || who || operation);
  return (
    <section class="panel" aria-label="Audit">
      <div class="toolbar">
        <SearchBox label="Target or detail" value={q!} onChange={(v) => setQuery({ q: v })} />
        <Select label="Who" value={who!} onChange={(v) => setQuery({ who: v })} choices={[['', 'Anybody'], ...names.map((n): [string, string] => [n, n])]} />
        <Select label="What" value={operation!} onChange={(v) => setQuery({ operation: v })} choices={[['', 'Any operation'], ...operationWords.map((w): [string, string] => [w, operationName(w)])]} />
      </div>
      <Show asked={asked} skeleton={<SkeletonRows rows={12} widths={['14%', '12%', '12%', '20%', '14%', '10%', '18%']} />}>
        {(data) => data.items.length ? (
          <>
            <Table label="Audit" columns={columns} rows={data.items} id={(r) => r.id} />
            <Pager pages={pages} shown={data.items.length} next={data.next} what="entry" many="entries" />
          </>
        ) : filtered || pages.back ? <NothingFound clear={() => setQuery({ q: null, who: null, operation: null })} />
          : <EmptyState icon={faClipboardList} title="Nothing yet">Every change is written here: who, from where, what, with what result.</EmptyState>}
      </Show>
    </section>
  );
}

export function AuditPage() {
  return <Page title="Audit" needs="auditList" sub="Every write, and every one that was refused; newest first.">{can('auditList') && <AuditTable />}</Page>;
}
