// Light or dark: as the system says, until somebody chooses here.
import { effect, signal } from '@preact/signals';

const key = 'opsd.theme';
const system = matchMedia('(prefers-color-scheme: dark)');
const chosen = signal(localStorage.getItem(key));
const systemDark = signal(system.matches);

system.addEventListener('change', () => (systemDark.value = system.matches));

export const isDark = (): boolean => chosen.value === 'dark' || (chosen.value !== 'light' && systemDark.value);

export function toggleTheme(): void {
  const dark = !isDark();
  chosen.value = dark === systemDark.value ? null : dark ? 'dark' : 'light';
  if (chosen.value) localStorage.setItem(key, chosen.value);
  else localStorage.removeItem(key);
}

effect(() => {
  document.documentElement.classList.toggle('pf-v6-theme-dark', isDark());
});
