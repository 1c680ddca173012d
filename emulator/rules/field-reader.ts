import { parseDay } from '../core/dates.ts';
import { parseScaled } from '../core/decimal.ts';

export type Sent = Readonly<Record<string, unknown>>;

/** Whether a parsed JSON value is an object with fields. */
export function isRecord(value: unknown): value is Sent {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Reads the fields of one sent element and collects what is wrong with them. An absent or null
 * field reads as undefined; the caller then keeps what it has.
 */
export class FieldReader {
  readonly errors: string[];
  readonly #sent: Sent;

  constructor(sent: Sent, errors: string[] = []) {
    this.#sent = sent;
    this.errors = errors;
  }

  has(name: string): boolean {
    return this.#sent[name] !== undefined && this.#sent[name] !== null;
  }

  /** A text within its greatest length; numbers are taken as their text. */
  text(name: string, maxChars: number): string | undefined {
    const value = this.#sent[name];
    if (value === undefined || value === null) return undefined;
    if (typeof value !== 'string' && typeof value !== 'number') {
      this.errors.push(`${name} must be a string`);
      return undefined;
    }
    const text = String(value);
    if (text.length > maxChars) {
      this.errors.push(`The value of ${name} exceeds the maximum length of ${maxChars} characters`);
      return undefined;
    }
    return text;
  }

  /** One of the given words, compared without case and given back as listed. */
  choice<W extends string>(name: string, words: readonly W[]): W | undefined {
    const text = this.text(name, 100);
    if (text === undefined || text === '') return undefined;
    const found = words.find((word) => word.toLowerCase() === text.toLowerCase());
    if (!found) this.errors.push(`${name} '${text}' is not valid`);
    return found;
  }

  /** A decimal as an integer of `10^-scale`. */
  scaled(name: string, scale: number): number | undefined {
    const value = this.#sent[name];
    if (value === undefined || value === null || value === '') return undefined;
    const scaled = parseScaled(value, scale);
    if (scaled === undefined) this.errors.push(`${name} is not a valid number`);
    return scaled;
  }

  /** A calendar day. */
  day(name: string): string | undefined {
    const value = this.#sent[name];
    if (value === undefined || value === null || value === '') return undefined;
    const day = parseDay(value);
    if (day === undefined) this.errors.push(`${name} is not a valid date`);
    return day;
  }

  flag(name: string): boolean | undefined {
    const value = this.#sent[name];
    if (value === undefined || value === null) return undefined;
    if (typeof value === 'boolean') return value;
    if (value === 'true' || value === 'false') return value === 'true';
    this.errors.push(`${name} must be true or false`);
    return undefined;
  }

  record(name: string): Sent | undefined {
    const value = this.#sent[name];
    if (value === undefined || value === null) return undefined;
    if (isRecord(value)) return value;
    this.errors.push(`${name} must be an object`);
    return undefined;
  }

  /** The objects of a list; anything else in it is an error. */
  records(name: string): Sent[] | undefined {
    const value = this.#sent[name];
    if (value === undefined || value === null) return undefined;
    if (Array.isArray(value) && value.every(isRecord)) return value;
    this.errors.push(`${name} must be a list of objects`);
    return undefined;
  }
}
