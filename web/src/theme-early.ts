// Runs before anything is painted, so that a dark page never flashes white. lib/theme.ts does the rest.
const chosen = localStorage.getItem('opsd.theme');
const dark = chosen === 'dark' || (chosen !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
document.documentElement.classList.toggle('pf-v6-theme-dark', dark);

export {};
