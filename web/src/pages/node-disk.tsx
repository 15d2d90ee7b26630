// What lies on a node now, read when asked for.
import { faCertificate, faFile, faKey, faLock, type IconDefinition } from '@fortawesome/free-solid-svg-icons';
import type { Node, NodeFile, NodeOption } from '../contract';
import { useData } from '../lib/data';
import { now } from '../lib/now';
import { ago, date } from '../lib/time';
import { commonName } from '../lib/words';
import { Button } from '../ui/button';
import { Fingerprint } from '../ui/copy';
import { Icon } from '../ui/icon';
import { Panel } from '../ui/panel';
import { Show, SkeletonPanel } from '../ui/states';
import { Table, type Column } from '../ui/table';

const icons: Record<string, IconDefinition> = { certificate: faCertificate, key: faKey, unreadable: faLock };

function shortPath(path: string, folder: string | null): string {
  return folder && path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : path;
}

const fileColumns = (node: Node): Column<NodeFile>[] => [
  { head: 'File', cell: (f) => <><Icon of={icons[f.content] ?? faFile} /> <code title={f.path}>{shortPath(f.path, node.cert_dir)}</code>{f.target && <code class="subtle"> → {f.target}</code>}</> },
  { head: 'Holds', cell: (f) => (f.content === 'unreadable' ? <span class="tone-warning">cannot be read</span> : f.subject ? <span title={f.subject}>{commonName(f.subject)}</span> : f.content) },
  { head: 'SHA-256', wide: true, cell: (f) => f.sha256 && <Fingerprint hex={f.sha256} what={`fingerprint in ${f.path}`} /> },
  { head: 'Valid to', wide: true, cell: (f) => f.not_after && date(f.not_after) },
  { head: 'Owner, mode', wide: true, cell: (f) => <code>{f.owner} {f.mode}</code> },
];

const optionColumns: Column<NodeOption>[] = [
  { head: 'Option', cell: (o) => <code>{o.name}</code> },
  { head: 'Value', cell: (o) => <code class="value">{o.value ?? ''}</code> },
  { head: 'From', wide: true, class: 'nowrap', cell: (o) => <code class="subtle">{o.file}:{o.line}</code> },
];

export function NodeDiskPanels({ node }: { node: Node }) {
  const asked = useData('nodeDisk', { ref: String(node.id) }, { live: false });
  const again = <Button kind="link" busy={asked.busy} onClick={() => void asked.reload()}>Look again</Button>;
  return (
    <Show asked={asked} skeleton={<><SkeletonPanel rows={4} widths={['35%', '30%', '20%', '15%']} /><SkeletonPanel rows={3} widths={['30%', '45%', '25%']} /></>}>
      {(disk) => (
        <>
          <Panel title="On disk" pad={false} aside={again}
            note={<span class="caption"><code>{node.cert_dir}</code>{disk.generation ? `, generation ${disk.generation}` : ''}, {ago(disk.at, now.value)}</span>}>
            {disk.files.length ? <Table label="Files in the certificate folder" columns={fileColumns(node)} rows={disk.files} id={(f) => f.path} /> : <p class="panel-empty">The folder is empty or not there yet. A push makes it.</p>}
          </Panel>
          <Panel title="TLS options in effect" pad={false} note={<span class="caption">by the option file, includes read as the server reads them</span>}>
            {disk.options.length ? <Table label="TLS options" columns={optionColumns} rows={disk.options} id={(o) => `${o.file}:${o.line}:${o.name}`} /> : <p class="panel-empty">No TLS option is set: the server uses its defaults</p>}
          </Panel>
        </>
      )}
    </Show>
  );
}
