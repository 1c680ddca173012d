import { queryParseError } from '../accounting/api-error.ts';
import { foldText } from './fold.ts';
import { lexWhere, type Token } from './where-lexer.ts';

/** What a field of a row can hold while it is compared. Moments are milliseconds. */
export type FieldValue = string | number | boolean | null | undefined;

/** The fields that a resource can be filtered and sorted by, by lower-case path. */
export type Fields<T> = Readonly<Record<string, (row: T) => FieldValue>>;

type Evaluate<T> = (row: T) => FieldValue;

/**
 * Turns a `where` text into a test of rows. Understood: `== = != <> > < >= <=`, `&& AND || OR !`,
 * parentheses, `Guid("..")`, `DateTime(y,m,d[,h,m,s])`, `DateTime.Parse("..")`, `true false null`,
 * `.Contains .StartsWith .EndsWith .ToLower() .ToUpper()`. Text compares without case (recorded) and without
 * accents (Xero's page on contacts).
 * @throws ApiError QueryParseException when it cannot be read or names an unknown field.
 */
export function parseWhere<T>(source: string, fields: Fields<T>): (row: T) => boolean {
  const parser = new WhereParser(lexWhere(source), fields);
  const evaluate = parser.parseAll();
  return (row) => evaluate(row) === true;
}

const COMPARE_SIGNS = new Set(['==', '=', '!=', '<>', '>', '<', '>=', '<=']);
const MAX_DEPTH = 50;

class WhereParser<T> {
  readonly #tokens: readonly Token[];
  readonly #fields: Fields<T>;
  #at = 0;
  #depth = 0;

  constructor(tokens: readonly Token[], fields: Fields<T>) {
    this.#tokens = tokens;
    this.#fields = fields;
  }

  parseAll(): Evaluate<T> {
    const evaluate = this.#parseOr();
    if (this.#at < this.#tokens.length) throw queryParseError('Syntax error: unexpected text');
    return evaluate;
  }

  #parseOr(): Evaluate<T> {
    let left = this.#parseAnd();
    while (this.#takeSign('||') || this.#takeName('or')) {
      const a = left;
      const b = this.#parseAnd();
      left = (row) => a(row) === true || b(row) === true;
    }
    return left;
  }

  #parseAnd(): Evaluate<T> {
    let left = this.#parseComparison();
    while (this.#takeSign('&&') || this.#takeName('and')) {
      const a = left;
      const b = this.#parseComparison();
      left = (row) => a(row) === true && b(row) === true;
    }
    return left;
  }

  #parseComparison(): Evaluate<T> {
    const left = this.#parseOperand();
    const token = this.#tokens[this.#at];
    if (token?.kind !== 'sign' || !COMPARE_SIGNS.has(token.text)) return left;
    this.#at++;
    const right = this.#parseOperand();
    return (row) => compare(token.text, left(row), right(row));
  }

  #parseOperand(): Evaluate<T> {
    if (++this.#depth > MAX_DEPTH) throw queryParseError('The where clause is nested too deeply');
    try {
      if (this.#takeSign('!')) {
        const inner = this.#parseOperand();
        return (row) => inner(row) !== true;
      }
      if (this.#takeSign('-')) return negated(this.#parseOperand());
      if (this.#takeSign('(')) {
        const inner = this.#parseOr();
        this.#expectSign(')');
        return this.#parseCalls(inner);
      }
      return this.#parseValue();
    } finally {
      this.#depth--;
    }
  }

  #parseValue(): Evaluate<T> {
    const token = this.#tokens[this.#at++];
    if (token?.kind === 'text') return this.#parseCalls(() => token.text);
    if (token?.kind === 'number') return () => token.value;
    if (token?.kind !== 'name') throw queryParseError('Expression expected');
    const name = token.text.toLowerCase();
    if (name === 'true') return () => true;
    if (name === 'false') return () => false;
    if (name === 'null') return () => null;
    if (name === 'guid') return this.#parseGuid();
    if (name === 'datetime') return this.#parseDateTime();
    return this.#parseField(token.text);
  }

  #parseField(first: string): Evaluate<T> {
    let path = first.toLowerCase();
    while (this.#peekSign('.') && !this.#isCallAhead()) {
      this.#at++;
      const part = this.#tokens[this.#at++];
      if (part?.kind !== 'name') throw queryParseError('Identifier expected');
      path += `.${part.text.toLowerCase()}`;
    }
    const withoutValue = path.replace(/\.(value|date)$/, '');
    const read = this.#fields[path] ?? this.#fields[withoutValue];
    if (!read) throw queryParseError(`No property or field '${first}' exists`);
    return this.#parseCalls(read);
  }

  #isCallAhead(): boolean {
    const after = this.#tokens[this.#at + 2];
    return after?.kind === 'sign' && after.text === '(';
  }

  #parseCalls(inner: Evaluate<T>): Evaluate<T> {
    if (!this.#takeSign('.')) return inner;
    const method = this.#tokens[this.#at++];
    if (method?.kind !== 'name') throw queryParseError('Identifier expected');
    this.#expectSign('(');
    const argument = this.#peekSign(')') ? undefined : this.#parseOr();
    this.#expectSign(')');
    return this.#parseCalls(callMethod(method.text, inner, argument));
  }

  #parseGuid(): Evaluate<T> {
    this.#expectSign('(');
    const token = this.#tokens[this.#at++];
    if (token?.kind !== 'text') throw queryParseError('Guid expects a string');
    this.#expectSign(')');
    return () => token.text.toLowerCase();
  }

  #parseDateTime(): Evaluate<T> {
    const isParse = this.#takeSign('.') && this.#takeName('parse');
    this.#expectSign('(');
    const parts: (string | number)[] = [];
    while (!this.#peekSign(')')) {
      const token = this.#tokens[this.#at++];
      if (token?.kind === 'text') parts.push(token.text);
      else if (token?.kind === 'number') parts.push(token.value);
      else throw queryParseError('DateTime expects numbers');
      if (!this.#takeSign(',')) break;
    }
    this.#expectSign(')');
    const ms = isParse ? parseMoment(String(parts[0] ?? '')) : momentOfParts(parts.map(Number));
    if (!Number.isFinite(ms)) throw queryParseError('DateTime is not a valid date');
    return () => ms;
  }

  #peekSign(text: string): boolean {
    const token = this.#tokens[this.#at];
    return token?.kind === 'sign' && token.text === text;
  }

  #takeSign(text: string): boolean {
    const isThere = this.#peekSign(text);
    if (isThere) this.#at++;
    return isThere;
  }

  #takeName(text: string): boolean {
    const token = this.#tokens[this.#at];
    const isThere = token?.kind === 'name' && token.text.toLowerCase() === text;
    if (isThere) this.#at++;
    return isThere;
  }

  #expectSign(text: string): void {
    if (!this.#takeSign(text)) throw queryParseError(`'${text}' expected`);
  }
}

function negated<T>(inner: Evaluate<T>): Evaluate<T> {
  return (row) => {
    const value = inner(row);
    return typeof value === 'number' ? -value : undefined;
  };
}

function callMethod<T>(
  name: string,
  inner: Evaluate<T>,
  argument: Evaluate<T> | undefined,
): Evaluate<T> {
  const text = (row: T) => foldText(String(inner(row) ?? ''));
  const other = (row: T) => foldText(String(argument?.(row) ?? ''));
  switch (name.toLowerCase()) {
    case 'contains':
      return (row) => text(row).includes(other(row));
    case 'startswith':
      return (row) => text(row).startsWith(other(row));
    case 'endswith':
      return (row) => text(row).endsWith(other(row));
    case 'tolower':
    case 'toupper':
    case 'tostring':
      return inner;
    default:
      throw queryParseError(`No applicable method '${name}' exists`);
  }
}

function compare(sign: string, left: FieldValue, right: FieldValue): boolean {
  const a = comparable(left);
  const b = comparable(right);
  if (sign === '==' || sign === '=') return a === b;
  if (sign === '!=' || sign === '<>') return a !== b;
  if (a === null || b === null || typeof a !== typeof b) return false;
  if (sign === '>') return a > b;
  if (sign === '<') return a < b;
  return sign === '>=' ? a >= b : a <= b;
}

function comparable(value: FieldValue): string | number | boolean | null {
  if (value === undefined || value === '') return null;
  return typeof value === 'string' ? foldText(value) : value;
}

function parseMoment(text: string): number {
  return Date.parse(
    /^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00:00Z` : `${text}Z`.replace(/ZZ$/, 'Z'),
  );
}

function momentOfParts([
  year = Number.NaN,
  month = 1,
  day = 1,
  hour = 0,
  minute = 0,
  second = 0,
]: number[]): number {
  return Date.UTC(year, month - 1, day, hour, minute, second);
}
