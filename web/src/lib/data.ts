// What pages show, asked for once and kept: going back is instant, a change on the server asks again with the ETag, and
// what was there stays with its age when an answer fails.
import { effect, signal, type Signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { ApiError, callTagged, type In, type Name, type Out } from './api';
import { onChange } from './live';
import { signedIn } from './session';

export interface Answer<T> {
  data?: T;
  error?: ApiError;
  at?: number; // when data came, or was confirmed
  busy: boolean;
}

interface Entry {
  state: Signal<Answer<unknown>>;
  etag: string | null;
  watchers: number;
  ask: () => Promise<void>;
}

const kept = 100;
const leavingMs = 60;
const entries = new Map<string, Entry>();

function evict(): void {
  for (const [key, entry] of entries) {
    if (entries.size <= kept) return;
    if (entry.watchers === 0) entries.delete(key);
  }
}

function entryOf<K extends Name>(name: K, input: In<K>): Entry {
  const key = `${name} ${JSON.stringify(input)}`;
  const found = entries.get(key);
  if (found) return found;
  const state = signal<Answer<unknown>>({ busy: false });
  let asking: Promise<void> | null = null;
  const entry: Entry = {
    state,
    etag: null,
    watchers: 0,
    ask() {
      asking ??= run().finally(() => (asking = null));
      return asking;
    },
  };
  async function run() {
    state.value = { ...state.value, busy: true };
    try {
      const { data, etag } = await callTagged(name, input, state.value.data === undefined ? null : entry.etag);
      entry.etag = etag;
      state.value = { data: data === null && etag ? state.value.data : data, at: Date.now(), busy: false };
    } catch (e) {
      state.value = { ...state.value, error: e as ApiError, busy: false };
    }
  }
  entries.set(key, entry);
  evict();
  return entry;
}

export interface Asked<T> extends Answer<T> {
  reload: () => Promise<void>;
}

export interface AskOptions {
  live?: boolean; // false: asked once, and again only by hand
}

// input null: nothing is asked.
export function useData<K extends Name>(name: K, input: In<K>, options: AskOptions = {}): Asked<Out<K>> {
  const entry = entryOf(name, input);
  const live = options.live ?? true;
  useEffect(() => {
    entry.watchers++;
    if (live || entry.state.peek().data === undefined) void entry.ask();
    const stop = live ? onChange(() => void entry.ask()) : () => {};
    return () => {
      entry.watchers--;
      stop();
    };
  }, [entry, live]);
  return { ...(entry.state.value as Answer<Out<K>>), reload: entry.ask };
}

// After a write: everything on the page is asked again at once, without waiting for the event. A page that is being left
// is gone by then, and what was deleted is not asked for.
export async function refresh(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, leavingMs));
  await Promise.all([...entries.values()].filter((e) => e.watchers > 0).map((e) => e.ask()));
}

// Puts an answer that came with a write, or with an event, in the place of the old one.
export function put<K extends Name>(name: K, input: In<K>, data: Out<K>): void {
  const entry = entryOf(name, input);
  entry.etag = null;
  entry.state.value = { data, at: Date.now(), busy: false };
}

// Nothing that one person saw is kept for the next.
effect(() => {
  if (!signedIn()) entries.clear();
});
