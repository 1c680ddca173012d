import type { Organisation } from '../accounting/model.ts';
import { formatCents } from '../core/decimal.ts';
import { html, type Markup } from '../core/html.ts';
import { page } from '../core/page.ts';

/** A message that a page shows once, carried in its address. */
export interface Notice {
  readonly done: string | undefined;
  readonly refused: string | undefined;
}

const BANNER = 'Xero emulator, bookkeeper’s desk';

/** A page of the desk: where one is, what just happened, and the page itself. */
export function deskPage(
  title: string,
  crumbs: readonly (readonly [label: string, path: string])[],
  notice: Notice,
  body: Markup,
): string {
  return page({
    title,
    banner: BANNER,
    body: html`<nav class="crumbs" aria-label="Where you are"><a href="/desk">Organisations</a>${crumbs.map(
      ([label, path]) => html` › <a href="${path}">${label}</a>`,
    )}</nav>
${notice.done && html`<p class="message good" role="status">${notice.done}</p>`}
${notice.refused && html`<p class="message bad" role="alert">${notice.refused}</p>`}
<h1>${title}</h1>
${body}`,
  });
}

/** A sum with its currency, for a right-aligned cell. */
export function money(cents: number, currency: string): Markup {
  return html`${formatCents(cents)} ${currency}`;
}

/** Where an organisation's desk begins; its papers and contacts stand below this address. */
export function orgPath(organisation: Pick<Organisation, 'id'>): string {
  return `/desk/${organisation.id}`;
}

/** A form that is one button. */
export function buttonForm(action: string, label: string, isQuiet = false): Markup {
  return html`<form class="inline" method="post" action="${action}">
<button ${isQuiet && html`class="quiet"`}>${label}</button></form>`;
}

/** A labelled field. */
export function field(label: string, name: string, rest: Markup): Markup {
  return html`<div><label for="${name}">${label}</label><input id="${name}" name="${name}" ${rest}></div>`;
}
