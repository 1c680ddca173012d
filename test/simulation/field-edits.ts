import { emptyAddress } from '#contract/learners';
import type { Address, LearnerFields, WorkplaceFields } from '#contract/party-fields';
import type { Random } from './random.ts';

export const FIRST_NAMES = ['Kim', 'Ana', 'Mere', 'Tom', 'Zoë'];
export const LAST_NAMES = ['Lee', 'Silva', 'Tane', "O'Hara", 'Nguyễn'];

type Edit<Change> = (random: Random) => Change;

/** One of the edits, made. */
export function pickEdit<Change>(random: Random, edits: readonly Edit<Change>[]): Change {
  return random.pick(edits)(random);
}

const phone: Edit<string> = (random) => `0400 ${random.whole(1_000)}`;
/** Mostly something; now and then it is taken away. */
const orNothing =
  (edit: Edit<string>): Edit<string | null> =>
  (random) =>
    random.chance(0.8) ? edit(random) : null;
const emailOf: Edit<string> = (random) => `own${random.whole(1_000)}@example.com`;

function street(random: Random): Address {
  if (random.chance(0.2)) return emptyAddress;
  return {
    ...emptyAddress,
    streetNumber: String(1 + random.whole(99)),
    streetName: random.pick(['Wharf Road', 'Rātā Street']),
    suburb: random.pick(['Newtown', 'Fremantle']),
    state: random.pick(['NSW', 'WA', null]),
    postcode: String(1_000 + random.whole(8_000)),
    country: random.pick(['AU', 'NZ', null]),
  };
}

function postal(random: Random): Address {
  if (random.chance(0.2)) return emptyAddress;
  return { ...emptyAddress, poBox: String(1 + random.whole(999)), suburb: 'Albany' };
}

/** What people change of a learner that Xero is told of. */
export const LEARNER_EDITS: readonly Edit<Partial<LearnerFields>>[] = [
  (random) => ({ firstName: random.pick(FIRST_NAMES) }),
  (random) => ({ lastName: random.pick(LAST_NAMES) }),
  (random) => ({ email: orNothing(emailOf)(random) }),
  (random) => ({ phoneMobile: orNothing(phone)(random) }),
  (random) => ({ phoneHome: orNothing(phone)(random) }),
  (random) => ({ phoneWork: orNothing(phone)(random) }),
  (random) => ({ streetAddress: street(random) }),
  (random) => ({ postalAddress: postal(random) }),
];

/** The same of a workplace. */
export const WORKPLACE_EDITS: readonly Edit<Partial<WorkplaceFields>>[] = [
  (random) => ({ name: `Works ${random.whole(8)}` }),
  (random) => ({ email: orNothing(emailOf)(random) }),
  (random) => ({ phone: orNothing(phone)(random) }),
  (random) => ({ contactFirstName: orNothing((one) => one.pick(FIRST_NAMES))(random) }),
  (random) => ({ contactLastName: orNothing((one) => one.pick(LAST_NAMES))(random) }),
  (random) => ({ streetAddress: street(random) }),
  (random) => ({ postalAddress: postal(random) }),
];

type Typed = readonly [field: string, sent: Record<string, unknown>];
const orEmpty = (random: Random, text: string) => (random.chance(0.8) ? text : '');

function phoneEdit(field: string, PhoneType: string): Edit<Typed> {
  return (random) => {
    const PhoneNumber = orEmpty(random, `0499 ${random.whole(1_000)}`);
    return [field, { Phones: [{ PhoneType, PhoneNumber }] }];
  };
}

function addressEdit(field: string, AddressType: string): Edit<Typed> {
  return (random) => {
    const AddressLine1 = orEmpty(random, `${1 + random.whole(99)} Quay Street`);
    const City = random.pick(['Perth', 'Napier', '']);
    return [field, { Addresses: [{ AddressType, AddressLine1, City }] }];
  };
}

/** What a bookkeeper may type into a contact, with what we call the field: of these we ask. */
export const DRIFT_EDITS: readonly Edit<Typed>[] = [
  (random) => [
    'email',
    { EmailAddress: orEmpty(random, `desk${random.whole(1_000)}@example.com`) },
  ],
  (random) => ['firstName', { FirstName: random.pick(FIRST_NAMES) }],
  (random) => ['lastName', { LastName: random.pick(LAST_NAMES) }],
  phoneEdit('mobile', 'MOBILE'),
  phoneEdit('home', 'DEFAULT'),
  phoneEdit('work', 'DDI'),
  addressEdit('street', 'STREET'),
  addressEdit('postal', 'POBOX'),
  (random) => ['name', { Name: `Renamed ${random.whole(1_000)}` }],
];

/** The code too: taken off, or one that the bookkeeper goes by. */
export const CONTACT_EDITS: readonly Edit<Typed>[] = [
  ...DRIFT_EDITS,
  (random) => ['contactNumber', { ContactNumber: orEmpty(random, `BK-${random.whole(1_000)}`) }],
];
