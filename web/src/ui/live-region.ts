// What screen readers are told, and the toasts that everybody sees.
import { signal } from '@preact/signals';

export const spoken = signal('');

export function announce(text: string): void {
  spoken.value = '';
  setTimeout(() => (spoken.value = text), 50);
}

export interface Toast {
  id: number;
  tone: 'success' | 'danger' | 'info';
  text: string;
  href?: string | undefined;
  link?: string | undefined;
}

export const toasts = signal<Toast[]>([]);
let next = 1;

export function closeToast(id: number): void {
  toasts.value = toasts.value.filter((t) => t.id !== id);
}

export function toast(tone: Toast['tone'], text: string, link?: { href: string; text: string }): void {
  const id = next++;
  toasts.value = [...toasts.value.slice(-2), { id, tone, text, href: link?.href, link: link?.text }];
  if (tone !== 'danger') setTimeout(() => closeToast(id), 8000);
}
