// Calls of the JSON API, typed by the contract, which make prints into ../contract.ts.
import { operations, type Operations } from '../contract';

export type Role = 'none' | 'viewer' | 'operator' | 'admin';
export type Name = keyof Operations;
export type In<K extends Name> = Operations[K]['in'];
export type Out<K extends Name> = Operations[K]['out'];

export class ApiError extends Error {
  constructor(
    readonly status: number, // 0: opsd could not be reached
    readonly code: string,
    message: string,
    readonly field: string | null = null,
    readonly request: string | null = null,
    readonly retryAfter: number | null = null, // seconds
  ) {
    super(message);
  }
}

interface Prepared {
  method: string;
  url: string;
  body: string | null;
}

function prepare(name: Name, input: Record<string, unknown>): Prepared {
  const { method, path, query } = operations[name];
  const rest = new Map(Object.entries(input).filter(([, v]) => v !== undefined && v !== null));
  const take = (key: string) => {
    const value = rest.get(key);
    rest.delete(key);
    return value;
  };
  let url = path.replace(/\{(\w+)\}/g, (_, key: string) => encodeURIComponent(String(take(key))));
  const asked = new URLSearchParams();
  for (const key of query) for (const value of [take(key) ?? []].flat()) asked.append(key, String(value));
  if (asked.size) url += `?${asked}`;
  const body = method === 'GET' || method === 'DELETE' ? null : JSON.stringify(Object.fromEntries(rest));
  return { method, url, body };
}

function headers(p: Prepared): Record<string, string> {
  return {
    Accept: 'application/json',
    ...(p.method === 'GET' ? {} : { 'X-Opsd-CSRF': '1' }),
    ...(p.body === null ? {} : { 'Content-Type': 'application/json' }),
  };
}

const unreachable = () => new ApiError(0, 'unreachable', 'opsd does not answer. It may be restarting, or the network is down.');

function refused(status: number, text: string, retryAfter: string | null): ApiError {
  const after = retryAfter === null ? null : Number(retryAfter);
  try {
    const { code, message, field, request } = (JSON.parse(text) as { error: Record<string, string | null> }).error;
    return new ApiError(status, code ?? 'internal', message ?? '', field || null, request ?? null, after);
  } catch {
    return new ApiError(status, 'internal', `opsd answered ${status} without saying why.`, null, null, after);
  }
}

// Told of every 401, since a session may end behind any page.
let onSignedOut: () => void = () => {};
export function whenSignedOut(f: () => void) {
  onSignedOut = f;
}

function check(error: ApiError, name: Name): ApiError {
  if (error.status === 401 && operations[name].role !== 'none') onSignedOut();
  return error;
}

export interface Tagged<T> {
  data: T | null; // null: not modified
  etag: string | null;
}

export async function callTagged<K extends Name>(name: K, input: In<K>, etag: string | null, signal?: AbortSignal): Promise<Tagged<Out<K>>> {
  const p = prepare(name, (input ?? {}) as Record<string, unknown>);
  let response: Response;
  let text: string;
  try {
    response = await fetch(p.url, {
      method: p.method,
      headers: { ...headers(p), ...(etag ? { 'If-None-Match': etag } : {}) },
      body: p.body,
      cache: 'no-store',
      credentials: 'same-origin',
      signal: signal ?? null,
    });
    text = await response.text();
  } catch (e) {
    if (signal?.aborted) throw e;
    throw unreachable();
  }
  if (response.status === 304) return { data: null, etag };
  if (!response.ok) throw check(refused(response.status, text, response.headers.get('Retry-After')), name);
  return { data: (text === '' ? null : JSON.parse(text)) as Out<K>, etag: response.headers.get('ETag') };
}

let writes = 0;

// While something is being written nobody asks for what may be gone a moment later.
export const isWriting = (): boolean => writes > 0;

export async function call<K extends Name>(name: K, input: In<K>, signal?: AbortSignal): Promise<Out<K>> {
  const write = operations[name].method === 'GET' ? 0 : 1;
  writes += write;
  try {
    return (await callTagged(name, input, null, signal)).data as Out<K>;
  } finally {
    writes -= write;
  }
}

// The same with word of how much has been sent, 0 to 1, which fetch cannot tell.
export function upload<K extends Name>(name: K, input: In<K>, onProgress: (share: number) => void): Promise<Out<K>> {
  const p = prepare(name, (input ?? {}) as Record<string, unknown>);
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open(p.method, p.url);
    for (const [key, value] of Object.entries(headers(p))) request.setRequestHeader(key, value);
    request.upload.onprogress = (e) => e.lengthComputable && onProgress(e.loaded / e.total);
    request.onerror = () => reject(unreachable());
    request.onload = () => {
      if (request.status >= 200 && request.status < 300) resolve(JSON.parse(request.responseText) as Out<K>);
      else reject(check(refused(request.status, request.responseText, request.getResponseHeader('Retry-After')), name));
    };
    request.send(p.body);
  });
}
