import { faMagnifyingGlass } from '@fortawesome/free-solid-svg-icons';
import { useData } from '../lib/data';
import { place, setQuery } from '../lib/route';
import { count } from '../lib/words';
import { NodeTable } from '../ui/node-table';
import { Page } from '../ui/page';
import { Panel } from '../ui/panel';
import { SearchBox } from '../ui/search-box';
import { EmptyState, Show, SkeletonPanel } from '../ui/states';
import { Table } from '../ui/table';
import { columns } from './certificates';

const most = 50;

function Found({ q }: { q: string }) {
  const certificates = useData('certList', { q, limit: most });
  const nodes = useData('nodeList', { q, limit: most });
  const neither = certificates.data?.items.length === 0 && nodes.data?.items.length === 0;
  if (neither) return <Panel><EmptyState icon={faMagnifyingGlass} title="No match">Neither a certificate nor a node has “{q}” in its names or addresses.</EmptyState></Panel>;
  return (
    <>
      <Show asked={nodes} skeleton={<SkeletonPanel rows={3} />}>
        {(data) => data.items.length > 0 && <Panel title="Nodes" note={<span class="caption">{count(data.items.length, 'match', 'matches')}{data.next && ' and more'}</span>} pad={false}><NodeTable nodes={data.items} withCluster /></Panel>}
      </Show>
      <Show asked={certificates} skeleton={<SkeletonPanel rows={6} />}>
        {(data) => data.items.length > 0 && (
          <Panel title="Certificates" note={<span class="caption">{count(data.items.length, 'match', 'matches')}{data.next && ' and more'}</span>} pad={false}
            aside={data.next && <a href={`/certificates?q=${encodeURIComponent(q)}`}>All of them</a>}>
            <Table label="Certificates" columns={columns} rows={data.items} id={(c) => c.id} />
          </Panel>
        )}
      </Show>
    </>
  );
}

export function SearchPage() {
  const q = place.value.query.get('q') ?? '';
  return (
    <Page title="Search" sub="Certificates and nodes by name, address, issuer, serial or fingerprint.">
      <div class="page-search"><SearchBox label="Search certificates and nodes here" value={q} onChange={(v) => setQuery({ q: v })} /></div>
      {q && <Found q={q} />}
    </Page>
  );
}
