import { useState } from 'preact/hooks';
import { faCircleCheck, faDownload, faLock, faLockOpen, faTriangleExclamation } from '@fortawesome/free-solid-svg-icons';
import type { CertificateDetail, ConsoleReply } from '../contract';
import { call, upload } from '../lib/api';
import { put, refresh, useData } from '../lib/data';
import { refuse, useForm } from '../lib/form';
import { full } from '../lib/time';
import { ChainPicture } from '../pictures/chain';
import { Button } from '../ui/button';
import { Confirm, Dialog } from '../ui/dialog';
import { CheckField } from '../ui/field';
import { save, Sending } from '../ui/files';
import { details, Findings } from '../ui/inspection';
import { toast } from '../ui/live-region';
import { Page } from '../ui/page';
import { noPair, PairInput, useInspection } from '../ui/pair';
import { Panel, Terms } from '../ui/panel';
import { Alert, Bone, Show, SkeletonPanel } from '../ui/states';
import { Status } from '../ui/status';
import { Preview } from './certificate-import';

const closedToBrowsers = (c: CertificateDetail | null) => !!c && /^Ed/.test(c.key_type);

function SetDialog({ close }: { close: () => void }) {
  const [share, setShare] = useState<number | null>(null);
  const form = useForm({ ...noPair, force: false }, async (v) => {
    if (!v.certificate.trim()) throw refuse('certificate', 'Drop a file here, or paste a certificate in PEM.');
    if (!v.key.trim()) throw refuse('key', 'The console needs the private key as well.');
    setShare(0);
    try {
      const reply = await upload('sslSetCert', { certificate: v.certificate, key: v.key, key_password: v.key_password || null, force: v.force }, setShare);
      put('consoleShow', {}, reply);
      toast('success', 'The console serves the new certificate from the next connection on');
      close();
      void refresh();
    } finally {
      setShare(null);
    }
  });
  const inspection = useInspection(form.values);
  return (
    <Dialog wide title="Serve another certificate" close={close} error={form.error} onSubmit={form.submit}
      footer={<>
        <Button kind="primary" submit busy={form.busy}>Check and serve</Button>
        <Button kind="link" onClick={close}>Cancel</Button>
      </>}>
      <p class="subtle">opsd checks the pair first. If something is wrong with it, what is served now goes on being served. Open connections live on.</p>
      <PairInput keyRequired certificate={form.bind('certificate')} key_={form.bind('key')} password={form.bind('key_password')} />
      {closedToBrowsers(inspection.found) && (
        <CheckField label="Serve it although browsers cannot open it" checked={form.values.force} onChange={(v) => form.set('force', v)}
          hint="No browser speaks TLS with an Ed25519 or Ed448 key yet. This page will be out of reach; the opsd command still works." />
      )}
      {share !== null && <Sending share={share} what="the pair" />}
      {(inspection.found || inspection.error) && <div class="stack"><Preview inspection={inspection} idle="" /></div>}
    </Dialog>
  );
}

function DisableDialog({ close }: { close: () => void }) {
  return (
    <Confirm title="Turn TLS off?" action="Turn TLS off" close={close} run={async () => {
      const reply = await call('sslDisable', {});
      toast('info', reply.message);
      close();
      void refresh();
    }}>
      <p>opsd then speaks plain HTTP on the loopback address of its host only, on the HTTP port, for a proxy in front that speaks TLS. <strong>This page is out of reach from other machines</strong> until the proxy is there.</p>
      <p><code>opsd ssl-set-cert</code> on the host turns TLS on again.</p>
    </Confirm>
  );
}

function TrustPanel({ c }: { c: CertificateDetail }) {
  return (
    <Panel title="Make your browser trust it" aside={<Button kind="link" icon={faDownload} onClick={() => save('opsd-console.pem', c.pem)}>Download PEM</Button>}>
      <p>opsd signed this certificate itself, so browsers warn. Either give the console a certificate from your own authority, or import this one:</p>
      <ol class="steps-list">
        <li>Compare the SHA-256 fingerprint with what <code>opsd status</code> prints on the host.</li>
        <li>Download the PEM file.</li>
        <li>Firefox: Settings, Privacy &amp; Security, View Certificates, Authorities, Import; trust it for websites.</li>
        <li>Chrome and Edge: on Linux under Settings, Security, Manage certificates, Authorities; on Windows and macOS into the system’s trusted roots.</li>
        <li>Whole machines: Debian <code>/usr/local/share/ca-certificates/opsd.crt</code> and <code>update-ca-certificates</code>; Fedora <code>trust anchor opsd-console.pem</code>.</li>
      </ol>
      <p class="subtle">It renews itself before it ends, and then has to be trusted again.</p>
    </Panel>
  );
}

function Sub({ r }: { r: ConsoleReply }) {
  if (!r.certificate) return <Status tone="danger" icon={faLockOpen}>TLS is off: plain HTTP on the loopback address</Status>;
  return (
    <>
      {r.self_signed ? <Status tone="warning" icon={faTriangleExclamation}>Self-signed by opsd, renewed by itself</Status> : <Status tone="success" icon={faCircleCheck}>From your authority</Status>}
      <span>until {full(r.certificate.not_after)}</span>
    </>
  );
}

function Served({ r, c }: { r: ConsoleReply; c: CertificateDetail }) {
  return (
    <>
      <Panel title="Chain" pad={false}><ChainPicture chain={c.chain} complete={c.chain_complete !== 0} sha256={c.sha256} /></Panel>
      <div class="split split-2">
        <Panel title="Details" aside={<Button kind="link" onClick={() => save('opsd-console.pem', c.pem)}>PEM</Button>}>
          <Terms of={[...details(c), { term: 'HSTS', value: r.hsts ? 'sent: browsers use HTTPS alone' : 'not sent' }]} />
        </Panel>
        <div class="stack">
          {r.self_signed && <TrustPanel c={c} />}
          <Findings findings={c.findings} title="What browsers will say" />
        </div>
      </div>
    </>
  );
}

export function ConsolePage() {
  const asked = useData('consoleShow', {});
  const [open, setOpen] = useState<'set' | 'disable' | null>(null);
  const close = () => setOpen(null);
  const r = asked.data;
  return (
    <Page title="Console certificate" crumbs={[['Settings', '/settings'], ['console certificate']]} acts="sslSetCert" sub={r ? <Sub r={r} /> : !asked.error && <Bone width="320px" />}
      actions={<>
        {r?.tls && <Button icon={faLockOpen} needs="sslDisable" onClick={() => setOpen('disable')}>Turn TLS off</Button>}
        <Button kind="primary" icon={faLock} needs="sslSetCert" onClick={() => setOpen('set')}>{r && !r.tls ? 'Turn TLS on' : 'Serve another'}</Button>
      </>}>
      <Show asked={asked} skeleton={<div class="split split-2"><SkeletonPanel rows={9} widths={['25%', '75%']} /><SkeletonPanel rows={4} widths={['25%', '75%']} /></div>}>
        {(data) => data.certificate
          ? <Served r={data} c={data.certificate} />
          : <Alert tone="warning" title="TLS is off" quiet>opsd speaks plain HTTP on the loopback address only; a proxy in front is expected to speak TLS. A key and a certificate turn it on again.</Alert>}
      </Show>
      {open === 'set' && <SetDialog close={close} />}
      {open === 'disable' && <DisableDialog close={close} />}
    </Page>
  );
}
