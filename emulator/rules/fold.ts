const ACCENTS = /[\u0300-\u036f]+/g;
// Nothing of it is folded but case.
const PLAIN = /^[\x20-\x7e]*$/;

/** A text as filters and orders compare it: without case and accents. */
export function foldText(text: string): string {
  if (PLAIN.test(text)) return text.toLowerCase();
  return text.normalize('NFD').replace(ACCENTS, '').toLowerCase().normalize('NFC');
}
