import { faKey, faUpload } from '@fortawesome/free-solid-svg-icons';
import type { Certificate, CertListReply } from '../contract';
import { useData } from '../lib/data';
import { now } from '../lib/now';
import { place, setQuery } from '../lib/route';
import { commonName, count, keyName } from '../lib/words';
import { Button } from '../ui/button';
import { Fingerprint } from '../ui/copy';
import { DaysBar } from '../ui/days';
import { DropTarget } from '../ui/files';
import { Select } from '../ui/field';
import { Icon } from '../ui/icon';
import { Page } from '../ui/page';
import { SearchBox } from '../ui/search-box';
import { Bone, EmptyState, NothingFound, Show, SkeletonRows } from '../ui/states';
import { Validity } from '../ui/status';
import { Pager, Table, usePages, type Column } from '../ui/table';
import { ToggleGroup } from '../ui/toggle-group';
import { dropForImport } from './certificate-import';

const pageSize = 50;

const issuer = (c: Certificate) => (c.kind === 'root' || c.kind === 'self-signed' ? 'self-signed' : commonName(c.issuer));

export const columns: Column<Certificate>[] = [
  { head: 'Name', class: 'name', cell: (c) => <a class="mono" href={`/certificates/${c.id}`} title={c.subject}>{c.name || c.common_name || c.subject}</a> },
  { head: 'Issuer', wide: true, class: 'issuer', cell: (c) => <span title={c.issuer}>{issuer(c)}</span> },
  { head: 'Status', cell: (c) => <Validity certificate={c} at={now.value} /> },
  { head: 'Days left', class: 'days-column', cell: (c) => <DaysBar certificate={c} at={now.value} /> },
  { head: 'Key', wide: true, cell: keyName },
  { head: 'Private key', wide: true, cell: (c) => (c.has_key ? <><Icon of={faKey} /> held</> : <span class="subtle">not held</span>) },
  { head: 'Used by', wide: true, cell: (c) => (c.used_by ? count(c.used_by, 'node') : <span class="subtle">not used</span>) },
  { head: 'Fingerprint (SHA-256)', wide: true, cell: (c) => <Fingerprint hex={c.sha256} /> },
];

function summary(r: CertListReply): string {
  const facts = [
    r.within_30 && `${r.within_30.toLocaleString('en')} expiring within 30 days`,
    r.within_60 && `${r.within_60.toLocaleString('en')} within 60`,
    r.expired && `${r.expired.toLocaleString('en')} expired`,
  ].filter(Boolean);
  return `${count(r.total, 'certificate')}${facts.length ? `: ${facts.join(', ')}` : ''}.`;
}

function Filters({ counts }: { counts: CertListReply | undefined }) {
  const query = place.value.query;
  const clusters = useData('clusterList', { limit: 1000 }).data?.items ?? [];
  const n = (value: number | undefined) => (value === undefined ? '' : ` ${value.toLocaleString('en')}`);
  return (
    <div class="toolbar">
      <SearchBox label="Name, SAN, issuer, serial, fingerprint" value={query.get('q') ?? ''} onChange={(q) => setQuery({ q })} />
      <ToggleGroup label="Kind" value={query.get('kind') ?? ''} onChange={(kind) => setQuery({ kind })} choices={[
        ['', `All${n(counts?.total)}`], ['leaf', `Leaves${n(counts?.leaves)}`], ['intermediate', 'Intermediates'], ['root', 'Roots'], ['self-signed', 'Self-signed'],
      ]} />
      <Select label="Expiry" value={query.get('within') ?? ''} onChange={(within) => setQuery({ within })} choices={[
        ['', 'Any expiry'], ['0', 'Expired'], ['30', 'Within 30 days'], ['60', 'Within 60 days'], ['90', 'Within 90 days'],
      ]} />
      {clusters.length > 0 && (
        <Select label="Cluster" value={query.get('cluster') ?? ''} onChange={(cluster) => setQuery({ cluster })}
          choices={[['', 'Any cluster'], ...clusters.map((c): [string, string] => [c.name, c.name])]} />
      )}
      <Select label="Private key" value={query.get('key') ?? ''} onChange={(key) => setQuery({ key })} choices={[['', 'Any key'], ['held', 'Key held']]} />
      <Select label="Order" value={query.get('sort') ?? ''} onChange={(sort) => setQuery({ sort })} choices={[['', 'By expiry'], ['name', 'By name'], ['newest', 'Newest first']]} />
    </div>
  );
}

function Empty() {
  return (
    <EmptyState icon={faUpload} title="No certificates yet" actions={<Button kind="primary" icon={faUpload} href="/certificates/import" needs="certImport">Import</Button>}>
      Import a key and certificate, or drop their PEM files here. opsd shows who issued what to whom and what the servers will say to it.
    </EmptyState>
  );
}

export function CertificatesPage() {
  const query = place.value.query;
  const filters = ['q', 'kind', 'within', 'cluster', 'key', 'sort'].map((k) => query.get(k) ?? '');
  const [q, kind, within, cluster, key, sort] = filters;
  const pages = usePages(filters.join(' '));
  const asked = useData('certList', {
    limit: pageSize, after: pages.after, q: q || null, kind: (kind || null) as never, sort: (sort || null) as never, cluster: cluster || null,
    expires_within_days: within ? Number(within) : null, has_key: key ? true : null,
  });
  const filtered = filters.slice(0, 5).some(Boolean);
  const clear = () => setQuery({ q: null, kind: null, within: null, cluster: null, key: null });
  return (
    <Page title="Certificates" sub={asked.data ? summary(asked.data) : <Bone width="300px" />} acts="certImport"
      actions={<Button kind="primary" icon={faUpload} href="/certificates/import" needs="certImport">Import</Button>}>
      <DropTarget onFiles={dropForImport} needs="certImport" text="Drop PEM files to import them">
        <section class="panel" aria-label="Inventory">
          <Filters counts={asked.data} />
          <Show asked={asked} skeleton={<SkeletonRows rows={12} widths={['24%', '16%', '12%', '14%', '10%', '10%', '14%']} />}>
            {(data) => data.items.length ? (
              <>
                <Table label="Certificates" columns={columns} rows={data.items} id={(c) => c.id} />
                <Pager pages={pages} shown={data.items.length} {...(filtered ? {} : { total: data.total })} next={data.next} what="certificate" />
              </>
            ) : filtered || pages.back ? <NothingFound clear={clear} /> : <Empty />}
          </Show>
        </section>
      </DropTarget>
    </Page>
  );
}
