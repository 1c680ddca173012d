/** The look of the API page; light and dark by the reader's own setting. */
export const docsStyle = `
:root { color-scheme: light dark; --line: light-dark(#d5dae1, #3a414b);
  --soft: light-dark(#f4f6f8, #1d2228); --quiet: light-dark(#55606e, #a3adba);
  --link: light-dark(#0b5c8a, #7cc4ee); }
* { box-sizing: border-box; }
body { margin: 0; display: grid; grid-template-columns: 17rem minmax(0, 1fr);
  font: 16px/1.55 system-ui, sans-serif; background: light-dark(#fff, #14181d);
  color: light-dark(#1a2129, #e6eaef); }
nav { position: sticky; top: 0; height: 100vh; overflow: auto; padding: 1.5rem 1rem;
  border-right: 1px solid var(--line); font-size: .875rem; }
nav ul { list-style: none; margin: 0; padding: 0 0 0 .75rem; }
nav > ul { padding: 0; } nav > ul > li { margin-bottom: .75rem; }
.title { font-weight: 600; font-size: 1rem; margin: 0 0 1rem; }
main { max-width: 58rem; padding: 1.5rem 2rem 6rem; }
a { color: var(--link); } nav a { display: block; padding: .2rem 0; text-decoration: none; }
nav a:hover { text-decoration: underline; }
:target { scroll-margin-top: 1rem; outline: 2px solid var(--link); outline-offset: 6px; }
h1 small { font-weight: 400; color: var(--quiet); font-size: 1rem; }
h2 { margin: 3rem 0 1rem; padding-bottom: .25rem; border-bottom: 1px solid var(--line); }
h3 { margin: 2rem 0 .5rem; font-size: 1.05rem; } h4 { margin: 1rem 0 .25rem; font-size: .875rem; }
p { margin: .25rem 0; } .right, .remark { color: var(--quiet); }
code { font: .875em/1.5 ui-monospace, monospace; overflow-wrap: anywhere; }
pre { background: var(--soft); border: 1px solid var(--line); border-radius: 6px;
  padding: .75rem 1rem; overflow: auto; } pre code { overflow-wrap: normal; }
table { border-collapse: collapse; width: 100%; margin: .75rem 0; font-size: .875rem; }
th, td { text-align: left; vertical-align: top; padding: .375rem .75rem .375rem 0;
  border-bottom: 1px solid var(--line); }
.literal { color: light-dark(#7a3e00, #f0b877); }
.method { display: inline-block; min-width: 4.25rem; padding: .1rem .5rem; border-radius: 4px;
  border: 1px solid var(--line); font-size: .75rem; text-align: center; background: var(--soft); }
@media (max-width: 50rem) { body { display: block; }
  nav { position: static; height: auto; border-right: 0; border-bottom: 1px solid var(--line); }
  nav ul ul { display: none; } main { padding: 1rem; } }
`;
