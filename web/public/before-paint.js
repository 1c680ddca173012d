// Runs before anything is drawn. A file of its own, since the pages allow no inline script.

// The chosen colour scheme, so that a dark page never flashes white.
(() => {
  const chosen = localStorage.getItem('bursar.colour-scheme');
  const system = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
  const scheme = chosen === 'light' || chosen === 'dark' ? chosen : system;
  document.documentElement.setAttribute('data-mantine-color-scheme', scheme);
})();

// zod would otherwise probe for eval, which the content security policy reports.
globalThis.__zod_globalConfig = { jitless: true };
