import { describe, expect, it } from 'vitest';
import { emptyAddress } from '#contract/learners';
import type { WireContact } from '#xero/index';
import type { Party } from '../parties/party.ts';
import {
  draftOf,
  draftOfNew,
  fieldsOfContact,
  fieldsOfParty,
  slotOfAddress,
} from './contact-mapping.ts';

const learner = {
  firstName: 'Mere',
  lastName: 'Tane',
  companyNames: [] as readonly string[],
  number: 'L00012',
  email: 'mere@example.com',
  phoneMobile: '0400 000 001',
  phoneHome: null,
  phoneWork: ' 02  9000 ',
  streetAddress: { ...emptyAddress, streetNumber: '12', streetName: 'Quay St', country: 'NZ' },
  postalAddress: emptyAddress,
} as Party;

const wire = (fields: Partial<WireContact>): WireContact => ({
  ContactID: '11111111-1111-4111-8111-111111111111',
  ContactNumber: null,
  ContactStatus: 'ACTIVE',
  Name: '',
  FirstName: null,
  LastName: null,
  EmailAddress: null,
  Addresses: [],
  Phones: [],
  MergedToContactID: null,
  updatedAt: null,
  ...fields,
});

describe('learner to contact', () => {
  it('fills each of Xero’s slots from one learner field', () => {
    expect(draftOfNew(fieldsOfParty(learner, false))).toEqual({
      Name: 'Mere Tane',
      ContactNumber: 'L00012',
      FirstName: 'Mere',
      LastName: 'Tane',
      EmailAddress: 'mere@example.com',
      Phones: [
        {
          PhoneType: 'MOBILE',
          PhoneNumber: '0400 000 001',
          PhoneAreaCode: '',
          PhoneCountryCode: '',
        },
        { PhoneType: 'DDI', PhoneNumber: '02 9000', PhoneAreaCode: '', PhoneCountryCode: '' },
      ],
      Addresses: [
        {
          AddressType: 'STREET',
          AddressLine1: '12 Quay St',
          AddressLine2: '',
          AddressLine3: '',
          AddressLine4: '',
          City: '',
          Region: '',
          PostalCode: '',
          Country: 'New Zealand',
        },
      ],
    });
  });

  it('clears what was there, and says nothing about what it leaves alone', () => {
    expect(draftOf({ email: null, mobile: null })).toEqual({
      EmailAddress: '',
      Phones: [{ PhoneType: 'MOBILE', PhoneNumber: '', PhoneAreaCode: '', PhoneCountryCode: '' }],
    });
    expect(draftOf({ postal: null }).Addresses?.[0]).toMatchObject({
      AddressType: 'POBOX',
      AddressLine1: '',
      Country: '',
    });
  });

  it('reads back from Xero what it wrote', () => {
    const fields = fieldsOfParty(learner, true);
    const draft = draftOfNew(fields);
    const { Name, ContactNumber, FirstName, LastName, EmailAddress } = draft;
    const contact = wire({
      Name: Name ?? '',
      ContactNumber: ContactNumber ?? null,
      FirstName: FirstName ?? null,
      LastName: LastName ?? null,
      EmailAddress: EmailAddress ?? null,
      Phones: (draft.Phones ?? []) as WireContact['Phones'],
      Addresses: (draft.Addresses ?? []) as WireContact['Addresses'],
    });
    expect(fieldsOfContact(contact)).toEqual(fields);
  });

  it('reads a phone that the bookkeeper split into parts, and empty slots as nothing', () => {
    const contact = wire({
      Phones: [
        { PhoneType: 'MOBILE', PhoneNumber: '000', PhoneAreaCode: '400', PhoneCountryCode: '61' },
        { PhoneType: 'DEFAULT', PhoneNumber: null, PhoneAreaCode: null, PhoneCountryCode: null },
      ],
    });
    expect(fieldsOfContact(contact)).toMatchObject({
      mobile: '61 400 000',
      home: null,
      street: null,
    });
  });
});

describe('an address', () => {
  it.each([
    [{ unit: '4', streetNumber: '12', streetName: 'Quay St' }, ['4/12 Quay St']],
    [{ unit: '4a', streetNumber: '12', streetName: 'Quay St' }, ['4a/12 Quay St']],
    [{ unit: 'Shop 2', streetNumber: '12', streetName: 'Quay St' }, ['Shop 2, 12 Quay St']],
    [{ building: 'The Mill', streetName: 'Quay St' }, ['The Mill', 'Quay St']],
    [{ poBox: '77' }, ['PO Box 77']],
    [{ poBox: 'Locked Bag 9' }, ['Locked Bag 9']],
  ])('%o is written %o', (given, lines) => {
    expect(slotOfAddress({ ...emptyAddress, ...given })?.lines).toEqual(lines);
  });

  it('gives Xero letters for the country', () => {
    const country = (text: string) => slotOfAddress({ ...emptyAddress, country: text })?.country;
    expect(country('AU')).toBe('Australia');
    expect(country("Côte d'Ivoire (1)")).toBe('Cote d Ivoire');
    expect(country('TR')).toBe('Turkiye');
    expect(country('ZZ')).toBe('Unknown Region');
    expect(country('1234')).toBeUndefined();
  });

  it('that is empty is none', () => {
    expect(slotOfAddress(emptyAddress)).toBeNull();
  });
});
