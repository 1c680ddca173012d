import { sql } from 'kysely';
import type { ProviderId } from '#contract/ids';
import { type Clock, DAY_MS, HOUR_MS, MINUTE_MS, plus } from './clock.ts';
import type { MailConfig } from './config.ts';
import type { Database } from './database.ts';
import { enqueueEach } from './jobs/job.ts';
import { type Handler, handlerOf } from './jobs/worker.ts';
import type { Logger } from './logger.ts';
import { deliverMail } from './mail.ts';
import { type OutgoingMail, type SendOutcome, sendMail } from './mail-server.ts';

export interface MailDelivery {
  readonly handlers: Handler[];
  /** Has every mail looked at that is due by the clock. */
  tick(): Promise<void>;
}

interface Deps {
  database: Database;
  clock: Clock;
  logger: Logger;
  config: MailConfig;
}

/** Pauses after each attempt that failed; with the last of them about a day has passed. */
const PAUSES_MS = [1, 5, 15, 60, 180, 360, 360, 480].map((minutes) => minutes * MINUTE_MS);
/** For this long nobody else takes a mail up; longer than sending may take. */
const LEASE_MS = 2 * MINUTE_MS;
/** A mail that waited longer for a mail server to be configured tells old news and is not sent. */
const FRESH_MS = 3 * DAY_MS;
const PER_TICK = 20;

/** Sends what `queueMail` stored. Without a mail server it leaves everything waiting. */
export function createMailDelivery(deps: Deps): MailDelivery {
  const { database, clock, config } = deps;
  return {
    handlers: [
      handlerOf(deliverMail, ({ providerId, mailId }) =>
        deliver(deps, providerId as ProviderId, mailId),
      ),
    ],
    async tick() {
      if (!config.server) return;
      await database.asSystem(async (tx) => {
        const due = await tx
          .selectFrom('mails')
          .select(['provider_id', 'id'])
          .where('state', '=', 'queued')
          .where('due_at', '<=', clock.now())
          .orderBy('due_at')
          .limit(PER_TICK)
          .execute();
        const wishes = due.map(({ provider_id: providerId, id }) => ({
          payload: { providerId, mailId: id },
          key: id,
        }));
        await enqueueEach(tx, deliverMail, wishes);
      });
    },
  };
}

async function deliver(deps: Deps, providerId: ProviderId, mailId: string): Promise<void> {
  const { server } = deps.config;
  if (!server) return;
  const mail = await claim(deps, providerId, mailId);
  if (!mail) return;
  const isStale = mail.attempts === 1 && mail.queuedAt < plus(deps.clock.now(), -FRESH_MS);
  const outcome: SendOutcome = isStale
    ? { isSent: false, isFinal: true, reason: 'It waited too long for a mail server' }
    : await sendMail(server, mail);
  await record(deps, mail, outcome);
}

interface ClaimedMail extends OutgoingMail {
  /** This attempt included. */
  attempts: number;
  queuedAt: Date;
}

/** Takes a mail that is due, so that nobody else sends it meanwhile; null when there is none. */
async function claim(deps: Deps, providerId: ProviderId, id: string): Promise<ClaimedMail | null> {
  const now = deps.clock.now();
  const row = await deps.database.asProvider(providerId, (tx) =>
    tx
      .updateTable('mails')
      .set({ attempts: sql<number>`attempts + 1`, due_at: plus(now, LEASE_MS) })
      .where('provider_id', '=', providerId)
      .where('id', '=', id)
      .where('state', '=', 'queued')
      .where('due_at', '<=', now)
      .returning(['recipients', 'subject', 'text', 'attempts', 'queued_at'])
      .executeTakeFirst(),
  );
  if (!row) return null;
  const { recipients: to, subject, text, attempts, queued_at: queuedAt } = row;
  return { id, providerId, to, subject, text, attempts, queuedAt };
}

async function record(deps: Deps, mail: ClaimedMail, outcome: SendOutcome): Promise<void> {
  const now = deps.clock.now();
  const pauseMs = PAUSES_MS[mail.attempts - 1];
  const isOver = !outcome.isSent && (outcome.isFinal || pauseMs === undefined);
  const change = outcome.isSent
    ? // What is sent is not kept: its links would let in whoever reads them here.
      { state: 'sent', sent_at: now, last_error: outcome.remark, text: '' }
    : isOver
      ? { state: 'failed', last_error: outcome.reason }
      : { due_at: plus(now, pauseMs ?? HOUR_MS), last_error: outcome.reason };
  await deps.database.asProvider(mail.providerId, (tx) =>
    tx
      .updateTable('mails')
      .set(change)
      .where('provider_id', '=', mail.providerId)
      .where('id', '=', mail.id)
      .execute(),
  );
  if (outcome.isSent) return;
  const facts = { mailId: mail.id, attempts: mail.attempts, reason: outcome.reason };
  deps.logger.warn(facts, isOver ? 'a mail was given up' : 'a mail could not be sent yet');
}
