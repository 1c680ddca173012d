import type { Address } from '#contract/learners';

const PO_BOX = /^(?:G\.?P\.?O\.?|P\.?O\.?|Locked Bag|Private Bag)(?: ?Box)?\s*\d\w*$/i;
const UNIT_WORD =
  /^((?:unit|flat|apartment|apt|suite|shop|level|room|villa)\.? [\w-]+)(?:,| \/|\/| -)? ?(.*)$/i;
const UNIT_SLASH = /^(\w{1,6})\/(\d.*)$/;
const NUMBER = /^(\d+[a-z]?(?:-\d+[a-z]?)?) (.+)$/i;

/**
 * Parts of an address line as far as they are plain: PO box, unit before a number, number before a
 * street. What is not plain stays whole as the street's name.
 */
export function splitStreet(line: string): Partial<Address> {
  if (PO_BOX.test(line)) return { poBox: line };
  const word = UNIT_WORD.exec(line);
  const slash = UNIT_SLASH.exec(line);
  if (word?.[1] && word[2] && NUMBER.test(word[2])) return { unit: word[1], ...numbered(word[2]) };
  if (slash?.[1] && slash[2] && NUMBER.test(slash[2]))
    return { unit: slash[1], ...numbered(slash[2]) };
  return numbered(line);
}

function numbered(line: string): Partial<Address> {
  const parts = NUMBER.exec(line);
  if (!parts?.[1] || !parts[2]) return { streetName: line };
  return { streetNumber: parts[1], streetName: parts[2] };
}
