import { type Address, emptyAddress } from '#contract/learners';
import { type AddressSlot, slotOfAddress } from '../push/contact-mapping.ts';

const PO_BOX = /^(?:p\.? ?o\.? box|gpo box|private bag|locked bag|box)\b/i;
const PLAIN_PO_BOX = /^PO Box (\d+)$/;
const UNIT_AND_NUMBER = /^(\d+[a-z]?)\/(\d[^\s/]*) (.+)$/i;
const NUMBER_AND_STREET = /^(\d\S*) (.+)$/;
/** Lengths of an address's parts here. */
const NUMBER_MAX = 15;

/**
 * The parts of an address as Xero shows it, where they can be told: at most a building, a street and
 * a post office box, in this order. Null: they can't. Whoever calls sees whether it comes out again
 * as it went in.
 */
export function addressOfSlot(slot: AddressSlot | null, now: Address): Address | null {
  if (slot === null) return emptyAddress;
  const lines = [...slot.lines];
  const last = lines.at(-1) ?? '';
  const poBox = PO_BOX.test(last) ? (PLAIN_PO_BOX.exec(last)?.[1] ?? last) : null;
  if (poBox !== null) lines.pop();
  if (lines.length > 2) return null;
  const street = lines.at(-1) ?? null;
  return {
    ...emptyAddress,
    building: lines.length === 2 ? (lines[0] ?? null) : null,
    ...streetParts(street),
    poBox,
    suburb: slot.city || null,
    state: slot.region || null,
    postcode: slot.postalCode || null,
    country: countryOf(slot.country, now),
  };
}

function streetParts(line: string | null): Partial<Address> {
  if (line === null) return {};
  const whole = UNIT_AND_NUMBER.exec(line);
  if (whole && (whole[2] ?? '').length <= NUMBER_MAX) {
    const [, unit = null, streetNumber = null, streetName = null] = whole;
    return { unit, streetNumber, streetName };
  }
  const plain = NUMBER_AND_STREET.exec(line);
  if (plain && (plain[1] ?? '').length <= NUMBER_MAX) {
    const [, streetNumber = null, streetName = null] = plain;
    return { streetNumber, streetName };
  }
  return { streetName: line };
}

/** Our code stays where it is the country that Xero names. */
function countryOf(country: string, now: Address): string | null {
  const named = slotOfAddress({ ...emptyAddress, country: now.country })?.country;
  return named === country ? now.country : country || null;
}
