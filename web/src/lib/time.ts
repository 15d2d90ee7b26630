// Instants as people read them, always UTC.
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const two = (n: number) => String(n).padStart(2, '0');

type Instant = string | number | Date;
const of = (t: Instant) => new Date(t);

export const monthName = (month: number): string => months[((month % 12) + 12) % 12]!;

// 20 Apr 2026
export function date(t: Instant): string {
  const d = of(t);
  return `${d.getUTCDate()} ${monthName(d.getUTCMonth())} ${d.getUTCFullYear()}`;
}

// 14:05
export function clock(t: Instant): string {
  const d = of(t);
  return `${two(d.getUTCHours())}:${two(d.getUTCMinutes())}`;
}

// 14:05:58
export const clockSeconds = (t: Instant): string => `${clock(t)}:${two(of(t).getUTCSeconds())}`;

// 20 Apr 2026, 09:12:44 UTC
export const full = (t: Instant): string => `${date(t)}, ${clockSeconds(t)} UTC`;

// Tue 14 Apr 2026, 14:06 UTC
export const masthead = (t: Instant): string => `${days[of(t).getUTCDay()]} ${date(t)}, ${clock(t)} UTC`;

// 2026-04-20 09:12Z
export const iso = (t: Instant): string => of(t).toISOString().replace(/:\d\d\.\d+Z$/, 'Z').replace('T', ' ');

// 14:05 for today, else 13 Apr or 13 Apr 2025
export function brief(t: Instant, now: number): string {
  const d = of(t);
  const n = new Date(now);
  if (d.toISOString().slice(0, 10) === n.toISOString().slice(0, 10)) return clock(d);
  const year = d.getUTCFullYear() === n.getUTCFullYear() ? '' : ` ${d.getUTCFullYear()}`;
  return `${d.getUTCDate()} ${monthName(d.getUTCMonth())}${year}`;
}

const plural = (n: number, unit: string) => `${n} ${unit}${n === 1 ? '' : 's'}`;

// 2 minutes ago
export function ago(t: Instant, now: number): string {
  const s = Math.max(0, Math.round((now - of(t).getTime()) / 1000));
  if (s < 10) return 'just now';
  if (s < 60) return `${plural(s, 'second')} ago`;
  if (s < 3600) return `${plural(Math.floor(s / 60), 'minute')} ago`;
  if (s < 86400) return `${plural(Math.floor(s / 3600), 'hour')} ago`;
  return `${plural(Math.floor(s / 86400), 'day')} ago`;
}

// 1 m 12 s
export function span(ms: number): string {
  const s = Math.max(0, Math.round(ms / 1000));
  if (s < 60) return ms < 9950 ? `${(Math.max(0, ms) / 1000).toFixed(1)} s` : `${s} s`;
  if (s < 3600) return `${Math.floor(s / 60)} m ${two(s % 60)} s`;
  return `${Math.floor(s / 3600)} h ${two(Math.floor((s % 3600) / 60))} m`;
}
