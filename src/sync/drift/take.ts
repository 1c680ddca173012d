import { type Address, LearnerFields, syncGaps } from '#contract/learners';
import type { Party } from '../parties/party.ts';
import { type AddressSlot, type ContactFields, fieldsOfParty } from '../push/contact-mapping.ts';
import { sameValue } from '../push/field-value.ts';
import { contactName } from '../push/names.ts';
import { DRIFT_FIELDS, type DriftField } from './judge.ts';
import { addressOfSlot } from './take-address.ts';

type Given = Partial<
  Pick<
    LearnerFields,
    | 'firstName'
    | 'lastName'
    | 'email'
    | 'phoneMobile'
    | 'phoneHome'
    | 'phoneWork'
    | 'streetAddress'
    | 'postalAddress'
  >
>;

/** What of Xero's can go into the record, and why the rest can't. */
export interface Taking {
  change: Given;
  taken: DriftField[];
  refused: Partial<Record<DriftField, string>>;
}

export const cannotTakeWords = {
  workplace: 'A workplace’s details are not taken from Xero. Change them here, or push yours.',
  name: 'Bursar keeps a first and a last name, and this name can’t be told apart into them.',
  address:
    'Bursar keeps an address in parts, and this one can’t be told apart without changing it.',
  unlike: 'Bursar can’t hold this value as Xero has it.',
};

/**
 * How Xero's values of some fields would go into the record. A value is taken only if it is valid
 * here and comes out again just as Xero has it, so that taking it can never make a new difference.
 */
export function takeFrom(
  party: Party,
  bearsNumber: boolean,
  theirs: ContactFields,
  fields: readonly DriftField[],
): Taking {
  const taking: Taking = { change: {}, taken: [], refused: {} };
  const names = fields.filter((field) => isName(field));
  const units = [names, ...fields.filter((field) => !isName(field)).map((field) => [field])];
  for (const unit of units.filter((some) => some.length > 0)) {
    const given = party.kind === 'learner' ? givenFor(party, theirs, unit) : null;
    const why = refusal(party, bearsNumber, theirs, unit, given);
    if (given === null || why !== null) {
      for (const field of unit) taking.refused[field] = why ?? cannotTakeWords.unlike;
    } else {
      Object.assign(taking.change, given);
      taking.taken.push(...unit);
    }
  }
  taking.taken.sort((a, b) => DRIFT_FIELDS.indexOf(a) - DRIFT_FIELDS.indexOf(b));
  return taking;
}

function isName(field: DriftField): boolean {
  return field === 'name' || field === 'firstName' || field === 'lastName';
}

function givenFor(party: Party, theirs: ContactFields, unit: readonly DriftField[]): Given | null {
  switch (unit[0]) {
    case 'email':
      return { email: theirs.email };
    case 'mobile':
      return { phoneMobile: theirs.mobile };
    case 'home':
      return { phoneHome: theirs.home };
    case 'work':
      return { phoneWork: theirs.work };
    case 'street':
      return withAddress('streetAddress', theirs.street, party.streetAddress);
    case 'postal':
      return withAddress('postalAddress', theirs.postal, party.postalAddress);
    default:
      return namesFor(party, theirs, unit);
  }
}

function withAddress(
  field: 'streetAddress' | 'postalAddress',
  slot: AddressSlot | null,
  now: Address,
): Given | null {
  const address = addressOfSlot(slot, now);
  return address && { [field]: address };
}

/** A contact's name is made of both; where only it was changed, the rest of it is the other part. */
function namesFor(party: Party, theirs: ContactFields, unit: readonly DriftField[]): Given | null {
  const firstName = unit.includes('firstName') ? theirs.firstName : party.firstName;
  const lastName = unit.includes('lastName') ? theirs.lastName : party.lastName;
  if (!unit.includes('name')) return { firstName, lastName };
  const suffix = ` (${party.number})`;
  const plain = theirs.name.endsWith(suffix) ? theirs.name.slice(0, -suffix.length) : theirs.name;
  if (contactName({ ...party, firstName, lastName }, false) === plain) {
    return { firstName, lastName };
  }
  if (unit.length > 1) return null;
  if (firstName && plain.startsWith(`${firstName} `)) {
    return { firstName, lastName: plain.slice(firstName.length + 1) };
  }
  if (lastName && plain.endsWith(` ${lastName}`)) {
    return { firstName: plain.slice(0, -lastName.length - 1), lastName };
  }
  return null;
}

function refusal(
  party: Party,
  bearsNumber: boolean,
  theirs: ContactFields,
  unit: readonly DriftField[],
  given: Given | null,
): string | null {
  if (party.kind !== 'learner') return cannotTakeWords.workplace;
  const [field] = unit;
  const isAddress = field === 'street' || field === 'postal';
  if (given === null) return isAddress ? cannotTakeWords.address : cannotTakeWords.name;
  const parsed = LearnerFields.partial().safeParse(given);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return `Bursar does not take this value: ${issue?.message ?? 'it is not valid'}.`;
  }
  const after = { ...party, ...given };
  const [gap] = syncGaps(after);
  if (gap) return gap.message;
  const said = fieldsOfParty(after, bearsNumber);
  if (unit.every((one) => sameValue(said[one], theirs[one]))) return null;
  return isAddress ? cannotTakeWords.address : cannotTakeWords.unlike;
}
