import { describe, expect, test } from 'vitest';
import { auditAreas } from '#contract/audit';
import type { EventKind } from '#events/index';

type FirstWord<Kind> = Kind extends `${infer Word}.${string}` ? Word : never;

/** The first words of all kinds of events; the compiler asks for each that there is. */
const FIRST_WORDS = Object.keys({
  agreement: true,
  'api-key': true,
  audit: true,
  books: true,
  connection: true,
  contact: true,
  document: true,
  import: true,
  keys: true,
  learner: true,
  licence: true,
  matching: true,
  member: true,
  'organisation-rules': true,
  passkey: true,
  password: true,
  permission: true,
  provider: true,
  'second-factor': true,
  session: true,
  sessions: true,
  support: true,
  'sync-problem': true,
  'sync-rules': true,
  'sync-run': true,
  webhook: true,
  workplace: true,
  'xero-sign-in': true,
} satisfies Record<FirstWord<EventKind>, true>);

const areas = Object.entries(auditAreas).map(([area, { areas: words }]) => ({
  area,
  words: words as readonly string[],
}));

describe('what the log is narrowed down to', () => {
  test.each(FIRST_WORDS)('holds every event of %s in one area', (word) => {
    expect(areas.filter(({ words }) => words.includes(word))).toHaveLength(1);
  });

  test('names no word that no event begins with', () => {
    const named = areas.flatMap(({ words }) => words);
    expect(named.filter((word) => !FIRST_WORDS.includes(word))).toEqual([]);
  });
});
