// The time, as pages show it; ticks so that "2 minutes ago" stays true.
import { signal } from '@preact/signals';

export const now = signal(Date.now());
setInterval(() => (now.value = Date.now()), 10_000);
