/** Letters that Unicode does not take apart into a base letter and an accent. */
const SPECIAL_LETTERS: Record<string, string> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  ł: 'l',
  þ: 'th',
  ħ: 'h',
  ı: 'i',
};
const SPECIAL = new RegExp(`[${Object.keys(SPECIAL_LETTERS).join('')}]`, 'gu');
const PLAIN = /^[\x20-\x7e]*$/;
/**
 * Marks that writing may leave out: accents of Latin, Greek and Cyrillic, points of Hebrew and
 * Arabic, variants of one sign. Every other mark is part of its letter, as vowels are in the scripts
 * of India and Thailand, and the strokes that make `が` of `か`: without it it is another name.
 */
const ACCENTS = new RegExp(
  `[${[
    String.raw`\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f`,
    String.raw`\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\ufb1e`,
    String.raw`\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed`,
    String.raw`\u180b-\u180d\u180f\ufe00-\ufe0f\u{e0100}-\u{e01ef}`,
  ].join('')}]+`,
  'gu',
);
const NO_LETTER_OR_DIGIT = /[^\p{L}\p{M}\p{N}]+/gu;

/**
 * Lower case without accents: `Zoë ÅBERG` becomes `zoe aberg`. Spaces and punctuation stay.
 * What is kept folded is folded anew where this changes; the migration of names shows how.
 */
export function foldLetters(text: string): string {
  // Most texts have nothing to fold but case, and whole ledgers are folded at a time.
  if (PLAIN.test(text)) return text.toLowerCase();
  return text
    .normalize('NFKD')
    .replace(ACCENTS, '')
    .toLowerCase()
    .replace(SPECIAL, (letter) => SPECIAL_LETTERS[letter] ?? letter)
    .replace(ACCENTS, '')
    .normalize('NFC');
}

/**
 * What two spellings of one name have in common: no case, accents, spaces, hyphens or apostrophes.
 * `O'Brien`, `O’BRIEN` and `O Brien` all become `obrien`.
 */
export function foldName(text: string): string {
  // Letters and their marks may come together only once what stood between them is gone.
  return foldLetters(text).replace(NO_LETTER_OR_DIGIT, '').normalize('NFC');
}

/** The words of a text, each folded; hyphens and apostrophes part words too. */
export function foldedPieces(text: string): string[] {
  return foldLetters(text)
    .split(NO_LETTER_OR_DIGIT)
    .filter((piece) => piece !== '');
}

/** An e-mail address as it is compared: trimmed and in lower case. */
export function foldEmail(email: string): string {
  return email.normalize('NFKC').trim().toLowerCase();
}

/**
 * A learner number as Xero compares its codes: blind to case, to accents, and to how many spaces
 * stand together.
 */
export function foldNumber(number: string): string {
  return foldLetters(number).replace(/\s+/g, ' ').trim();
}

/**
 * A key that orders texts as people count: runs of digits compare as numbers, so `L2` stands
 * before `L10`. Every digit run is preceded by its length in two digits.
 */
export function naturalKey(text: string): string {
  return foldLetters(text).replace(/\d+/g, (digits) => {
    const bare = digits.replace(/^0+(?=\d)/, '');
    return `${String(bare.length).padStart(2, '0')}${bare}`;
  });
}

/** The first `max` characters; never half of one. */
export function cut(text: string, max: number): string {
  return text.length <= max ? text : Array.from(text).slice(0, max).join('');
}
