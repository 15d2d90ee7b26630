// Who is signed in. undefined while that is not known yet.
import { signal } from '@preact/signals';
import type { SessionReply } from '../contract';
import { operations } from '../contract';
import { ApiError, call, whenSignedOut, type Name, type Role } from './api';

export const session = signal<SessionReply | undefined>(undefined);
export const sessionError = signal<ApiError | null>(null);
export const sessionEnded = signal(false); // by itself, not by signing out

const order: Role[] = ['none', 'viewer', 'operator', 'admin'];

export function hasRole(role: Role): boolean {
  return order.indexOf((session.value?.role ?? 'none') as Role) >= order.indexOf(role);
}

export const roleFor = (name: Name): Role => operations[name].role;
export const can = (name: Name): boolean => hasRole(roleFor(name));
export const signedIn = (): boolean => hasRole('viewer');

const nobody = (setup_needed: boolean): SessionReply => ({ name: null, role: 'none', setup_needed, expires: null });

export async function loadSession(): Promise<void> {
  try {
    session.value = await call('sessionShow', {});
    sessionError.value = null;
  } catch (e) {
    sessionError.value = e as ApiError;
  }
}

export async function signIn(name: string, password: string): Promise<void> {
  session.value = await call('sessionCreate', { name, password });
  sessionEnded.value = false;
}

export async function setUp(token: string, name: string, password: string): Promise<void> {
  session.value = await call('setup', { token, name, password });
  sessionEnded.value = false;
}

export async function signOut(): Promise<void> {
  await call('sessionDelete', {});
  sessionEnded.value = false;
  session.value = nobody(false);
}

whenSignedOut(() => {
  if (!signedIn()) return;
  sessionEnded.value = true;
  session.value = nobody(false);
});
