import {
  type Address,
  emptyAddress,
  type Learner,
  type SyncGap,
  syncGaps,
} from '#contract/learners';
import { LearnerFields } from '#contract/party-fields';
import { dateText, typedDate } from '../util/dates.ts';

export type AddressValues = Record<keyof Address, string>;

/** A learner as a form holds it: text everywhere, empty for what is not known. */
export interface LearnerValues {
  title: string;
  firstName: string;
  middleName: string;
  lastName: string;
  preferredName: string;
  /** As the person types it; `typedDate` reads it. */
  dateOfBirth: string;
  gender: string;
  email: string;
  alternativeEmail: string;
  phoneMobile: string;
  phoneHome: string;
  phoneWork: string;
  refExternal: string;
  usi: string;
  australianBusinessNumber: string;
  campus: string;
  streetAddress: AddressValues;
  postalAddress: AddressValues;
  syncToXero: boolean;
}
export type LearnerTextField = Exclude<
  keyof LearnerValues,
  'streetAddress' | 'postalAddress' | 'syncToXero'
>;

/** Where the form for a new learner begins: nothing known, and not synced to Xero. */
export function emptyValues(): LearnerValues {
  return {
    title: '',
    firstName: '',
    middleName: '',
    lastName: '',
    preferredName: '',
    dateOfBirth: '',
    gender: '',
    email: '',
    alternativeEmail: '',
    phoneMobile: '',
    phoneHome: '',
    phoneWork: '',
    refExternal: '',
    usi: '',
    australianBusinessNumber: '',
    campus: '',
    streetAddress: addressValues(emptyAddress),
    postalAddress: addressValues(emptyAddress),
    syncToXero: false,
  };
}

/** Where the form for a known learner begins: the date of birth as people write it, day first. */
export function valuesOf(learner: Learner): LearnerValues {
  const values = emptyValues();
  for (const field of textFields(values)) values[field] = learner[field] ?? '';
  values.dateOfBirth = learner.dateOfBirth ? dateText(learner.dateOfBirth) : '';
  values.streetAddress = addressValues(learner.streetAddress);
  values.postalAddress = addressValues(learner.postalAddress);
  values.syncToXero = learner.syncToXero;
  return values;
}

/** The fields that differ from where the form began, as the API takes them. */
export function changesOf(values: LearnerValues, initial: LearnerValues): Partial<LearnerFields> {
  const changed: Record<string, unknown> = {};
  for (const field of Object.keys(values) as (keyof LearnerValues)[]) {
    if (JSON.stringify(values[field]) !== JSON.stringify(initial[field])) {
      changed[field] = field === 'dateOfBirth' ? typedDate(values.dateOfBirth) : values[field];
    }
  }
  return changed as Partial<LearnerFields>;
}

/** What a person typed here and what came meanwhile: theirs stay, the rest is the newest. */
export function keepMine(
  values: LearnerValues,
  initial: LearnerValues,
  newest: LearnerValues,
): LearnerValues {
  const mine = Object.entries(values).filter(
    ([field, value]) =>
      JSON.stringify(value) !== JSON.stringify(initial[field as keyof LearnerValues]),
  );
  return { ...newest, ...Object.fromEntries(mine) };
}

/**
 * Messages by field path, empty when all is well. What Xero needs is asked for only while Sync
 * to Xero is being turned on: a learner may be saved unfinished.
 */
export function mistakesOf(values: LearnerValues, initial: LearnerValues): Record<string, string> {
  const mistakes: Record<string, string> = {};
  const { dateOfBirth, ...others } = values;
  if (dateOfBirth.trim() !== '' && typedDate(dateOfBirth) === null) {
    mistakes.dateOfBirth = 'Write it like 3 Apr 1999 or 3/4/1999, day first';
  }
  for (const { path, message } of LearnerFields.partial().safeParse(others).error?.issues ?? []) {
    mistakes[path.join('.')] ??= sentence(message);
  }
  if (values.firstName.trim() === '' && values.lastName.trim() === '') {
    mistakes.lastName ??= 'A learner needs a first or a last name';
  }
  if (values.syncToXero && !initial.syncToXero) {
    for (const gap of gapsOf(values)) mistakes[gap.field] ??= gap.message;
  }
  return mistakes;
}

/** What Xero would miss, as the form stands. */
export function gapsOf(values: LearnerValues): SyncGap[] {
  return syncGaps({
    firstName: values.firstName.trim() || null,
    lastName: values.lastName.trim() || null,
    email: values.email.trim() || null,
  });
}

/** An address for a form: what is not known is an empty text, which the API reads as null again. */
export function addressValues(address: Address): AddressValues {
  return Object.fromEntries(
    Object.entries(address).map(([part, value]) => [part, value ?? '']),
  ) as AddressValues;
}

function textFields(values: LearnerValues): LearnerTextField[] {
  return (Object.keys(values) as (keyof LearnerValues)[]).filter(
    (field): field is LearnerTextField => typeof values[field] === 'string',
  );
}

/** The contract's messages follow a field's name; at the field they stand alone. */
export function sentence(message: string): string {
  const alone = message.replace(/^is not /, 'This is not ');
  return alone.charAt(0).toUpperCase() + alone.slice(1);
}
