import { describe, expect, it } from 'vitest';
import type { Party } from '../parties/party.ts';
import { causeOf, refusalReasons } from './push-outcome.ts';

const recorded = {
  name: 'The contact name Kim Lee is already assigned to another contact. The contact name must be unique across all active contacts.',
  archived:
    'The specified contact details matched an archived contact. Archived contacts cannot currently be edited via the API.',
};

describe('why Xero refused', () => {
  it.each([
    [recorded.name, 'name-taken'],
    [recorded.archived, 'archived'],
    ['The contact number L00012 is already assigned to another contact.', 'number-taken'],
    [
      'Additional people cannot be added when the primary person has no email address set.',
      'people-need-email',
    ],
    ['Email address must be valid.', 'email'],
    ['Website must be valid.', 'website'],
    ['Something never seen before', 'other'],
  ])('%s', (message, cause) => {
    expect(causeOf([message])).toBe(cause);
  });

  it('is said in plain words, with Xero’s own after them', () => {
    const party = { label: 'Kim Lee', number: 'L00012' } as Party;
    const reasons = refusalReasons([recorded.archived], party);
    expect(reasons[0]).toContain('Restore it in Xero');
    expect(reasons[1]).toBe(`Xero says: “${recorded.archived}”`);
    expect(refusalReasons(['Website must be valid.'], party)[0]).toContain(
      'Clear it on the contact',
    );
    const wrong = ['Email address must be valid.'];
    expect(refusalReasons(wrong, party)[0]).toContain('Correct it here');
    expect(refusalReasons(wrong, party, 'at home')[0]).toContain('“at home” stands there');
    expect(refusalReasons(['New words'], party)).toEqual(['Xero says: “New words”']);
  });
});
