import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LearnerId } from '#contract/ids';
import { type Address, emptyAddress } from '#contract/learners';
import type { Party } from '../parties/party.ts';
import { type AddressSlot, fieldsOfParty, slotOfAddress } from '../push/contact-mapping.ts';
import { asText, sameValue } from '../push/field-value.ts';
import { DRIFT_FIELDS } from './judge.ts';
import { cannotTakeWords, takeFrom } from './take.ts';
import { addressOfSlot } from './take-address.ts';

const party: Party = {
  kind: 'learner',
  id: 'l' as LearnerId,
  number: 'L00012',
  label: 'Ann Smith',
  companyNames: [],
  gaps: [],
  firstName: 'Ann',
  lastName: 'Smith',
  preferredName: null,
  email: 'ann@example.com',
  alternativeEmail: null,
  phoneMobile: '0400 000 001',
  phoneHome: null,
  phoneWork: null,
  refExternal: null,
  campus: null,
  streetAddress: { ...emptyAddress, country: 'AU', suburb: 'Manly' },
  postalAddress: emptyAddress,
  syncToXero: true,
  revision: 1,
};
const ours = fieldsOfParty(party, false);
const slot = (lines: string[], more: Partial<AddressSlot> = {}): AddressSlot => ({
  lines,
  city: '',
  region: '',
  postalCode: '',
  country: '',
  ...more,
});

describe('what of Xero’s can go into the record', () => {
  it('takes values that come out again as Xero has them, and no others', () => {
    const text = fc.constantFrom(null, '', 'Ann', 'Jo', 'x@example.com', 'x'.repeat(40), '<b>');
    const line = fc.constantFrom(
      '4/12 Quay Street',
      '7 Hill Rd',
      'Flat 2',
      'PO Box 9',
      'Quay House',
    );
    const slots = fc.option(
      fc.array(line, { maxLength: 4 }).map((lines) => slot(lines, { city: 'Manly' })),
      { nil: null },
    );
    const theirs = fc.record({
      name: fc.constantFrom('Ann Smith', 'Ann Jones', 'Jo Smith', 'Smith & Sons'),
      contactNumber: fc.constant('L00012'),
      firstName: text,
      lastName: text,
      email: text,
      mobile: text,
      home: text,
      work: text,
      street: slots,
      postal: slots,
    });
    fc.assert(
      fc.property(theirs, fc.subarray([...DRIFT_FIELDS]), (seen, wanted) => {
        const { change, taken, refused } = takeFrom(party, false, seen, wanted);
        const after = fieldsOfParty({ ...party, ...change }, false);
        for (const field of taken) expect(sameValue(after[field], seen[field])).toBe(true);
        expect([...taken, ...Object.keys(refused)].sort()).toEqual([...wanted].sort());
        const named = ['name', 'firstName', 'lastName'];
        const touched = DRIFT_FIELDS.filter((field) => !sameValue(after[field], ours[field]));
        for (const field of touched) {
          expect(taken.includes(field) || named.includes(field)).toBe(true);
        }
      }),
    );
  });

  it('tells a new first or last name from the contact’s name, and says when it can’t', () => {
    const named = (name: string) => takeFrom(party, false, { ...ours, name }, ['name']);
    expect(named('Ann Jones').change).toEqual({ firstName: 'Ann', lastName: 'Jones' });
    expect(named('Annie May Smith').change).toEqual({ firstName: 'Annie May', lastName: 'Smith' });
    expect(named('Smith & Sons').refused).toEqual({ name: cannotTakeWords.name });
  });

  it('refuses what is no e-mail address, what Xero needs emptied, and workplaces, in words', () => {
    const seen = { ...ours, email: 'no address', firstName: null };
    expect(takeFrom(party, false, seen, ['email']).refused.email).toContain('not an e-mail');
    expect(takeFrom(party, false, seen, ['firstName']).refused.firstName).toBe(
      'Xero needs a first name.',
    );
    const workplace = { ...party, kind: 'workplace' as const };
    expect(takeFrom(workplace, false, seen, ['email']).refused.email).toBe(
      cannotTakeWords.workplace,
    );
  });

  it('reads back every address that it has written', () => {
    const some = (text: string) => fc.constantFrom(null, text);
    const address: fc.Arbitrary<Address> = fc.record({
      building: some('Quay House'),
      unit: some('4'),
      streetNumber: some('12a'),
      streetName: fc.constant('Quay Street'),
      poBox: some('77'),
      suburb: some('Manly'),
      state: some('NSW'),
      postcode: some('2095'),
      country: fc.constantFrom(null, 'AU', 'Samoa'),
    });
    fc.assert(
      fc.property(address, (written) => {
        const out = slotOfAddress(written);
        const back = addressOfSlot(out, written);
        expect(back && asText(slotOfAddress(back))).toBe(asText(out));
      }),
    );
  });

  it('leaves an address alone that has more lines than it can tell apart', () => {
    const street = slot(['Care of Jo', 'Level 3', '12 Quay Street']);
    expect(takeFrom(party, false, { ...ours, street }, ['street']).refused.street).toBe(
      cannotTakeWords.address,
    );
  });
});
