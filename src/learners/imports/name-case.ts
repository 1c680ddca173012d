/** Parts of family names that stand small before the name they belong to. */
const PARTICLES = new Set(['van', 'von', 'der', 'den', 'de', 'dos', 'das', 'bin', 'bint', 'ibn']);
const SMALL_WORDS = new Set(['of', 'and', 'the', 'on', 'upon', 'to', 'at', 'in', 'via']);
const KEPT_UPPER = new Set(['PO', 'GPO', 'LPO', 'CMB', 'RMB', 'RSD', 'CBD', 'II', 'III', 'IV']);
const ORDINAL = /^(\d+)(ST|ND|RD|TH)$/;
/** After these, an apostrophe begins a new capital: O'Brien, D'Angelo; but not St John's. */
const APOSTROPHE_PREFIX = /^(o|d|l|m)$/;

/** Whether a text has letters and none of them is small. */
export function isAllCapitals(text: string): boolean {
  return /\p{Lu}/u.test(text) && !/\p{Ll}/u.test(text);
}

function capital(word: string): string {
  const [first = '', ...rest] = Array.from(word);
  return first.toUpperCase() + rest.join('').toLowerCase();
}

function namePart(part: string): string {
  const mc = /^MC(\p{L}{3,})$/u.exec(part);
  if (mc?.[1]) return `Mc${capital(mc[1])}`;
  const apostrophe = /^(\p{L}+)(['’`])(\p{L}+)$/u.exec(part);
  if (!apostrophe) return capital(part);
  const [, before = '', mark = '', after = ''] = apostrophe;
  const isPrefix = APOSTROPHE_PREFIX.test(before.toLowerCase()) && after.length > 1;
  return capital(before) + mark + (isPrefix ? capital(after) : after.toLowerCase());
}

function casedWord(word: string): string {
  return word
    .split(/(-|\.|,|\/|\(|\))/)
    .map((part) => (/\d/.test(part) ? part : namePart(part)))
    .join('');
}

/**
 * A person's given name in ordinary case, if it is all capitals: `MARY-ANNE` becomes `Mary-Anne`.
 * A name that has any small letter is left as its writer wrote it.
 */
export function ordinaryGivenName(name: string): string {
  return isAllCapitals(name) ? name.split(' ').map(casedWord).join(' ') : name;
}

/** A family name in ordinary case: `O'BRIEN`, `MCDONALD` and `VAN DER BERG` as people write them. */
export function ordinaryFamilyName(name: string): string {
  if (!isAllCapitals(name)) return name;
  const words = name.split(' ');
  return words
    .map((word, index) => {
      if (index > 0 && KEPT_UPPER.has(word)) return word;
      const isBeforeName = index < words.length - 1;
      return isBeforeName && PARTICLES.has(word.toLowerCase())
        ? word.toLowerCase()
        : casedWord(word);
    })
    .join(' ');
}

/** A place, street or building in ordinary case; words with digits stay: `UNIT 1B` is `Unit 1B`. */
export function ordinaryPlace(place: string): string {
  if (!isAllCapitals(place)) return place;
  return place
    .split(' ')
    .map((word, index) => {
      const ordinal = ORDINAL.exec(word);
      if (ordinal) return `${ordinal[1]}${ordinal[2]?.toLowerCase()}`;
      if (index > 0 && SMALL_WORDS.has(word.toLowerCase())) return word.toLowerCase();
      return KEPT_UPPER.has(word) ? word : casedWord(word);
    })
    .join(' ');
}
