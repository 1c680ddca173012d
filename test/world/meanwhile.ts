import type { Answer } from '../../emulator/coverage/watch.ts';

/** What somebody does while Xero's answer to a call is on its way. */
export interface Meanwhile {
  /** For the options of a world. */
  readonly holdsAnswer: (answer: Answer) => Promise<void>;
  /**
   * Holds the next answer to a call that begins so (`PUT /Contacts?`) until `act` is done once.
   * Whoever waits for what is returned knows that it was; it rejects as `act` does.
   */
  during(call: string, act: () => Promise<unknown>): Promise<void>;
}

export function createMeanwhile(): Meanwhile {
  const waiting = new Map<string, () => Promise<void>>();
  return {
    async holdsAnswer({ method, path }) {
      for (const [call, act] of waiting) {
        if (!`${method} ${path}`.startsWith(call)) continue;
        waiting.delete(call);
        await act();
      }
    },
    during(call, act) {
      const done = Promise.withResolvers<void>();
      waiting.set(call, () => act().then(() => done.resolve(), done.reject));
      return done.promise;
    },
  };
}
