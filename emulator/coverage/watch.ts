import { unknownGaps } from './guard.ts';

/** One answer of the Accounting API as it left the emulator. */
export interface Answer {
  readonly method: string;
  /** Below `/api.xro/2.0`, with its query. */
  readonly path: string;
  readonly status: number;
  readonly text: string;
}

export interface Watch {
  hear(answer: Answer): void;
  /** @throws when an answer so far had a gap to the official description that no ledger names. */
  refuseGaps(): void;
}

/**
 * Holds every answer that a test's world gets against the official description, where that is at
 * hand. Answers that were cut short by a fault on purpose are no JSON and are passed over.
 */
export function createWatch(): Watch {
  const gaps = new Set<string>();
  return {
    hear({ method, path, status, text }) {
      const body = parsed(text);
      if (body === undefined) return;
      for (const gap of unknownGaps(method, path, status, body)) gaps.add(gap);
    },
    refuseGaps() {
      if (gaps.size === 0) return;
      throw new Error(`the official description knows otherwise: ${[...gaps].join('; ')}`);
    },
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
