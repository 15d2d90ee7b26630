// The search in the masthead: certificates and nodes as one types; `/` comes here from anywhere.
import { useEffect, useRef, useState } from 'preact/hooks';
import { faCertificate, faMagnifyingGlass, faServer, type IconDefinition } from '@fortawesome/free-solid-svg-icons';
import { call } from '../lib/api';
import { go, path } from '../lib/route';
import { commonName } from '../lib/words';
import { Icon } from './icon';

interface Hit {
  href: string;
  icon: IconDefinition;
  text: string;
  note: string;
}

const restMs = 200;
const each = 6;

async function find(q: string, signal: AbortSignal): Promise<Hit[]> {
  const [certificates, nodes] = await Promise.all([call('certList', { q, limit: each }, signal), call('nodeList', { q, limit: each }, signal)]);
  return [
    ...nodes.items.map((n) => ({ href: `/nodes/${n.id}`, icon: faServer, text: n.name, note: `${n.cluster} · ${n.address}` })),
    ...certificates.items.map((c) => ({ href: `/certificates/${c.id}`, icon: faCertificate, text: c.name ?? c.subject, note: `${commonName(c.issuer)} · ${c.days_left} days left` })),
  ];
}

const inField = (e: KeyboardEvent) => e.target instanceof Element && e.target.closest('input, textarea, select, [contenteditable]') !== null;

export function GlobalSearch({ open, close }: { open: () => void; close: () => void }) {
  const [text, setText] = useState('');
  const [hits, setHits] = useState<Hit[] | null>(null);
  const [at, setAt] = useState(-1);
  const input = useRef<HTMLInputElement>(null);
  const q = text.trim();

  useEffect(() => {
    const slash = (e: KeyboardEvent) => {
      if (e.key !== '/' || e.ctrlKey || e.metaKey || e.altKey || inField(e) || document.querySelector('dialog[open]')) return;
      e.preventDefault();
      input.current?.focus();
      open();
      setTimeout(() => input.current?.focus()); // where it was hidden behind its button
    };
    document.addEventListener('keydown', slash);
    return () => document.removeEventListener('keydown', slash);
  }, []);

  useEffect(() => {
    setAt(-1);
    if (!q) return setHits(null);
    const stop = new AbortController();
    const timer = setTimeout(() => find(q, stop.signal).then(setHits, () => {}), restMs);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [q]);

  function leave() {
    setText('');
    setHits(null);
    close();
  }
  useEffect(leave, [path.value]);

  function onKeyDown(e: KeyboardEvent) {
    const n = hits?.length ?? 0;
    if (e.key === 'ArrowDown' && n) setAt((at + 1) % n);
    else if (e.key === 'ArrowUp' && n) setAt((at - 1 + n) % n);
    else if (e.key === 'Escape') {
      leave();
      input.current?.blur();
    } else if (e.key === 'Enter' && q) go(hits?.[at]?.href ?? `/search?q=${encodeURIComponent(q)}`);
    else return;
    e.preventDefault();
  }

  return (
    <div class="global-search" role="search" aria-label="Everywhere" onFocusOut={(e) => !(e.currentTarget as Element).contains(e.relatedTarget as Element | null) && setHits(null)}>
      <div class="global-search-box">
        <Icon of={faMagnifyingGlass} />
        <input ref={input} id="global-search" type="text" role="combobox" list={undefined} aria-label="Search certificates and nodes" placeholder="Search names, fingerprints, nodes, addresses"
          aria-expanded={hits !== null} aria-controls="global-search-hits" aria-autocomplete="list" aria-activedescendant={at >= 0 ? `hit-${at}` : undefined}
          autocomplete="off" spellcheck={false} value={text} onInput={(e) => setText(e.currentTarget.value)} onKeyDown={onKeyDown} />
        <kbd aria-hidden="true">/</kbd>
      </div>
      {hits !== null && (
        <div class="hits">
          <ul id="global-search-hits" role="listbox" aria-label="Found">
            {hits.map((h, i) => (
              <li key={h.href} id={`hit-${i}`} role="option" aria-selected={i === at} onMouseDown={(e) => {
                e.preventDefault();
                go(h.href);
              }}>
                <Icon of={h.icon} /><span class="hit-text">{h.text}</span><span class="hit-note">{h.note}</span>
              </li>
            ))}
          </ul>
          {hits.length === 0 && <p class="hit-none" role="status">Nothing has “{q}” in its name or address</p>}
        </div>
      )}
    </div>
  );
}
