import { describe, expect, it } from 'vitest';
import { syncGaps } from '#contract/learners';
import {
  archivedWords,
  erasingWords,
  goneWords,
  mergedIntoOther,
  refusalReasons,
} from '../push/push-outcome.ts';
import { causeOfLink, likeness, ownReasons } from './causes.ts';

const party = {
  firstName: 'Ana',
  lastName: 'Lima',
  preferredName: null,
  number: 'L00012',
};
const who = { ...party, label: 'Ana Lima', email: 'ana@x' } as Parameters<typeof refusalReasons>[1];
const codeOf = (...reasons: string[]) => causeOfLink('blocked', reasons).code;

describe('what a link’s reasons mean', () => {
  it('is told for every sentence that the sync writes', () => {
    expect(codeOf(archivedWords)).toBe('contact.archived');
    expect(codeOf(erasingWords)).toBe('contact.erasing');
    expect(codeOf(goneWords.learner)).toBe('contact.gone');
    expect(codeOf(goneWords.workplace)).toBe('contact.gone');
    expect(ownReasons([goneWords.workplace])).toEqual([]);
    expect(
      codeOf(mergedIntoOther('learner', { kind: 'learner', label: 'Ben Ito', number: 'L00013' })),
    ).toBe('contact.merged');
    for (const gap of syncGaps({ firstName: null, lastName: null, email: 'no mail' })) {
      expect(codeOf(gap.message)).toBe('learner.incomplete');
    }
    const refusals: [string, string][] = [
      ['The contact name X is already assigned to another contact.', 'contact.name-taken'],
      ['The contact number L-1 is already assigned to another contact.', 'contact.code-taken'],
      ['Email address must be valid.', 'contact.email-refused'],
      ['Something new', 'contact.refused'],
    ];
    for (const [message, code] of refusals) {
      const cause = causeOfLink('blocked', refusalReasons([message], who));
      expect(cause).toEqual({ code, xeroSays: [message] });
    }
  });

  it('is a decision where somebody has to say who is who', () => {
    expect(causeOfLink('undecided', ['In Xero the contact “Ana” may be this learner.']).code).toBe(
      'contact.undecided',
    );
  });
});

it('leaves out of one’s own reasons what the cause says of all', () => {
  const own = 'In Xero the contact has the code “C-12” instead of “L00012”.';
  expect(ownReasons([archivedWords, own])).toEqual([own]);
});

it('takes two messages that differ by a name or a number for one cause', () => {
  const a = 'Phone number “0400 111” of "Ana" exceeds 50 characters: ana@example.com';
  const b = 'Phone number “0455 982” of "Ben" exceeds 60 characters: ben@example.org';
  expect(likeness(a)).toBe(likeness(b));
  expect(likeness('Country must contain letters only')).not.toBe(likeness(a));
});
