// Choosing certificates and nodes out of many.
import { useState } from 'preact/hooks';
import type { Certificate, CertListRequest, Node } from '../contract';
import { useData } from '../lib/data';
import { commonName, count, keyName } from '../lib/words';
import { Days } from './days';
import { CheckField } from './field';
import { SearchBox } from './search-box';
import { Bone, ErrorAlert } from './states';

const shown = 6;

export interface CertificatePickProps {
  legend: string;
  filter: Pick<CertListRequest, 'kind' | 'has_key'>;
  value: number;
  onChange: (id: number, certificate: Certificate) => void;
  error?: string | undefined;
  none: string;
}

export function CertificatePick({ legend, filter, value, onChange, error, none }: CertificatePickProps) {
  const [q, setQ] = useState('');
  const asked = useData('certList', { ...filter, q: q || null, limit: shown });
  return (
    <fieldset class="field pick">
      <legend>{legend}</legend>
      <SearchBox label={`Search: ${legend.toLowerCase()}`} value={q} onChange={setQ} />
      {asked.error && <ErrorAlert error={asked.error} />}
      {!asked.data && !asked.error && <Bone width="100%" height="60px" />}
      {asked.data && (asked.data.items.length ? (
        <div class="pick-list">
          {asked.data.items.map((c) => (
            <label key={c.id} class={`pick-row${c.id === value ? ' chosen' : ''}`}>
              <input type="radio" name={legend} checked={c.id === value} onChange={() => onChange(c.id, c)} />
              <span><span class="mono">{c.name || c.common_name || c.subject}</span><span class="caption">{commonName(c.issuer)} · {keyName(c)}</span></span>
              <span class="pick-days"><Days days={c.days_left} /> days</span>
            </label>
          ))}
        </div>
      ) : <p class="panel-empty">{q ? 'No match' : none}</p>)}
      {asked.data?.next && <p class="caption">There are more; search narrows them down</p>}
      {error && <span class="field-error" role="alert">{error}</span>}
    </fieldset>
  );
}

export function NodePick({ nodes, value, onChange, error }: { nodes: Node[]; value: string[]; onChange: (ids: string[]) => void; error?: string | undefined }) {
  const ids = nodes.map((n) => String(n.id));
  const all = value.length === ids.length;
  return (
    <fieldset class="field pick">
      <legend>Nodes</legend>
      {nodes.length > 1 && <CheckField label={`All ${count(nodes.length, 'node')}`} checked={all} onChange={(v) => onChange(v ? ids : [])} />}
      <div class="pick-list pick-nodes">
        {nodes.map((n) => (
          <CheckField key={n.id} label={<><strong>{n.name}</strong> <code class="subtle">{n.address}</code></>} checked={value.includes(String(n.id))}
            onChange={(v) => onChange(v ? [...value, String(n.id)] : value.filter((id) => id !== String(n.id)))} />
        ))}
      </div>
      {error && <span class="field-error" role="alert">{error}</span>}
    </fieldset>
  );
}
