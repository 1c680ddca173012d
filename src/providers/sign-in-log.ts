import type { PersonId } from '#contract/ids';
import type { EventLog } from '#events/index';
import { AppError } from '#platform/app-error';
import type { Database } from '#platform/database';
import type { Exchange } from '#platform/http';
import type { Logger } from '#platform/logger';
import { noteEverywhere } from './own-account.ts';
import { type Sessions, whoseStep } from './session.ts';
import type { SignInLibrary } from './sign-in-library.ts';

interface Deps {
  database: Database;
  events: EventLog;
  library: SignInLibrary;
  logger: Logger;
}

interface Known {
  id: string;
  name: string;
}

/** Does what signs somebody in, and writes into the log who it was and how they proved it. */
export type NoteSignIn = <T>(
  how: string,
  exchange: Exchange,
  work: (exchange: Exchange) => Promise<T>,
) => Promise<T>;

/**
 * Writes sign-ins, and those that were refused to somebody known, into the log of every provider
 * the person belongs to. Guesses at addresses that nobody has are nobody's, and stand in no log.
 */
export function createSignInLog(
  deps: Deps,
  sessions: Sessions,
): { noteSignIn: NoteSignIn } & {
  sessions: Sessions;
} {
  const noteSignIn: NoteSignIn = async (how, exchange, work) => {
    let begun: string | null = null;
    const done = await work({
      ...exchange,
      setCookie(name, value, options) {
        if (name === sessions.cookies.session) begun = value;
        exchange.setCookie(name, value, options);
      },
    });
    const person = begun === null ? null : await sessions.personOf(begun);
    if (person === null) return done;
    const { id: personId, name } = person;
    const actor = { personId, name, origin: exchange.origin };
    await noteEverywhere(deps, actor, { kind: 'session.began', personId, name, how });
    return done;
  };

  /** The answer does not wait for it, or its time would tell whether an address is known. */
  function noteRefusal(
    find: () => Promise<Known | null>,
    exchange: Exchange,
    reason: string,
  ): void {
    const noted = find().then(async (user) => {
      if (!user) return;
      const { id, name } = user;
      const event = { kind: 'session.refused' as const, personId: id as PersonId, name, reason };
      await noteEverywhere(deps, null, { ...event, ...exchange.origin });
    });
    noted.catch((error: unknown) =>
      deps.logger.error({ err: error }, 'a refused sign-in could not be written into the log'),
    );
  }

  return {
    noteSignIn,
    sessions: {
      ...sessions,
      async signIn(given, exchange) {
        try {
          return await noteSignIn('password', exchange, (one) => sessions.signIn(given, one));
        } catch (error) {
          if (isRefusal(error, 'session.bad-credentials')) {
            const email = given.email.trim().toLowerCase();
            const find = async () => {
              const { internalAdapter } = await deps.library.$context;
              return (await internalAdapter.findUserByEmail(email))?.user ?? null;
            };
            noteRefusal(find, exchange, 'wrong password');
          }
          throw error;
        }
      },
      async proveSecondFactor(code, exchange) {
        const step = exchange.cookie(sessions.cookies.secondStep);
        const personId = await whoseStep(deps.library, step);
        try {
          await noteSignIn('password and code', exchange, (one) =>
            sessions.proveSecondFactor(code, one),
          );
        } catch (error) {
          if (personId !== null && isRefusal(error, 'sign-in.code-wrong')) {
            const find = async () => {
              const { internalAdapter } = await deps.library.$context;
              return internalAdapter.findUserById(personId);
            };
            noteRefusal(find, exchange, 'wrong code');
          }
          throw error;
        }
      },
      open: (personId, exchange) =>
        noteSignIn('proved elsewhere', exchange, (one) => sessions.open(personId, one)),
    },
  };
}

function isRefusal(error: unknown, code: string): boolean {
  return error instanceof AppError && error.code === code;
}
