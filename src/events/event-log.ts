import type { DocumentId } from '#contract/ids';
import type { Clock } from '#platform/clock';
import type { Tx } from '#platform/database';
import { newId } from '#platform/ids';
import { jsonText } from '#platform/json-text';
import type { Actor, Scope } from '#platform/scope';
import { type BursarEvent, type EventKind, type EventOf, subjectOf } from './event.ts';

type Listener<Kind extends EventKind> = (
  tx: Tx,
  scope: Scope,
  event: EventOf<Kind>,
) => Promise<void>;

type ListenerToMany<Kind extends EventKind> = (
  tx: Tx,
  scope: Scope,
  events: readonly EventOf<Kind>[],
) => Promise<void>;

type AnyListener = (
  tx: Tx,
  scope: Scope,
  appended: readonly { id: string; at: Date; event: BursarEvent }[],
) => Promise<void>;

/** An event as it stands in the log. */
export interface LoggedEvent {
  id: string;
  seq: bigint;
  at: Date;
  actor: Actor;
  event: BursarEvent;
}

/** Which events of many to read. */
export interface EventPage {
  limit: number;
  beforeSeq?: bigint | undefined;
  /** First words of kinds (`contact` of `contact.pushed`); all when left out. */
  areas?: readonly string[] | undefined;
}

export interface EventLog {
  /**
   * Appends events in the caller's transaction, then lets each subscriber act in that same
   * transaction: what follows from a change commits with it, or neither does.
   */
  append(tx: Tx, scope: Scope, ...events: BursarEvent[]): Promise<void>;
  /** Wires an upper room to a kind of event; called once at start, in `entry/context`. */
  on<Kind extends EventKind>(kind: Kind, listener: Listener<Kind>): void;
  /** The same for all events of a kind that follow one another in one call of `append`, at once. */
  onMany<Kind extends EventKind>(kind: Kind, listener: ListenerToMany<Kind>): void;
  /** Wires an upper room to all events, with the id that each has in the log. */
  onEach(listener: AnyListener): void;
  /** The events of one subject, newest first, at most `limit`, older than `beforeSeq` if given. */
  of(
    tx: Tx,
    scope: Scope,
    subject: { kind: string; id: string },
    page: EventPage,
  ): Promise<LoggedEvent[]>;
  /** The same of one paper, whoever's it was at the time. */
  ofDocument(tx: Tx, scope: Scope, id: DocumentId, page: EventPage): Promise<LoggedEvent[]>;
}

/** One statement takes 65,535 values, of which each event has eight. */
const EVENTS_PER_INSERT = 1_000;

/**
 * The log of one process, where nobody listens yet. Listeners to a kind act before those to all,
 * each when the one before has ended, in the order in which they came.
 */
export function createEventLog(clock: Clock): EventLog {
  const listeners = new Map<EventKind, ListenerToMany<EventKind>[]>();
  const listenersToAll: AnyListener[] = [];

  function listen<Kind extends EventKind>(kind: Kind, listener: ListenerToMany<Kind>): void {
    const list = listeners.get(kind) ?? [];
    list.push(listener as unknown as ListenerToMany<EventKind>);
    listeners.set(kind, list);
  }

  return {
    async append(tx, scope, ...events) {
      if (events.length === 0) return;
      const at = clock.now();
      const appended = events.map((event) => ({ id: newId(), at, event }));
      const rows = appended.map(({ id, event }) => {
        const subject = subjectOf(event);
        return {
          provider_id: scope.providerId,
          id,
          at,
          kind: event.kind,
          actor: jsonText(scope.actor),
          subject_kind: subject.kind,
          subject_id: subject.id,
          data: jsonText(event),
        };
      });
      for (let done = 0; done < rows.length; done += EVENTS_PER_INSERT) {
        const some = rows.slice(done, done + EVENTS_PER_INSERT);
        await tx.insertInto('events').values(some).execute();
      }
      for (const some of followingOfOneKind(events)) {
        for (const listener of listeners.get(some.kind) ?? []) {
          await listener(tx, scope, some.events);
        }
      }
      for (const listener of listenersToAll) await listener(tx, scope, appended);
    },

    on: (kind, listener) =>
      listen(kind, async (tx, scope, events) => {
        for (const event of events) await listener(tx, scope, event);
      }),

    onMany: listen,

    onEach(listener) {
      listenersToAll.push(listener);
    },

    of: (tx, scope, subject, page) =>
      read(
        ofProvider(tx, scope)
          .where('subject_kind', '=', subject.kind)
          .where('subject_id', '=', subject.id),
        page,
      ),

    ofDocument: (tx, scope, id, page) =>
      read(ofProvider(tx, scope).where('document_id', '=', id), page),
  };
}

/** Events in their order, those of one kind that follow one another together. */
function followingOfOneKind(
  events: readonly BursarEvent[],
): { kind: EventKind; events: BursarEvent[] }[] {
  const parts: { kind: EventKind; events: BursarEvent[] }[] = [];
  for (const event of events) {
    const last = parts.at(-1);
    if (last?.kind === event.kind) last.events.push(event);
    else parts.push({ kind: event.kind, events: [event] });
  }
  return parts;
}

function ofProvider(tx: Tx, scope: Scope) {
  return tx
    .selectFrom('events')
    .select(['id', 'seq', 'at', 'actor', 'data'])
    .where('provider_id', '=', scope.providerId);
}

async function read(
  events: ReturnType<typeof ofProvider>,
  { limit, beforeSeq, areas }: EventPage,
): Promise<LoggedEvent[]> {
  let query = events;
  if (beforeSeq !== undefined) query = query.where('seq', '<', beforeSeq);
  if (areas !== undefined) query = query.where('area', 'in', [...areas]);
  const rows = await query.orderBy('seq', 'desc').limit(limit).execute();
  return rows.map((row) => ({
    id: row.id,
    seq: row.seq,
    at: row.at,
    actor: row.actor as unknown as Actor,
    event: row.data as unknown as BursarEvent,
  }));
}
