// Days left as a number and as a share of the lifetime.
import type { Certificate } from '../contract';
import { urgency } from './status';

const minus = (n: number) => (n < 0 ? `−${-n}` : String(n));

// idle: nothing uses it, so that its end is no trouble
export function Days({ days, idle }: { days: number; idle?: boolean }) {
  return <span class={`days days-${idle && days < 0 ? 'idle' : urgency(days)}`}>{minus(days)}</span>;
}

export function DaysBar({ certificate: c, at }: { certificate: Pick<Certificate, 'not_before' | 'not_after' | 'days_left' | 'used_by'>; at: number }) {
  const from = Date.parse(c.not_before);
  const to = Date.parse(c.not_after);
  const share = to > from ? Math.min(1, Math.max(0, (to - at) / (to - from))) : 0;
  return (
    <span class="days-cell">
      <Days days={c.days_left} idle={!c.used_by} />
      <span class={`bar bar-${urgency(c.days_left)}`} aria-hidden="true"><span style={{ width: `${Math.max(share * 100, share > 0 ? 3 : 0)}%` }} /></span>
    </span>
  );
}
