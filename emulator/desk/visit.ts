import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Contact } from '../accounting/model.ts';
import { ActRefused, type Bookkeeper } from '../control/bookkeeper.ts';
import type { Control } from '../control/control.ts';
import { asTexts } from '../core/form.ts';
import { html } from '../core/html.ts';
import { deskPage, type Notice } from './layout.ts';

export type Params = Readonly<Record<string, string>>;

/** One person's request of the desk, its parts read. */
export interface Visit {
  readonly params: Params;
  readonly query: Params;
  readonly form: Params;
  readonly notice: Notice;
  readonly keeper: () => Bookkeeper;
}

/** Where to go next, and what to say there. */
export type Outcome = readonly [path: string, done: string];

export type ShowRoute = (path: string, render: (visit: Visit) => string) => void;
export type ActRoute = (path: string, run: (visit: Visit) => Outcome) => void;

/** The contact that the address names. @throws ActRefused when there is none. */
export function contactOf({ keeper, params }: Visit): Contact {
  return keeper().contact(params.id ?? '');
}

/**
 * Reads a request. Its organisation is looked up by `keeper` alone, so that one that is not there
 * is refused (`ActRefused`) inside the page or act, where a refusal becomes a page.
 */
export function visitOf(request: FastifyRequest, control: Control): Visit {
  const params = asTexts(request.params);
  const query = asTexts(request.query);
  return {
    params,
    query,
    form: asTexts(request.body),
    notice: { done: query.done, refused: query.refused },
    keeper: () => control.bookkeeper(params.org ?? ''),
  };
}

/** After an act the browser is sent on, so that reloading does not repeat it. */
export function runAct(
  reply: FastifyReply,
  visit: Visit,
  run: (visit: Visit) => Outcome,
): FastifyReply {
  try {
    const [path, done] = run(visit);
    return reply.redirect(`${path}?${new URLSearchParams({ done })}`, 303);
  } catch (error) {
    if (!(error instanceof ActRefused)) throw error;
    return reply
      .code(400)
      .type('text/html; charset=utf-8')
      .send(refusalPage('That was not possible', error.message));
  }
}

/**
 * Sends a page that no browser keeps. What it shows and cannot find (`ActRefused`) is a 404 in
 * words; any other error goes on.
 */
export function sendPage(reply: FastifyReply, render: () => string): FastifyReply {
  void reply.type('text/html; charset=utf-8').header('cache-control', 'no-store');
  try {
    return reply.send(render());
  } catch (error) {
    if (!(error instanceof ActRefused)) throw error;
    return reply.code(404).send(refusalPage('Not found', error.message));
  }
}

function refusalPage(title: string, message: string): string {
  const notice = { done: undefined, refused: message };
  const back = html`<p>Go back in your browser to correct it, or <a href="/desk">to the organisations</a>.</p>`;
  return deskPage(title, [], notice, back);
}
