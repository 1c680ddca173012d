import { emptyAddress, type SyncGap } from '#contract/learners';
import { WorkplaceFields } from '#contract/party-fields';
import { type Workplace, workplaceGaps } from '#contract/workplaces';
import { type AddressValues, addressValues, sentence } from './learner-values.ts';

/** A workplace as a form holds it: text everywhere, empty for what is not known. */
export interface WorkplaceValues {
  name: string;
  legalName: string;
  businessNumber: string;
  email: string;
  phone: string;
  contactFirstName: string;
  contactLastName: string;
  campus: string;
  streetAddress: AddressValues;
  postalAddress: AddressValues;
  syncToXero: boolean;
}
export type WorkplaceTextField = Exclude<
  keyof WorkplaceValues,
  'streetAddress' | 'postalAddress' | 'syncToXero'
>;

/** Where the form for a new workplace begins: nothing known, and not synced to Xero. */
export function emptyWorkplaceValues(): WorkplaceValues {
  return {
    name: '',
    legalName: '',
    businessNumber: '',
    email: '',
    phone: '',
    contactFirstName: '',
    contactLastName: '',
    campus: '',
    streetAddress: addressValues(emptyAddress),
    postalAddress: addressValues(emptyAddress),
    syncToXero: false,
  };
}

/** Where the form for a known workplace begins; `workplaceChanges` compares with it. */
export function workplaceValuesOf(workplace: Workplace): WorkplaceValues {
  const text = (value: string | null) => value ?? '';
  return {
    name: text(workplace.name),
    legalName: text(workplace.legalName),
    businessNumber: text(workplace.businessNumber),
    email: text(workplace.email),
    phone: text(workplace.phone),
    contactFirstName: text(workplace.contactFirstName),
    contactLastName: text(workplace.contactLastName),
    campus: text(workplace.campus),
    streetAddress: addressValues(workplace.streetAddress),
    postalAddress: addressValues(workplace.postalAddress),
    syncToXero: workplace.syncToXero,
  };
}

/** The fields that differ from where the form began, as the API takes them. */
export function workplaceChanges(
  values: WorkplaceValues,
  initial: WorkplaceValues,
): Partial<WorkplaceFields> {
  const fields = Object.keys(values) as (keyof WorkplaceValues)[];
  const changed = fields.filter(
    (field) => JSON.stringify(values[field]) !== JSON.stringify(initial[field]),
  );
  return Object.fromEntries(
    changed.map((field) => [field, values[field]]),
  ) as Partial<WorkplaceFields>;
}

/** Messages by field path, empty when all is well. */
export function workplaceMistakes(values: WorkplaceValues): Record<string, string> {
  const mistakes: Record<string, string> = {};
  for (const { path, message } of WorkplaceFields.partial().safeParse(values).error?.issues ?? []) {
    mistakes[path.join('.')] ??= sentence(message);
  }
  if (values.name.trim() === '') mistakes.name ??= 'A workplace needs a name';
  return mistakes;
}

/** What Xero would miss, as the form stands. */
export function workplaceGapsOf(values: WorkplaceValues): SyncGap[] {
  return workplaceGaps({ name: values.name.trim() || null, email: values.email.trim() || null });
}
