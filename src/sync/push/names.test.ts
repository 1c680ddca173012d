import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clashesWithin, cleanText, contactName } from './names.ts';

const named = (firstName: string | null, lastName: string | null, number = 'L00012') => ({
  firstName,
  lastName,
  companyNames: [] as string[],
  number,
});

describe('the contact’s name', () => {
  it('is first and last name, with the learner number only where it has to be', () => {
    expect(contactName(named('Kim', 'Lee'), false)).toBe('Kim Lee');
    expect(contactName(named('Kim', 'Lee'), true)).toBe('Kim Lee (L00012)');
    expect(contactName(named(' Kim  <b>', 'Lee\n'), false)).toBe('Kim b Lee');
  });

  it('is a workplace’s own name, whoever its contact person is', () => {
    const acme = {
      ...named('Ina', 'Moss', 'WP-00003'),
      companyNames: ['Acme  Co', 'Acme Pty Ltd'],
    };
    expect(contactName(acme, false)).toBe('Acme Co');
    expect(contactName(acme, true)).toBe('Acme Co (WP-00003)');
  });

  it('is always one that Xero takes, and bears the whole number when it should', () => {
    const word = fc.string({ unit: 'grapheme', maxLength: 200 });
    fc.assert(
      fc.property(word, word, fc.boolean(), (first, last, bearsNumber) => {
        const name = contactName(named(first, last), bearsNumber);
        expect(name.length).toBeLessThanOrEqual(255);
        expect(name).not.toMatch(/[<>]|\s\s|^\s|\s$/u);
        if (bearsNumber) expect(name.endsWith('(L00012)')).toBe(true);
      }),
    );
  });

  it('is cleaned once: cleaning it again changes nothing', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(cleanText(cleanText(text))).toBe(cleanText(text));
      }),
    );
  });
});

describe('clashes within a batch', () => {
  it('are those after the first, blind to case; who bears a number clashes with nobody', () => {
    const learners = [
      { ...named('Kim', 'Lee', 'L1'), bearsNumber: false },
      { ...named('KIM', 'lee', 'L2'), bearsNumber: false },
      { ...named('Kim', 'Lee', 'L3'), bearsNumber: true },
      { ...named('Lee', 'Kim', 'L4'), bearsNumber: false },
    ];
    expect([...clashesWithin(learners)].map((one) => one.number)).toEqual(['L2']);
  });
});
