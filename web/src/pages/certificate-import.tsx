import { useState } from 'preact/hooks';
import { upload } from '../lib/api';
import { refresh } from '../lib/data';
import { refuse, useForm } from '../lib/form';
import { go } from '../lib/route';
import { ChainPicture } from '../pictures/chain';
import { Button } from '../ui/button';
import { TextField } from '../ui/field';
import { Sending } from '../ui/files';
import { Findings, Summary } from '../ui/inspection';
import { toast } from '../ui/live-region';
import { Page } from '../ui/page';
import { PairInput, useInspection, type Inspection } from '../ui/pair';
import { Prose } from '../ui/prose';
import { Panel } from '../ui/panel';
import { Alert, SkeletonPanel } from '../ui/states';

let waiting: File[] = [];

// Files that were dropped on the list are taken along to this page.
export function dropForImport(files: File[]): void {
  waiting = files;
  go('/certificates/import');
}

function takeWaiting(): File[] {
  const files = waiting;
  waiting = [];
  return files;
}

export function Preview({ inspection: { found, error, busy }, idle }: { inspection: Inspection; idle: string }) {
  if (found) {
    return (
      <div class={busy ? 'aging' : ''}>
        <Panel title="What it is" note={<span class="caption">nothing is kept yet</span>}><Summary c={found} /></Panel>
        {found.chain.length > 1 && <Panel title="Chain" pad={false}><ChainPicture chain={found.chain} complete={found.chain_complete !== 0} sha256={found.sha256} /></Panel>}
        <Findings findings={found.findings} />
      </div>
    );
  }
  if (error) return <Panel title="What it is"><Alert tone={error.status === 422 || error.status === 400 ? 'warning' : 'danger'} title={<Prose text={error.message} />} /></Panel>;
  if (busy) return <SkeletonPanel rows={6} widths={['25%', '75%']} />;
  return <Panel title="What it is"><p class="panel-empty">{idle}</p></Panel>;
}

export function CertificateImportPage() {
  const [files] = useState(takeWaiting);
  const [share, setShare] = useState<number | null>(null);
  const form = useForm({ name: '', certificate: '', key: '', key_password: '', chain: '' }, async (v) => {
    if (!v.certificate.trim()) throw refuse('certificate', 'Drop a file here, or paste a certificate in PEM.');
    setShare(0);
    try {
      const c = await upload('certImport', {
        name: v.name.trim() || null, certificate: v.certificate, key: v.key.trim() ? v.key : null, key_password: v.key_password || null,
      }, setShare);
      toast('success', `Imported ${c.name ?? c.subject}`);
      void refresh();
      go(`/certificates/${c.id}`);
    } finally {
      setShare(null);
    }
  }, { guard: true });
  const inspection = useInspection(form.values);
  const guess = inspection.found?.common_name ?? inspection.found?.san[0]?.replace(/^\w+:/, '');
  return (
    <Page title="Import a certificate" needs="certImport" crumbs={[['Certificates', '/certificates'], ['import']]}
      sub="A pair, or a certificate alone. Several files may be dropped at once; opsd tells key and certificate apart.">
      <div class="split split-2 form-and-preview">
        <form class="panel panel-body" onSubmit={form.submit} noValidate aria-label="Import">
          <PairInput files={files} certificate={form.bind('certificate')} key_={form.bind('key')} password={form.bind('key_password')} />
          <TextField label="Name" required={false} {...form.bind('name')} placeholder={guess ?? ''} hint="What people call it; the common name when left empty" />
          {form.error && <Alert tone="danger" title={<Prose text={form.error.message} />}>{form.error.request && <p class="caption">Request <code>{form.error.request}</code></p>}</Alert>}
          {share !== null && <Sending share={share} what="the certificate" />}
          <div class="form-actions">
            <Button kind="primary" submit busy={form.busy}>Import</Button>
            <Button kind="link" href="/certificates">Cancel</Button>
          </div>
        </form>
        <div class="stack" aria-live="polite"><Preview inspection={inspection} idle="Drop a file, or paste a certificate, and see here what it says before it is imported" /></div>
      </div>
    </Page>
  );
}
