import { useState } from 'preact/hooks';
import { faCheck, faCopy } from '@fortawesome/free-solid-svg-icons';
import { Icon } from './icon';
import { announce, toast } from './live-region';

async function write(text: string): Promise<void> {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  // Without TLS there is no clipboard of that kind: after ssl-disable, over a name that is not the loopback's.
  const area = document.createElement('textarea');
  area.value = text;
  (document.querySelector('dialog[open]') ?? document.body).append(area);
  area.select();
  const done = document.execCommand('copy');
  area.remove();
  if (!done) throw new Error('refused');
}

export function Copy({ text, what }: { text: string; what: string }) {
  const [done, setDone] = useState(false);
  return (
    <button type="button" class={`copy${done ? ' done' : ''}`} aria-label={`Copy ${what}`} title={`Copy ${what}`}
      onClick={(e) => {
        e.stopPropagation();
        write(text).then(() => {
          setDone(true);
          announce(`Copied ${what}`);
          setTimeout(() => setDone(false), 1500);
        }, () => toast('danger', 'The browser did not let opsd write to the clipboard.'));
      }}>
      <Icon of={done ? faCheck : faCopy} />
    </button>
  );
}

// A value with its copy button, which stays on the last line of it. Hex breaks between bytes alone.
export function Value({ text, what }: { text: string; what: string }) {
  const hex = /^([0-9a-f]{2}:){4,}/.test(text);
  const parts = hex ? text.split(/(?<=:)/) : [text.slice(0, -1), text.slice(-1)];
  const last = parts.pop();
  return (
    <span class="value">
      <code class={hex ? 'hex' : 'value'}>{parts.map((part) => <>{part}{hex && <wbr />}</>)}</code>
      <span class="last"><code>{last}</code><Copy text={text} what={what} /></span>
    </span>
  );
}

// The first four bytes are enough to tell apart; copying gives all.
export const short = (hex: string): string => `${hex.slice(0, 11)}…`;

export function Fingerprint({ hex, what = 'SHA-256 fingerprint', plain }: { hex: string; what?: string; plain?: boolean }) {
  return (
    <span class="fingerprint">
      <code title={hex}>{short(hex)}</code>
      {!plain && <Copy text={hex} what={what} />}
    </span>
  );
}
