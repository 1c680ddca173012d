import { html, type Markup } from './html.ts';

const STYLE = `
:root{color-scheme:light dark;--ink:#22303a;--soft:#5a6b76;--line:#d5dde2;--paper:#fbfbf9;--card:#fff;--accent:#2f5d62;--accent-ink:#fff;--good:#e3f2e6;--good-ink:#1d5b2c;--bad:#fbe6e4;--bad-ink:#8a1f14}
@media(prefers-color-scheme:dark){:root{--ink:#e5ebee;--soft:#9fb0ba;--line:#3a474f;--paper:#172026;--card:#1f2a31;--accent:#7fb7bd;--accent-ink:#10181c;--good:#1e3a26;--good-ink:#a9dcb5;--bad:#47221e;--bad-ink:#f2b6ae}}
*{box-sizing:border-box}body{margin:0;font:16px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper)}
header.top{background:var(--card);border-bottom:1px solid var(--line);padding:.75rem 1.5rem;font-weight:600}
header.top a{color:inherit;text-decoration:none}main{max-width:62rem;margin:1.5rem auto;padding:0 1.5rem}
main.narrow{max-width:32rem}h1{font-size:1.5rem;margin:.25rem 0 1rem}h2{font-size:1.1rem;margin:2rem 0 .5rem}
a{color:var(--accent)}table{border-collapse:collapse;width:100%;background:var(--card);border:1px solid var(--line)}
th,td{padding:.45rem .7rem;border-bottom:1px solid var(--line);text-align:left;vertical-align:top}th{font-weight:600;color:var(--soft);font-size:.85rem}
.money{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}form.inline{display:inline}
label{display:block;margin:.6rem 0 .2rem;font-weight:600;font-size:.9rem}label.choice{font-weight:400;font-size:1rem;display:flex;gap:.5rem;align-items:baseline;margin:.4rem 0}
input,select{font:inherit;color:inherit;background:var(--card);border:1px solid var(--soft);border-radius:4px;padding:.4rem .5rem;max-width:100%}
input:not([type=checkbox]):not([type=radio]),select{height:2.5rem}select{max-width:24rem;text-overflow:ellipsis}
h1,td,dd{overflow-wrap:anywhere}td.money{overflow-wrap:normal}
input[type=number]{text-align:right}button{font:inherit;border:1px solid var(--accent);background:var(--accent);color:var(--accent-ink);border-radius:4px;padding:.45rem .9rem;cursor:pointer}
button.quiet{background:transparent;color:var(--accent)}button.wide{display:block;width:100%;text-align:left;margin:.5rem 0}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px}fieldset{border:1px solid var(--line);padding:.5rem 1rem 1rem;background:var(--card)}
.row{display:flex;flex-wrap:wrap;gap:1rem;align-items:end}.soft{color:var(--soft)}.actions{display:flex;gap:.75rem;margin:1rem 0;flex-wrap:wrap}
.message{padding:.6rem 1rem;border-radius:4px;margin:0 0 1rem}.good{background:var(--good);color:var(--good-ink)}.bad{background:var(--bad);color:var(--bad-ink)}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.2rem 1.5rem}dt{color:var(--soft)}dd{margin:0}nav.crumbs{font-size:.9rem;margin-bottom:.5rem}`;

export interface PageParts {
  readonly title: string;
  /** The line at the top that says what this is. */
  readonly banner: string;
  readonly body: Markup;
  readonly isNarrow?: boolean;
}

/** A whole page in the emulator's own plain look. */
export function page({ title, banner, body, isNarrow = false }: PageParts): string {
  const { text } = html`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · Xero emulator</title>
<link rel="stylesheet" href="/assets/emulator.css">
</head>
<body>
<header class="top">${banner}</header>
<main class="${isNarrow ? 'narrow' : 'wide'}">
${body}
</main>
</body>
</html>`;
  return text;
}

/** The one style sheet, served by the emulator itself. */
export const STYLE_SHEET = STYLE.trim();
