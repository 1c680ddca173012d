import type { SupportRequestId, SupportThread } from '#contract/support';
import type { EventLog } from '#events/index';
import { AppError } from '#platform/app-error';
import type { Clock } from '#platform/clock';
import type { Database } from '#platform/database';
import type { Endpoint } from '#platform/http';
import { ownScope } from '#platform/scope';
import {
  type AnyProvidersRequest,
  listForOperator,
  providerOfRequest,
} from './across-providers.ts';
import { supportEndpoints } from './support-routes.ts';
import { moveTo, readThread, replyToRequest } from './write-request.ts';

export interface SupportDeps {
  database: Database;
  clock: Clock;
  events: EventLog;
  /** Who runs this Bursar; null: nobody is told by e-mail. */
  operatorEmail: string | null;
  publicUrl: string;
}

/** What providers ask of the people who run Bursar, and their answers. */
export interface Support {
  readonly endpoints: Endpoint[];
  /** For the operator: what waits for an answer, of all providers; with `all` everything. */
  list(which: { all: boolean }): Promise<AnyProvidersRequest[]>;
  /** @throws AppError `request.not-found` */
  show(id: SupportRequestId): Promise<SupportThread>;
  /** Answers, which mails whoever asked. @throws AppError `request.not-found`, `support.closed` */
  answer(id: SupportRequestId, text: string): Promise<SupportThread>;
  /** @throws AppError `request.not-found` */
  close(id: SupportRequestId): Promise<SupportThread>;
}

/**
 * Wires the room. What the operator does needs a request's id alone, and is done in Bursar's name.
 */
export function createSupport(deps: SupportDeps): Support {
  const { database } = deps;

  async function scopeOf(id: SupportRequestId) {
    const providerId = await providerOfRequest(database, id);
    if (providerId === null) throw new AppError('request.not-found');
    return ownScope(providerId);
  }

  return {
    endpoints: supportEndpoints(deps),
    list: (which) => listForOperator(database, which),
    async show(id) {
      const scope = await scopeOf(id);
      return database.asProvider(scope.providerId, (tx) => readThread(tx, scope, id));
    },
    answer: async (id, text) =>
      replyToRequest(deps, await scopeOf(id), id, { from: 'operator', text }),
    close: async (id) => moveTo(deps, await scopeOf(id), id, 'closed'),
  };
}
