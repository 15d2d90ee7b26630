// What opsd found in a certificate: shown before an import and on its page.
import { faCircleCheck, faCircleExclamation, faKey } from '@fortawesome/free-solid-svg-icons';
import { useState } from 'preact/hooks';
import type { CertificateDetail, Finding } from '../contract';
import { now } from '../lib/now';
import { date, iso } from '../lib/time';
import { capital, count, keyName } from '../lib/words';
import { Button } from './button';
import { Copy, Value } from './copy';
import { Panel, Rule, Terms, type Term } from './panel';
import { Prose } from './prose';
import { Severity, Status, urgency } from './status';

const order = ['critical', 'warning', 'accepted'];
const shownSan = 20;

export function Findings({ findings, title = 'What the servers will say', note }: { findings: Finding[]; title?: string; note?: string }) {
  const sorted = [...findings].sort((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity));
  return (
    <Panel title={title} note={note && <span class="caption">{note}</span>} pad={false}>
      {sorted.length ? (
        <ul class="findings">
          {sorted.map((f, i) => (
            <li key={`${f.rule}${i}`}>
              <Severity word={f.severity} />
              <Rule id={f.rule} />
              <div>
                <div><Prose text={f.text} /></div>
                {f.meets && <div><code class="meets">{f.meets}</code></div>}
                {f.mend && <div class="subtle"><Prose text={f.mend} /></div>}
              </div>
            </li>
          ))}
        </ul>
      ) : <p class="panel-empty">Nothing to say</p>}
    </Panel>
  );
}

export function KeyState({ c }: { c: CertificateDetail }) {
  if (!c.has_key) return <Status tone="subtle" icon={faKey}>private key not held</Status>;
  return c.key_fits
    ? <Status tone="success" icon={faKey}>private key held and fits</Status>
    : <Status tone="danger" icon={faCircleExclamation}>private key does not fit</Status>;
}

function Names({ c }: { c: CertificateDetail }) {
  const [all, setAll] = useState(false);
  const shown = all ? c.san : c.san.slice(0, shownSan);
  if (!c.san.length) return <span class="subtle">none</span>;
  return (
    <>
      <span class="mono san">{shown.map((s, i) => <span key={i}>{s} </span>)}</span>
      <Copy text={c.san.join('\n')} what="alternative names" />
      {!all && c.san.length > shownSan && <div><Button kind="link" onClick={() => setAll(true)}>Show all {c.san_count.toLocaleString('en')}</Button></div>}
      {all && c.san_count > c.san.length && <div class="caption">The first {c.san.length.toLocaleString('en')} of {c.san_count.toLocaleString('en')}; the PEM holds all</div>}
    </>
  );
}

function ValidityBar({ c }: { c: CertificateDetail }) {
  const [from, to] = [Date.parse(c.not_before), Date.parse(c.not_after)];
  const used = Math.min(1, Math.max(0, (now.value - from) / Math.max(1, to - from)));
  const [past, whole] = [Math.max(0, Math.floor((now.value - from) / 86_400_000)), Math.round((to - from) / 86_400_000)];
  return (
    <>
      <span class="validity">
        <code>{iso(from)}</code>
        <span class={`bar bar-${urgency(c.days_left)}`} aria-hidden="true"><span style={{ width: `${used * 100}%` }} /></span>
        <code>{iso(to)}</code>
      </span>
      <div class="caption">{Math.min(past, whole).toLocaleString('en')} of {count(whole, 'day')} used</div>
    </>
  );
}

const mono = (text: string, what: string) => <Value text={text} what={what} />;

const usages = (c: CertificateDetail) => [
  `${c.key_type === 'EC' ? `ECDSA ${c.curve}` : keyName(c)}`,
  c.key_usage.join(', '),
  c.ext_usage.join(', '),
  c.is_ca ? `CA:TRUE${c.path_len >= 0 ? `, path length ${c.path_len}` : ''}` : 'CA:FALSE',
].filter(Boolean).join('; ');

export function details(c: CertificateDetail): Term[] {
  return [
    { term: 'Subject', value: mono(c.subject, 'subject') },
    { term: 'Issuer', value: mono(c.issuer, 'issuer') },
    { term: 'Alternative names', value: <Names c={c} /> },
    { term: 'Validity', value: <ValidityBar c={c} /> },
    { term: 'Serial', value: mono(c.serial, 'serial') },
    { term: 'Key, usages', value: usages(c) },
    { term: 'Signature', value: `${c.signature}, X.509 version ${c.version}` },
    { term: 'SHA-256', value: mono(c.sha256, 'SHA-256 fingerprint') },
    { term: 'SHA-1', value: mono(c.sha1, 'SHA-1 fingerprint') },
    { term: 'Public key pin', value: mono(c.pin, 'public key pin') },
    { term: 'Subject key id', value: c.ski ? mono(c.ski, 'subject key id') : null, hide: !c.ski },
  ];
}

export function Summary({ c }: { c: CertificateDetail }) {
  return (
    <Terms narrow of={[
      { term: 'Subject', value: <code class="value">{c.subject}</code> },
      { term: 'Issuer', value: <code class="value">{c.issuer}</code> },
      { term: 'Kind', value: capital(c.kind) },
      { term: 'Valid to', value: <span class={`days-${urgency(c.days_left)}`}>{date(c.not_after)}, {c.days_left < 0 ? 'expired' : count(c.days_left, 'day')}</span> },
      { term: 'Names', value: <Names c={c} /> },
      { term: 'Key', value: usages(c) },
      { term: 'Private key', value: c.has_key ? <KeyState c={c} /> : <span class="subtle">none given</span> },
      { term: 'Chain', value: c.chain_complete ? <Status tone="success" icon={faCircleCheck}>whole, {count(c.chain.length, 'certificate')}</Status> : <span>{count(c.chain.length, 'certificate')}, the last issuer is not known</span> },
    ]} />
  );
}
