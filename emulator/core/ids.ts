import { randomBytes, randomUUID } from 'node:crypto';

/** Where identifiers and opaque tokens come from. */
export interface Ids {
  /** A version 4 UUID in lower case. */
  uuid(): string;
  /** An opaque token of `length` characters from `A-Za-z0-9_-`. */
  token(length: number): string;
}

const TOKEN_ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-';

/** Identifiers nobody can guess; the right choice whenever state outlives the process. */
export function randomIds(): Ids {
  return {
    uuid: () => randomUUID(),
    token: (length) => [...randomBytes(length)].map((b) => TOKEN_ALPHABET.charAt(b & 63)).join(''),
  };
}

/** A small, fast, repeatable source of numbers in [0, 1) (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** Identifiers that repeat exactly for the same seed, so that a failing test can be replayed. */
export function seededIds(seed: number): Ids {
  const random = seededRandom(seed);
  // Written into bytes first: a text built piece by piece takes several times the memory.
  const bytes = Buffer.alloc(36);
  return {
    uuid: () => {
      for (let i = 0; i < 36; i++) bytes[i] = uuidByte(i, random());
      return bytes.toString('latin1');
    },
    token: (length) => {
      let text = '';
      for (let i = 0; i < length; i++) text += TOKEN_ALPHABET.charAt(Math.floor(random() * 64));
      return text;
    },
  };
}

const HEX = Buffer.from('0123456789abcdef');
const DASH = 45;
const FOUR = 52;

/** One character of a version 4 UUID: dashes, the version and the variant stand at fixed places. */
function uuidByte(position: number, chance: number): number {
  if (position === 8 || position === 13 || position === 18 || position === 23) return DASH;
  if (position === 14) return FOUR;
  const digit = position === 19 ? 8 + Math.floor(chance * 4) : Math.floor(chance * 16);
  return HEX[digit] ?? DASH;
}

/** Xero's echo for something that was not created. */
export const ZERO_UUID = '00000000-0000-0000-0000-000000000000';
