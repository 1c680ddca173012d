import { describe, expect, test } from 'vitest';
import { emptyAddress, type Learner, Learner as LearnerShape } from '#contract/learners';
import {
  changesOf,
  emptyValues,
  gapsOf,
  keepMine,
  mistakesOf,
  valuesOf,
} from './learner-values.ts';

const learner: Learner = LearnerShape.parse({
  id: '01930000-0000-7000-8000-000000000001',
  learnerNumber: 'L00001',
  revision: 4,
  createdAt: '2026-10-05T00:30:00.000Z',
  updatedAt: '2026-10-05T00:30:00.000Z',
  title: null,
  firstName: 'Mei',
  middleName: null,
  lastName: 'Chen',
  preferredName: null,
  dateOfBirth: '1999-04-03',
  gender: null,
  email: 'mei@learner.example',
  alternativeEmail: null,
  phoneMobile: null,
  phoneHome: null,
  phoneWork: null,
  refExternal: null,
  usi: null,
  australianBusinessNumber: null,
  campus: null,
  streetAddress: { ...emptyAddress, suburb: 'Wollongong' },
  postalAddress: emptyAddress,
  isActive: true,
  syncToXero: false,
});

describe('a learner in a form', () => {
  test('that nobody touched has no changes', () => {
    expect(changesOf(valuesOf(learner), valuesOf(learner))).toEqual({});
  });

  test('sends only what was changed, a date as a date, an emptied field as empty', () => {
    const start = valuesOf(learner);
    const values = {
      ...start,
      email: '',
      dateOfBirth: '4/4/1999',
      streetAddress: { ...start.streetAddress, postcode: '2500' },
    };
    expect(changesOf(values, start)).toEqual({
      email: '',
      dateOfBirth: '1999-04-04',
      streetAddress: { ...start.streetAddress, postcode: '2500' },
    });
  });

  test('an emptied date of birth is sent as none', () => {
    const start = valuesOf(learner);
    expect(changesOf({ ...start, dateOfBirth: ' ' }, start)).toEqual({ dateOfBirth: null });
  });

  test('keeps what was typed when a newer version comes', () => {
    const start = valuesOf(learner);
    const newest = valuesOf({ ...learner, firstName: 'Mei-Lin', usi: 'ABC' });
    expect(keepMine({ ...start, phoneMobile: '0491' }, start, newest)).toEqual({
      ...newest,
      phoneMobile: '0491',
    });
  });
});

describe('mistakes in a form', () => {
  test('are told at their fields', () => {
    const values = emptyValues();
    values.email = 'nobody';
    values.dateOfBirth = '31/2/1999';
    values.streetAddress.postcode = 'x'.repeat(11);
    expect(mistakesOf(values, emptyValues())).toEqual({
      email: 'This is not an e-mail address',
      dateOfBirth: expect.stringContaining('3 Apr 1999'),
      lastName: 'A learner needs a first or a last name',
      'streetAddress.postcode': 'At most 10 characters',
    });
  });

  test('what Xero needs is asked for when sync is turned on, not when it is on already', () => {
    const single = { ...emptyValues(), firstName: 'Uma' };
    const synced = { ...single, syncToXero: true };
    expect(mistakesOf(single, emptyValues())).toEqual({});
    expect(mistakesOf(synced, emptyValues())).toEqual({ lastName: 'Xero needs a last name.' });
    expect(mistakesOf(synced, synced)).toEqual({});
    expect(gapsOf(single).map(({ field }) => field)).toEqual(['lastName']);
  });
});
