// A key and a certificate from files, or pasted, looked at while they are being put together. Used for the inventory and
// for the console's own certificate.
import { useEffect, useState } from 'preact/hooks';
import { faCertificate, faKey, faXmark } from '@fortawesome/free-solid-svg-icons';
import type { CertificateDetail } from '../contract';
import { ApiError, call } from '../lib/api';
import { isEncrypted, readPem, readPemFile, type PemFile } from '../lib/pem';
import { count } from '../lib/words';
import { Button } from './button';
import { AreaField, TextField } from './field';
import { DropZone } from './files';
import { Icon } from './icon';
import { Prose } from './prose';
import { announce } from './live-region';
import { Alert } from './states';

export interface Pair {
  certificate: string;
  key: string;
  key_password: string;
}

export const noPair: Pair = { certificate: '', key: '', key_password: '' };

interface Bound {
  value: string;
  onChange: (v: string) => void;
  error: string | undefined;
}

export interface PairProps {
  certificate: Bound;
  key_: Bound;
  password: Bound;
  keyRequired?: boolean;
  files?: File[]; // dropped on the page before
}

// Several certificate files: the one that is no authority comes first, then those that issued.
async function inOrder(files: PemFile[]): Promise<string[]> {
  const holding = files.filter((f) => f.certificates.length);
  if (holding.length < 2) return holding.flatMap((f) => f.certificates);
  const ranked = await Promise.all(holding.map(async (f) => {
    const found = await call('certInspect', { certificate: f.certificates.join('') }).catch(() => null);
    const c = found?.certificate;
    return { f, rank: !c ? 3 : !c.is_ca ? 0 : c.kind === 'root' ? 2 : 1 };
  }));
  return ranked.sort((a, b) => a.rank - b.rank).flatMap(({ f }) => f.certificates);
}

export function PairInput({ certificate, key_, password, keyRequired, files }: PairProps) {
  const [troubles, setTroubles] = useState<string[]>([]);
  const [from, setFrom] = useState<{ certificate: string; key: string }>({ certificate: '', key: '' });

  async function take(dropped: File[]) {
    const read = await Promise.all(dropped.map(readPemFile));
    const keys = read.flatMap((f) => f.keys.map((k) => ({ name: f.name, k })));
    const certificates = await inOrder(read);
    const problems = read.flatMap((f) => f.trouble ?? []);
    if (keys.length > 1) problems.push('These files hold more than one private key; opsd takes one.');
    else if (keys[0]) {
      key_.onChange(keys[0].k);
      setFrom((f) => ({ ...f, key: keys[0]!.name }));
    }
    if (certificates.length) {
      certificate.onChange(certificates.join(''));
      setFrom((f) => ({ ...f, certificate: read.filter((x) => x.certificates.length).map((x) => x.name).join(', ') }));
    }
    setTroubles(problems);
    announce(`Read ${count(certificates.length, 'certificate')} and ${count(keys.length, 'key')}`);
  }

  useEffect(() => {
    if (files?.length) void take(files);
  }, []);

  const certificates = readPem(certificate.value, '').certificates.length;
  return (
    <div class="pair">
      <DropZone onFiles={(f) => void take(f)} label="Drop PEM files here" hint="Key and certificate, in one file or several; a chain may follow the certificate" />
      {troubles.map((t) => <Alert key={t} tone="warning" title={t} />)}
      <AreaField label="Certificate" value={certificate.value} onChange={certificate.onChange} error={certificate.error} rows={7}
        placeholder="-----BEGIN CERTIFICATE-----"
        hint={certificates ? <><Icon of={faCertificate} /> {count(certificates, 'certificate')}{from.certificate && ` from ${from.certificate}`}</> : 'PEM, the leaf first; intermediates may follow'} />
      {key_.value && from.key ? (
        <div class="field">
          <span class="label">Private key</span>
          <div class="chip"><Icon of={faKey} /><span>from {from.key}{isEncrypted(key_.value) && ', encrypted'}</span>
            <Button kind="plain" icon={faXmark} label="Remove key" onClick={() => {
              key_.onChange('');
              setFrom((f) => ({ ...f, key: '' }));
            }} />
          </div>
          {key_.error && <Alert tone="danger" title={<Prose text={key_.error} />} />}
        </div>
      ) : (
        <AreaField label="Private key" value={key_.value} onChange={key_.onChange} error={key_.error} rows={4} required={keyRequired ?? false}
          placeholder="-----BEGIN PRIVATE KEY-----" hint="PKCS#8, PKCS#1 or SEC1. opsd seals it; only an administrator can take it out again" />
      )}
      {(isEncrypted(key_.value) || password.error) && (
        <TextField label="Password of the key" type="password" value={password.value} onChange={password.onChange} error={password.error} autocomplete="off" />
      )}
    </div>
  );
}

export interface Inspection {
  found: CertificateDetail | null;
  error: ApiError | null;
  busy: boolean;
}

const restMs = 350;

// What opsd makes of the pair, asked a moment after each change. Nothing is kept.
export function useInspection(pair: Pair): Inspection {
  const [state, setState] = useState<Inspection>({ found: null, error: null, busy: false });
  const [certificate, key] = [pair.certificate.trim(), pair.key.trim()];
  const waiting = key !== '' && isEncrypted(key) && pair.key_password === '';
  useEffect(() => {
    if (!certificate) return setState({ found: null, error: null, busy: false });
    const stop = new AbortController();
    setState((s) => ({ ...s, busy: true }));
    const timer = setTimeout(() => {
      call('certInspect', { certificate, key: waiting ? null : key || null, key_password: pair.key_password || null }, stop.signal).then(
        (reply) => setState({ found: reply.certificate, error: null, busy: false }),
        (e: unknown) => !stop.signal.aborted && setState({ found: null, error: e as ApiError, busy: false }),
      );
    }, restMs);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [certificate, key, pair.key_password, waiting]);
  return state;
}
