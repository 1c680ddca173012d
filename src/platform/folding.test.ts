import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldedPieces, foldLetters, foldName, naturalKey } from './folding.ts';

describe('what a script can’t do without', () => {
  it.each([
    ['vowel signs of Devanagari', 'नीना', 'नाना'],
    ['a vowel sign and none', 'नाना', 'ननन'],
    ['a sign that takes the vowel away', 'अमर', 'अम्र'],
    ['vowels of Tamil', 'கலா', 'கலி'],
    ['vowels and tones of Thai', 'มานี', 'มานะ'],
    ['tones of Thai', 'แก้ว', 'แก่ว'],
    ['voiced kana', 'かな', 'がな'],
    ['kana of half width', 'ﾊﾅ', 'ﾊﾞﾅ'],
    ['vowels of Thaana', 'އަލީ', 'އިލީ'],
    ['vowels of Hangul', '김미나', '김마나'],
  ])('tells two names apart: %s', (_, one, other) => {
    expect(foldName(one)).not.toBe(foldName(other));
    expect(foldLetters(one)).not.toBe(foldLetters(other));
    expect(foldedPieces(one)).not.toEqual(foldedPieces(other));
  });

  it('neither parts words nor is parted from its letter', () => {
    expect(foldedPieces('नीना कुमारी')).toEqual(['नीना', 'कुमारी']);
    expect(foldName('नीना कुमारी')).toBe('नीनाकुमारी');
    expect(foldName('가나'.normalize('NFD'))).toBe('가나');
  });
});

describe('what writing may leave out', () => {
  it.each([
    ['accents', 'Zoë Nguyễn', 'ZOE NGUYEN'],
    ['accents of Greek and Cyrillic', 'Γιώργος Алёна', 'Γιωργος Алена'],
    ['vowel points of Arabic', 'مُحَمَّد', 'محمد'],
    ['the seat of a hamza', 'أحمد', 'احمد'],
    ['points of Hebrew', 'שָׂרָה', 'שרה'],
    ['the width of kana', 'ﾀﾅｶ', 'タナカ'],
    ['the choice of a variant', '葛\u{E0100}城', '葛城'],
    ['how it is composed', 'がな'.normalize('NFD'), 'がな'],
  ])('makes no difference: %s', (_, one, other) => {
    expect(foldName(one)).toBe(foldName(other));
  });
});

describe('for any text', () => {
  const text = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 20 }),
    fc.string({
      unit: fc.constantFrom(...'aÉ ß-’नीा्कかがﾞ\u3099\u0301가ᄀ\u1161กำ้محّ'),
      maxLength: 12,
    }),
  );

  it('folding twice is folding once', () => {
    fc.assert(
      fc.property(text, (one) => {
        expect(foldLetters(foldLetters(one))).toBe(foldLetters(one));
        expect(foldName(foldName(one))).toBe(foldName(one));
        expect(naturalKey(one)).toBe(naturalKey(one.normalize('NFD')));
      }),
      { numRuns: 1_000 },
    );
  });

  it('however it is composed, it is one name', () => {
    fc.assert(
      fc.property(text, (one) => {
        for (const form of ['NFC', 'NFD', 'NFKC', 'NFKD'] as const) {
          expect(foldName(one.normalize(form))).toBe(foldName(one));
        }
      }),
      { numRuns: 1_000 },
    );
  });
});
