import {
  type Address,
  emptyAddress,
  type LearnerFields,
  LearnerFields as Shape,
} from '#contract/learners';
import { labelOf } from '#events/index';
import { AppError } from '#platform/app-error';

/** One file as it was given, unpacked from its zip if it was in one. */
export interface GivenFile {
  name: string;
  content: Uint8Array;
}

/** The filled fields of a record: what it leaves empty is not there at all. */
export type RecordFields = {
  [Name in Exclude<keyof LearnerFields, 'streetAddress' | 'postalAddress'>]?: LearnerFields[Name];
} & { streetAddress?: Partial<Address>; postalAddress?: Partial<Address> };

/** What one record of a file says about one learner. */
export interface ImportRecord {
  /** Line of the file the record begins on, from 1. */
  line: number;
  learnerNumber: string | null;
  fields: RecordFields;
  /** Fields that came in capitals and were put into ordinary case, as `streetAddress.suburb`. */
  recased: string[];
  /** Why this record can't be taken; the others of its file still can. */
  faults: string[];
}

/** What was read from one set of files. */
export interface Reading {
  records: ImportRecord[];
  /** What was read past or assumed, for the report. */
  remarks: string[];
}

/** A file that is refused whole, with the place that is wrong: line and column count from 1. */
export function unreadable(
  file: string,
  place: { line?: number; column?: number },
  message: string,
): AppError {
  const at = [
    file,
    place.line === undefined ? null : `line ${place.line}`,
    place.column === undefined ? null : `column ${place.column}`,
  ];
  return new AppError(
    'import.unreadable',
    `${at.filter((part) => part !== null).join(', ')}: ${message}`,
  );
}

const FIELD_SHAPES = Shape.partial();
const ADDRESS_FIELDS = ['streetAddress', 'postalAddress'] as const;

/**
 * Leaves out what is empty and checks what is filled by the rules of the contract. Texts that are
 * too long or e-mails that are none become faults, told with their label.
 */
export function checkedFields(raw: RecordFields): { fields: RecordFields; faults: string[] } {
  const filled = Object.fromEntries(
    Object.entries(raw).filter(
      ([, value]) => value !== null && value !== undefined && value !== '',
    ),
  ) as RecordFields;
  for (const name of ADDRESS_FIELDS) {
    const parts = Object.entries(filled[name] ?? {}).filter(
      ([, value]) => value !== null && value !== '',
    );
    if (parts.length === 0) delete filled[name];
    else filled[name] = Object.fromEntries(parts);
  }
  const probe = { ...filled } as Record<string, unknown>;
  for (const name of ADDRESS_FIELDS) {
    if (filled[name]) probe[name] = { ...emptyAddress, ...filled[name] };
  }
  const checked = FIELD_SHAPES.safeParse(probe);
  if (checked.success) return { fields: filled, faults: [] };
  const faults = checked.error.issues.map((issue) => {
    const value = issue.path.reduce<unknown>(
      (at, key) => (at as Record<PropertyKey, unknown>)?.[key],
      probe,
    );
    return `${labelOf(issue.path.join('.'))} “${String(value).slice(0, 60)}” ${issue.message}`;
  });
  return { fields: filled, faults };
}
