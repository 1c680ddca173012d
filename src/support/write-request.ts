import { type SupportRequestId, type SupportThread, supportCan } from '#contract/support';
import { AppError } from '#platform/app-error';
import { DAY_MS, plus } from '#platform/clock';
import type { Tx } from '#platform/database';
import { newId } from '#platform/ids';
import { announce } from '#platform/live-updates';
import type { Scope } from '#platform/scope';
import { emailOf, getProvider } from '#providers/index';
import type { SupportDeps } from './support.ts';
import { mailMessage } from './support-mails.ts';
import {
  addMessage,
  countMessages,
  countRequests,
  insertRequest,
  messagesOf,
  moveRequest,
  type NewMessage,
  type RequestRow,
  takeRequest,
  toRequest,
} from './support-store.ts';

/** Requests of one provider that are not closed, and those opened within a day. */
const OPEN_MAX = 50;
const PER_DAY_MAX = 20;
const MESSAGES_MAX = 200;
/** What one provider writes within a day, on whichever requests: each mails whoever runs Bursar. */
const MESSAGES_PER_DAY_MAX = 60;

/** Who writes: somebody of the provider, or the people who run Bursar. */
export type Side = 'provider' | 'operator';

/**
 * Opens a request and tells the people who run Bursar.
 * @throws AppError `support.too-many`
 */
export function openRequest(
  deps: SupportDeps,
  scope: Scope,
  wish: { subject: string; text: string; app: string | null },
): Promise<SupportThread> {
  const { database, clock, events } = deps;
  const at = clock.now();
  return database.asProvider(scope.providerId, async (tx) => {
    await refuseTooManyMessages(tx, scope, at);
    await refuseTooMany(tx, scope, at);
    const id = newId<SupportRequestId>();
    const { actor } = scope;
    const { subject, app } = wish;
    const askedByEmail = actor.kind === 'person' ? await emailOf(tx, actor.personId) : null;
    await insertRequest(tx, scope, { id, subject, app, askedBy: actor.name, askedByEmail, at });
    await events.append(tx, scope, { kind: 'support.opened', requestId: id, subject, app });
    return write(deps, tx, scope, id, { from: 'provider', text: wish.text, isFirst: true });
  });
}

/**
 * Writes on a request and tells the other side.
 * @throws AppError `request.not-found`, `support.closed`, `support.too-many`
 */
export function replyToRequest(
  deps: SupportDeps,
  scope: Scope,
  id: SupportRequestId,
  reply: { from: Side; text: string },
): Promise<SupportThread> {
  const { database, clock } = deps;
  return database.asProvider(scope.providerId, async (tx) => {
    if (reply.from === 'provider') await refuseTooManyMessages(tx, scope, clock.now());
    const request = await needRequest(tx, scope, id);
    if (!supportCan(toRequest(request).state).reply) throw new AppError('support.closed');
    if (request.message_count >= MESSAGES_MAX) {
      throw new AppError('support.too-many', 'So much was written on it: ask in a new request.');
    }
    const { from } = reply;
    await deps.events.append(tx, scope, { kind: 'support.replied', requestId: id, from });
    return write(deps, tx, scope, id, { ...reply, isFirst: false });
  });
}

/** Closes a request or opens it again; said twice it counts once. @throws AppError `request.not-found` */
export function moveTo(
  deps: SupportDeps,
  scope: Scope,
  id: SupportRequestId,
  state: 'open' | 'closed',
): Promise<SupportThread> {
  return deps.database.asProvider(scope.providerId, async (tx) => {
    const request = toRequest(await needRequest(tx, scope, id));
    const can = supportCan(request.state);
    if (state === 'closed' ? can.close : can.reopen) {
      const kind = state === 'closed' ? 'support.closed' : 'support.reopened';
      await moveRequest(tx, scope, id, state, deps.clock.now());
      await deps.events.append(tx, scope, { kind, requestId: id });
      await announce(tx, scope.providerId, 'support', [id]);
    }
    return readThread(tx, scope, id);
  });
}

/**
 * A request with all that was written on it. Holds its row, so that what is added in the same
 * transaction is added to what was read.
 * @throws AppError `request.not-found`
 */
export async function readThread(
  tx: Tx,
  scope: Scope,
  id: SupportRequestId,
): Promise<SupportThread> {
  const request = await needRequest(tx, scope, id);
  return { ...toRequest(request), messages: await messagesOf(tx, scope, id) };
}

async function write(
  deps: SupportDeps,
  tx: Tx,
  scope: Scope,
  id: SupportRequestId,
  wish: { from: Side; text: string; isFirst: boolean },
): Promise<SupportThread> {
  const { from, text, isFirst } = wish;
  const author = from === 'operator' ? 'The people who run Bursar' : scope.actor.name;
  const message: NewMessage = { id: newId(), from, author, text, at: deps.clock.now() };
  await addMessage(tx, scope, id, message, from === 'operator' ? 'answered' : 'open');
  const request = await needRequest(tx, scope, id);
  const provider = await getProvider(tx, scope);
  const providerName = provider?.name ?? '';
  await mailMessage(deps, tx, { request, message, providerName, isFirst });
  await announce(tx, scope.providerId, 'support', [id]);
  return readThread(tx, scope, id);
}

async function needRequest(tx: Tx, scope: Scope, id: SupportRequestId): Promise<RequestRow> {
  const request = await takeRequest(tx, scope, id);
  if (!request) throw new AppError('request.not-found');
  return request;
}

async function refuseTooMany(tx: Tx, scope: Scope, now: Date): Promise<void> {
  const { open, recent } = await countRequests(tx, scope, plus(now, -DAY_MS));
  if (open >= OPEN_MAX) {
    throw new AppError('support.too-many', `${OPEN_MAX} requests are not closed yet.`);
  }
  if (recent >= PER_DAY_MAX) {
    throw new AppError('support.too-many', `${PER_DAY_MAX} requests were opened within a day.`);
  }
}

async function refuseTooManyMessages(tx: Tx, scope: Scope, now: Date): Promise<void> {
  if ((await countMessages(tx, scope, plus(now, -DAY_MS))) < MESSAGES_PER_DAY_MAX) return;
  const detail = `${MESSAGES_PER_DAY_MAX} messages were written within a day: go on tomorrow.`;
  throw new AppError('support.too-many', detail);
}
