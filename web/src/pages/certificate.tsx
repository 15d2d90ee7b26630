import { useState } from 'preact/hooks';
import { faCircleExclamation, faDownload, faTrash, faTriangleExclamation, faCircleCheck } from '@fortawesome/free-solid-svg-icons';
import type { CertificateDetail, CertificateUse } from '../contract';
import { call } from '../lib/api';
import { refresh, useData } from '../lib/data';
import { useForm } from '../lib/form';
import { go } from '../lib/route';
import { can } from '../lib/session';
import { full } from '../lib/time';
import { capital, count } from '../lib/words';
import { ChainPicture } from '../pictures/chain';
import { Button } from '../ui/button';
import { Copy, short } from '../ui/copy';
import { CheckField } from '../ui/field';
import { Confirm, Dialog } from '../ui/dialog';
import { save } from '../ui/files';
import { details, Findings, KeyState } from '../ui/inspection';
import { toast } from '../ui/live-region';
import { Page } from '../ui/page';
import { Panel, Terms } from '../ui/panel';
import { Bone, EmptyState, Show, SkeletonPanel } from '../ui/states';
import { Place, Status, urgency } from '../ui/status';
import { Table, type Column } from '../ui/table';
import { PushDialog } from './push-dialog';

const nameOf = (c: CertificateDetail) => c.name || c.common_name || c.subject;
const fileName = (c: CertificateDetail) => `${nameOf(c).replace(/[^\w.-]+/g, '_').replace(/^\.+/, '') || 'certificate'}.pem`;

function Expiry({ c }: { c: CertificateDetail }) {
  const when = `on ${full(c.not_after)}`;
  switch (urgency(c.days_left)) {
    case 'expired': return <Status tone="danger" icon={faCircleExclamation}>Expired {when}</Status>;
    case 'expiring': return <Status tone="danger" icon={faCircleExclamation}>Expires in {count(c.days_left, 'day')}, {when}</Status>;
    case 'soon': return <Status tone="warning" icon={faTriangleExclamation}>Expires in {count(c.days_left, 'day')}, {when}</Status>;
    case 'later': return <Status tone="success" icon={faCircleCheck}>Valid for {count(c.days_left, 'day')}, until {full(c.not_after)}</Status>;
  }
}

function ExportDialog({ c, close }: { c: CertificateDetail; close: () => void }) {
  const form = useForm({ with_key: false }, async (v) => {
    if (!can('certExport')) save(fileName(c), c.pem);
    else {
      const reply = await call('certExport', { id: c.id, with_key: v.with_key });
      save(reply.file_name, reply.certificate + (reply.key ?? ''));
    }
    close();
  });
  return (
    <Dialog title={`Export ${nameOf(c)}`} close={close} error={form.error} onSubmit={form.submit}
      footer={<>
        <Button kind={form.values.with_key ? 'danger' : 'primary'} submit icon={faDownload} busy={form.busy}>{form.values.with_key ? 'Export with key' : 'Download'}</Button>
        <Button kind="link" onClick={close}>Cancel</Button>
      </>}>
      <p>The certificate with its chain, as one PEM file.</p>
      {c.has_key && (
        <CheckField label="With the private key" checked={form.values.with_key} disabled={!can('certExport')} onChange={(v) => form.set('with_key', v)}
          hint={can('certExport') ? 'Unencrypted. Who has it can pretend to be this server; the export is written to the audit.' : 'needs admin'} />
      )}
    </Dialog>
  );
}

function DeleteDialog({ c, close }: { c: CertificateDetail; close: () => void }) {
  return (
    <Confirm title="Delete this certificate?" action="Delete" close={close} run={async () => {
      await call('certDelete', { id: c.id });
      toast('success', `Deleted ${nameOf(c)}`);
      go('/certificates');
      void refresh();
    }}>
      <p><strong>{nameOf(c)}</strong>, <code>{short(c.sha256)}</code>{c.has_key && ', and its private key'} will be gone from opsd. What nodes have on their disks stays there.</p>
      {c.used_by > 0 && <p>It is used by {count(c.used_by, 'node')}; opsd will refuse.</p>}
    </Confirm>
  );
}

const useColumns: Column<CertificateUse>[] = [
  { head: 'Place', cell: (u) => (u.node_id ? <><a href={`/nodes/${u.node_id}`}>{u.node}</a> <span class="subtle">{u.cluster}</span></> : <a href="/settings/console">this console</a>) },
  { head: 'On disk', cell: (u) => <Place word={u.on_disk} /> },
  { head: 'On the wire', cell: (u) => <Place word={u.on_wire} wire /> },
  { head: 'Folder', wide: true, cell: (u) => <code class="path">{u.path === 'console' ? '' : u.path}</code> },
];

function Uses({ c }: { c: CertificateDetail }) {
  return (
    <Panel title="Where used" note={<span class="caption">{c.uses.length ? count(c.uses.length, 'place') : ''}</span>} pad={false}>
      {c.uses.length
        ? <Table label="Where used" columns={useColumns} rows={c.uses} id={(u) => `${u.node_id}${u.path}`} />
        : <p class="panel-empty">Not used. {c.has_key ? 'Push it to nodes, and they are listed here.' : 'Its private key is not held, so it cannot be pushed.'}</p>}
    </Panel>
  );
}

function Skeleton() {
  return (
    <>
      <SkeletonPanel rows={3} widths={['30%', '30%', '30%']} height="200px" />
      <div class="split split-2"><SkeletonPanel rows={9} widths={['25%', '75%']} /><SkeletonPanel rows={4} widths={['25%', '75%']} /></div>
    </>
  );
}

type Open = 'export' | 'delete' | 'push' | null;

export function CertificatePage({ id }: { id: string }) {
  const asked = useData('certShow', { id: Number(id) });
  const [open, setOpen] = useState<Open>(null);
  const c = asked.data;
  const close = () => setOpen(null);
  return (
    <Page title={c ? nameOf(c) : `Certificate ${id}`} crumbs={[['Certificates', '/certificates'], [c?.kind ?? '…']]} acts="certDelete"
      sub={c ? <><Expiry c={c} /><KeyState c={c} /></> : !asked.error && <Bone width="340px" />}
      actions={c && <>
        <Button icon={faTrash} needs="certDelete" onClick={() => setOpen('delete')}>Delete</Button>
        <Button icon={faDownload} onClick={() => setOpen('export')}>Export</Button>
        <Button kind="primary" needs="nodePush" disabled={!c.has_key} why="the private key is not held" onClick={() => setOpen('push')}>Push to nodes</Button>
      </>}>
      <Show asked={asked} skeleton={<Skeleton />} missing={<EmptyState title={`There is no certificate ${id}`} actions={<a href="/certificates">All certificates</a>}>It may have been deleted.</EmptyState>}>
        {(data) => (
          <>
            <Panel title="Chain" pad={false} note={<span class="caption">{data.chain_complete ? `whole, ${count(data.chain.length, 'certificate')}` : 'not whole'}</span>}>
              <ChainPicture chain={data.chain} complete={data.chain_complete !== 0} sha256={data.sha256} />
            </Panel>
            <div class="split split-2">
              <Panel title="Details" note={<span class="caption">{capital(data.kind)}</span>} aside={<><Copy text={data.pem} what="PEM" /> <Button kind="link" onClick={() => save(fileName(data), data.pem)}>PEM</Button></>}>
                <Terms of={details(data)} />
              </Panel>
              <div class="stack"><Findings findings={data.findings} /><Uses c={data} /></div>
            </div>
            {open === 'export' && <ExportDialog c={data} close={close} />}
            {open === 'delete' && <DeleteDialog c={data} close={close} />}
            {open === 'push' && <PushDialog certificate={data} close={close} />}
          </>
        )}
      </Show>
    </Page>
  );
}
