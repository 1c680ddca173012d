import { type ErrorCode, errorTexts } from '#contract/errors';
import type { ConnectionId, PersonId } from '#contract/ids';
import type { Tx } from '#platform/database';
import { queueMail } from '#platform/mail';
import type { Scope } from '#platform/scope';
import { addressesOf, getProvider } from '#providers/index';
import type { Connection } from '../connection.ts';
import { getConnection } from '../connection-store.ts';
import type { ConnectionsDeps } from '../deps.ts';
import { getLife, type Life, noteLife } from './life-store.ts';
import { isMild } from './trouble.ts';

type Deps = Pick<ConnectionsDeps, 'clock' | 'publicUrl'>;

/**
 * Tells by e-mail what people do not know yet: once that a connection is in trouble, once that it
 * is over. The Owners hear of it, and whoever connected. Looks at how things stand, so it may run
 * any number of times.
 */
export async function tellTrouble(
  deps: Deps,
  tx: Tx,
  scope: Scope,
  connectionId: ConnectionId,
): Promise<void> {
  const connection = await getConnection(tx, scope, connectionId, { lock: true });
  const life = await getLife(tx, scope, connectionId);
  if (!connection || !life) return;
  const { trouble, state } = connection;
  if (trouble) {
    const isNews = life.told_of === null || isWorse(trouble.code, life.told_of as ErrorCode);
    if (isNews) await mailBegun(deps, tx, scope, connection, life);
    if (isNews || life.told_of !== trouble.code) {
      const told = { told_of: trouble.code, told_since: life.told_since ?? trouble.since };
      await noteLife(tx, scope, connectionId, told);
    }
    return;
  }
  if (life.told_of === null) return;
  // Whoever disconnects knows; nobody has to be told that the trouble went with the connection.
  if (state !== 'disconnected') await mailOver(deps, tx, scope, connection, life);
  await noteLife(tx, scope, connectionId, { told_of: null, told_since: null });
}

/** Something that stops the work, where only something that does not was known. */
function isWorse(code: ErrorCode, told: ErrorCode): boolean {
  return isMild(told) && !isMild(code);
}

async function mailBegun(
  deps: Deps,
  tx: Tx,
  scope: Scope,
  connection: Connection,
  life: Life,
): Promise<void> {
  const { trouble, id } = connection;
  if (!trouble) return;
  const { title, way } = errorTexts[trouble.code];
  const { since } = trouble;
  await mail(deps, tx, scope, connection, life, {
    subject: `${title} (${nameOf(connection)})`,
    about: `trouble:${id}:${trouble.code}:${since.toISOString()}`,
    lines: (when) => [
      `${title}.`,
      `Since ${when(since)}, for the Xero organisation ${nameOf(connection)}.`,
      `What to do: ${way}`,
      isMild(trouble.code)
        ? 'Bursar and Xero go on working together meanwhile.'
        : 'Nothing is lost: what is changed meanwhile waits, and is sent and read when it is over.',
      'This is told once. Another mail follows when it is over.',
    ],
  });
}

async function mailOver(
  deps: Deps,
  tx: Tx,
  scope: Scope,
  connection: Connection,
  life: Life,
): Promise<void> {
  const { title } = errorTexts[life.told_of as ErrorCode] ?? errorTexts['xero.consent-lost'];
  const since = life.told_since ?? deps.clock.now();
  await mail(deps, tx, scope, connection, life, {
    subject: `Xero works again (${nameOf(connection)})`,
    about: `over:${connection.id}:${since.toISOString()}`,
    lines: (when) => [
      `It is over: “${title}”, told on ${when(since)}.`,
      connection.state === 'paused'
        ? `Xero lets Bursar into ${nameOf(connection)} again. The connection stays paused, as it was set: nothing flows until somebody resumes it.`
        : `Bursar and the Xero organisation ${nameOf(connection)} work together again and catch up by themselves.`,
    ],
  });
}

interface Message {
  subject: string;
  about: string;
  lines(when: (instant: Date) => string): string[];
}

async function mail(
  deps: Deps,
  tx: Tx,
  scope: Scope,
  connection: Connection,
  life: Life,
  message: Message,
): Promise<void> {
  const person = life.connected_by_person as PersonId | null;
  const to = await addressesOf(tx, scope, { role: 'owner', personId: person });
  const provider = await getProvider(tx, scope);
  if (to.length === 0 || !provider) return;
  const page = `${deps.publicUrl}/settings/connected-apps/${connection.id}/manage`;
  const paragraphs = message.lines((instant) => momentText(instant, provider.timeZone));
  await queueMail(tx, {
    providerId: scope.providerId,
    to,
    subject: message.subject,
    text: [`${provider.name},`, ...paragraphs, page, 'Bursar'].join('\n\n'),
    onceKey: `connection-${message.about}`,
    at: deps.clock.now(),
  });
}

function nameOf({ organisation }: Connection): string {
  return organisation?.name ?? 'Xero';
}

/** `22 Nov 2026, 14:05 (Australia/Sydney)`. */
function momentText(instant: Date, timeZone: string): string {
  const text = new Intl.DateTimeFormat('en-GB', {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZone,
  }).format(instant);
  return `${text} (${timeZone})`;
}
