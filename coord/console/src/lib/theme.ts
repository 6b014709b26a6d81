// The system's choice, unless the analyst made one.
export function applyTheme(): void {
  const kept = localStorage.getItem('theme');
  if (kept === 'light' || kept === 'dark') document.documentElement.dataset.theme = kept;
}

export function nextTheme(): void {
  const chosen = document.documentElement.dataset.theme;
  const isDark = chosen ? chosen === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
  localStorage.setItem('theme', isDark ? 'light' : 'dark');
  applyTheme();
}
