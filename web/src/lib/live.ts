// The stream of events that says when the state has changed. Pages ask again then; while the stream is lost they say so
// and ask from time to time.
import { effect, signal } from '@preact/signals';
import { isWriting } from './api';
import { loadSession, signedIn } from './session';

const graceMs = 4_000; // a reconnect within this is not worth a word
const pollMs = 30_000;
const retryMs = 5_000;
const restMs = 400; // changes that come together are one

export const lostSince = signal<number | null>(null);

type Listener = () => void;
const listeners = new Set<Listener>();

export function onChange(f: Listener): () => void {
  listeners.add(f);
  return () => listeners.delete(f);
}

let announced = false;
function changed(): void {
  if (announced) return;
  announced = true;
  setTimeout(function tell() {
    if (isWriting()) return void setTimeout(tell, restMs);
    announced = false;
    for (const f of listeners) f();
  }, restMs);
}

let source: EventSource | null = null;
let grace: ReturnType<typeof setTimeout> | undefined;
let poll: ReturnType<typeof setInterval> | undefined;
let lastAlive = 0;

function alive(): void {
  clearTimeout(grace);
  grace = undefined;
  clearInterval(poll);
  poll = undefined;
  lastAlive = Date.now();
  if (lostSince.value !== null) changed();
  lostSince.value = null;
}

function lost(): void {
  if (grace !== undefined || poll !== undefined) return;
  const since = lastAlive ? Date.now() : null;
  grace = setTimeout(() => {
    lostSince.value = since ?? Date.now();
    poll = setInterval(changed, pollMs);
  }, graceMs);
}

function connect(): void {
  source = new EventSource('/api/v1/events');
  source.onopen = alive;
  source.addEventListener('state', () => {
    alive();
    changed();
  });
  source.addEventListener('rollout', changed);
  source.onerror = () => {
    lost();
    // Closed for good: refused by its status, which the browser does not retry. A session that ended shows here.
    if (source?.readyState === EventSource.CLOSED) {
      disconnect();
      setTimeout(() => void loadSession().then(() => signedIn() && !source && connect()), retryMs);
    }
  };
}

function disconnect(): void {
  source?.close();
  source = null;
}

export function startLive(): void {
  effect(() => {
    if (signedIn()) {
      if (!source) connect();
    } else {
      disconnect();
      clearTimeout(grace);
      clearInterval(poll);
      grace = poll = undefined;
      lastAlive = 0;
      lostSince.value = null;
    }
  });
  document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && changed());
}

// One rollout's own stream; onRollout gets the whole of it after each step.
export function follow<T>(id: number, onRollout: (rollout: T) => void): () => void {
  const stream = new EventSource(`/api/v1/rollouts/${id}/events`);
  stream.addEventListener('rollout', (e) => onRollout(JSON.parse((e as MessageEvent<string>).data) as T));
  return () => stream.close();
}
