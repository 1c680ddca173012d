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
const MARKS = /\p{M}+/gu;
const NO_LETTER_OR_DIGIT = /[^\p{L}\p{N}]+/gu;

/** Lower case without accents: `Zoë ÅBERG` becomes `zoe aberg`. Spaces and punctuation stay. */
export function foldLetters(text: string): string {
  // Most texts have nothing to fold but case, and whole ledgers are folded at a time.
  if (PLAIN.test(text)) return text.toLowerCase();
  return text
    .normalize('NFKD')
    .replace(MARKS, '')
    .toLowerCase()
    .replace(SPECIAL, (letter) => SPECIAL_LETTERS[letter] ?? letter)
    .replace(MARKS, '');
}

/**
 * What two spellings of one name have in common: no case, accents, spaces, hyphens or apostrophes.
 * `O'Brien`, `O’BRIEN` and `O Brien` all become `obrien`.
 */
export function foldName(text: string): string {
  return foldLetters(text).replace(NO_LETTER_OR_DIGIT, '');
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
