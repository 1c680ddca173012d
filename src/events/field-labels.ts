import type { FieldChange } from './event.ts';

/** Labels of learners' and workplaces' fields, of papers' fields that history tells of, and of address parts. */
const LABELS: Record<string, string> = {
  name: 'Name',
  legalName: 'Legal name',
  businessNumber: 'Business number',
  phone: 'Phone',
  contactFirstName: 'Contact person, first name',
  contactLastName: 'Contact person, last name',
  title: 'Title',
  firstName: 'First name',
  middleName: 'Middle name',
  lastName: 'Last name',
  preferredName: 'Preferred name',
  dateOfBirth: 'Date of birth',
  gender: 'Gender',
  email: 'E-mail',
  alternativeEmail: 'Alternative e-mail',
  mobile: 'Mobile',
  home: 'Home phone',
  work: 'Work phone',
  street: 'Street address',
  postal: 'Postal address',
  phoneMobile: 'Mobile',
  phoneHome: 'Home phone',
  phoneWork: 'Work phone',
  refExternal: 'Your own code',
  usi: 'USI',
  australianBusinessNumber: 'ABN',
  campus: 'Campus',
  isActive: 'Active',
  syncToXero: 'Sync to Xero',
  learnerNumber: 'Learner number',
  streetAddress: 'Street address',
  postalAddress: 'Postal address',
  number: 'Number',
  status: 'Status',
  date: 'Date',
  dueDate: 'Due date',
  reference: 'Reference',
  taxMode: 'How tax is counted',
  subtotal: 'Subtotal',
  tax: 'Tax',
  total: 'Total',
  credited: 'Credited',
  remaining: 'Credit left',
  allocation: 'Credit applied',
  payment: 'Payment',
  paid: 'Paid',
  due: 'Due',
  lines: 'Lines',
  contact: 'Contact',
  building: 'building',
  unit: 'unit',
  streetNumber: 'street number',
  streetName: 'street name',
  poBox: 'PO box',
  suburb: 'suburb',
  state: 'state',
  postcode: 'postcode',
  country: 'country',
};

/** A field as a person reads it: `streetAddress.suburb` is "Street address, suburb". */
export function labelOf(field: string): string {
  return field
    .split('.')
    .map((part) => LABELS[part] ?? part)
    .join(', ');
}

/** Changes with their fields and states in plain words. */
export function inWords(changes: readonly FieldChange[]): FieldChange[] {
  return changes.map(({ field, from, to }) => {
    const word = field === 'status' ? stateInWords : (value: string | null) => value;
    return { field: labelOf(field), from: word(from), to: word(to) };
  });
}

/** `part-paid` is "Part paid". */
function stateInWords(state: string | null): string | null {
  return state && state.charAt(0).toUpperCase() + state.slice(1).replaceAll('-', ' ');
}

const NAMED_MAX = 3;

/** Which fields a change touched, as the end of a sentence: "first name and e-mail", "7 fields". */
export function fieldList(changes: readonly FieldChange[]): string {
  const whole = changes.map((change) => labelOf(change.field.split('.')[0] ?? change.field));
  const names = [...new Set(whole)].map(withSmallInitial);
  if (names.length > NAMED_MAX) return `${names.length} fields`;
  const last = names.at(-1) ?? 'nothing';
  return names.length > 1 ? `${names.slice(0, -1).join(', ')} and ${last}` : last;
}

function withSmallInitial(label: string): string {
  return /^(USI|ABN|PO |Sync)/.test(label) ? label : label.charAt(0).toLowerCase() + label.slice(1);
}
