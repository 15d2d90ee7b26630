// Addresses of pages. Every path is a real one, since the server answers any of them with the page.
import { computed, signal } from '@preact/signals';

export interface Place {
  path: string;
  query: URLSearchParams;
  hash: string;
}

const read = (): Place => ({ path: location.pathname, query: new URLSearchParams(location.search), hash: location.hash });

export const place = signal<Place>(read());
export const path = computed(() => place.value.path);

// Set while a form has been touched and not sent: asked before it is left.
let guard: (() => boolean) | null = null;
export function guardLeaving(f: (() => boolean) | null): void {
  guard = f;
}

export function go(to: string, how: 'push' | 'replace' = 'push'): void {
  if (guard && new URL(to, location.href).pathname !== location.pathname && !guard()) return;
  if (how === 'push') history.pushState(null, '', to);
  else history.replaceState(null, '', to);
  place.value = read();
}

// Changes parameters of the address and keeps the page; empty ones vanish.
export function setQuery(change: Record<string, string | null>): void {
  const query = new URLSearchParams(place.value.query);
  for (const [key, value] of Object.entries(change)) {
    if (value) query.set(key, value);
    else query.delete(key);
  }
  const text = query.toString();
  go(place.value.path + (text ? `?${text}` : ''), 'replace');
}

export function startRouting(): void {
  addEventListener('popstate', () => (place.value = read()));
  document.addEventListener('click', (e) => {
    if (e.defaultPrevented || e.button !== 0 || e.metaKey || e.ctrlKey || e.shiftKey || e.altKey) return;
    const a = (e.target as Element).closest('a');
    if (!a || a.target || a.hasAttribute('download') || a.origin !== location.origin) return;
    if (a.pathname.startsWith('/api/') || a.pathname.includes('.')) return;
    e.preventDefault();
    if (a.pathname === location.pathname && a.hash) document.getElementById(a.hash.slice(1))?.focus();
    else go(a.pathname + a.search + a.hash);
  });
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

// The parts of a path that a pattern names with a colon: match('/nodes/:ref', '/nodes/3') is { ref: '3' }.
export function match(pattern: string, at: string): Record<string, string> | null {
  const parts = (text: string) => text.split('/').filter((part) => part !== '');
  const wanted = parts(pattern);
  const given = parts(at);
  if (wanted.length !== given.length) return null;
  const found: Record<string, string> = {};
  for (const [i, part] of wanted.entries()) {
    if (part.startsWith(':')) found[part.slice(1)] = decoded(given[i]!);
    else if (part !== given[i]) return null;
  }
  return found;
}

// Addresses that come from the API may be written for a page's fragment.
export const address = (link: string): string => link.replace(/^\/?#/, '') || '/';
