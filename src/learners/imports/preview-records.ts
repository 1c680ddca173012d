import type { ImportVerdict } from '#contract/imports';
import { displayName, type LearnerFields } from '#contract/learners';
import type { FieldChange } from '#events/index';
import { inWords } from '#events/index';
import { changesBetween, codeKey, emptyFields, nameKey, numberKey } from '../learner.ts';
import type { ImportRecord } from './import-record.ts';
import {
  bornApart,
  commonTraits,
  type Lookup,
  lookAlikeKeys,
  type MatchOptions,
  matchRecord,
  personOf,
  strictKeys,
} from './match-record.ts';
import { mergeRecord } from './merge-record.ts';

/** What an import would do with one record. */
export interface PreviewRow {
  line: number;
  verdict: ImportVerdict;
  name: string;
  learnerId: string | null;
  reasons: string[];
  /** Fields in words, as a person reads them. */
  changes: FieldChange[];
  record: ImportRecord;
}

/** What a learner would become by a record, and by which changes. */
export function effectOf(base: LearnerFields, record: ImportRecord) {
  const fields = mergeRecord(base, record);
  return { fields, changes: inWords(changesBetween(base, fields)) };
}

export interface Previewer {
  /** Judges the next records of the same files against the learners they could be about. */
  judge(records: readonly ImportRecord[], lookup: Lookup): PreviewRow[];
}

/**
 * Judges records in the order of their files and remembers the earlier ones: a code, a person or a
 * learner that stood on an earlier line makes the later record faulty.
 */
export function createPreviewer(options: MatchOptions): Previewer {
  const lines = { keys: new Map<string, number>(), learners: new Map<string, number>() };
  const people = new Map<string, ImportRecord[]>();

  function keysOf(record: ImportRecord): string[] {
    const code = codeKey(record.fields.refExternal ?? null);
    const number =
      record.learnerNumber === null ? null : `number ${numberKey(record.learnerNumber)}`;
    return [code, number].filter((key) => key !== null);
  }

  function earlierLookAlike(record: ImportRecord): ImportRecord | undefined {
    const person = personOf(record);
    return lookAlikeKeys(record)
      .flatMap((key) => people.get(key) ?? [])
      .find((earlier) => !bornApart(person, personOf(earlier)));
  }

  function remember(row: PreviewRow): void {
    for (const key of keysOf(row.record)) lines.keys.set(key, row.line);
    if (row.learnerId !== null) lines.learners.set(row.learnerId, row.line);
    const person = personOf(row.record);
    for (const key of [...strictKeys(person), nameKey(person)]) {
      if (key !== null) people.set(key, [...(people.get(key) ?? []), row.record]);
    }
  }

  function judgeOne(record: ImportRecord, lookup: Lookup): PreviewRow {
    if (record.faults.length > 0) return faulty(record, record.faults);
    const sameKey = keysOf(record).find((key) => lines.keys.has(key));
    if (sameKey !== undefined) {
      return faulty(record, [`Has the same ${sameKey} as line ${lines.keys.get(sameKey)}.`]);
    }
    const match = matchRecord(record, lookup, options);
    if (match.kind === 'faulty') return faulty(record, [match.reason]);
    if (match.kind === 'nobody' || match.by === 'person') {
      const earlier = options.importLookAlikes ? undefined : earlierLookAlike(record);
      if (earlier) return faulty(record, [lookAlike(record, earlier)]);
    }
    if (match.kind === 'nobody') return unmatched(record);
    const line = lines.learners.get(match.learner.id);
    if (line !== undefined) return faulty(record, [`Is the same learner as line ${line}.`]);
    const { changes } = effectOf(match.learner, record);
    return {
      line: record.line,
      verdict: changes.length === 0 ? 'unchanged' : 'changed',
      name: displayName(match.learner),
      learnerId: match.learner.id,
      reasons: [match.reason],
      changes,
      record,
    };
  }

  return {
    judge: (records, lookup) =>
      records.map((record) => {
        const row = judgeOne(record, lookup);
        if (row.verdict !== 'faulty') remember(row);
        return row;
      }),
  };
}

function nameOf(record: ImportRecord): string {
  const { firstName = null, lastName = null, preferredName = null } = record.fields;
  return displayName({ firstName, lastName, preferredName });
}

function faulty(record: ImportRecord, reasons: readonly string[]): PreviewRow {
  const name = nameOf(record);
  return {
    line: record.line,
    verdict: 'faulty',
    name,
    learnerId: null,
    reasons: [...reasons],
    changes: [],
    record,
  };
}

function unmatched(record: ImportRecord): PreviewRow {
  if (!record.fields.firstName && !record.fields.lastName) {
    return faulty(record, ['There is no name, and nobody here has this code or number.']);
  }
  const { changes } = effectOf(emptyFields, record);
  return { ...faulty(record, []), verdict: 'new', changes };
}

function lookAlike(record: ImportRecord, earlier: ImportRecord): string {
  const traits = commonTraits(personOf(record), personOf(earlier));
  return `Looks like the same person as line ${earlier.line}: same ${traits}; left out so that nobody is here twice.`;
}
