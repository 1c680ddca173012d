import type { RecordFields } from './import-record.ts';

const PARTICLE = /^(van|von|der|den|de|la|dos|das|del|della|di|bin|bint|ibn|al|el|ten|ter)$/i;

/**
 * Parts of a name that stands in one cell. With a comma the family name comes first
 * (`Clay, Simon John`); without one it comes last, its particles included (`Ana van der Berg`).
 * A single word is a family name.
 */
export function splitFullName(
  name: string,
): Pick<RecordFields, 'firstName' | 'middleName' | 'lastName'> {
  const comma = name.indexOf(',');
  if (comma !== -1) {
    const given = name
      .slice(comma + 1)
      .trim()
      .split(' ');
    return parts(given, name.slice(0, comma).trim());
  }
  const words = name.trim().split(' ');
  let family = words.length - 1;
  while (family > 1 && PARTICLE.test(words[family - 1] ?? '')) family -= 1;
  return parts(words.slice(0, family), words.slice(family).join(' '));
}

function parts(given: readonly string[], lastName: string) {
  const [firstName = '', ...middle] = given;
  return {
    firstName: firstName || null,
    middleName: middle.join(' ') || null,
    lastName: lastName || null,
  };
}
