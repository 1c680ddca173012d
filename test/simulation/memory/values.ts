/** Values as PostgreSQL's driver hands them over, and what may be done with them. */
const SECONDS: Record<string, number> = {
  second: 1,
  sec: 1,
  minute: 60,
  min: 60,
  hour: 3_600,
  day: 86_400,
  week: 604_800,
};

/** An interval's length in milliseconds; those of months have none. */
export function intervalOf(text: string): number {
  let milliseconds = 0;
  for (const [, amount, unit] of text.matchAll(/(-?[\d.]+)\s*([a-z]+?)s?\b/g)) {
    const seconds = SECONDS[unit ?? ''];
    if (seconds === undefined) throw new Error(`No interval known here: ${text}`);
    milliseconds += Number(amount) * seconds * 1_000;
  }
  return milliseconds;
}

/** Makes a value what a column or a cast of this type holds. */
export function coerce(value: unknown, type: string): unknown {
  if (value === null || value === undefined) return null;
  if (type.endsWith('[]')) return arrayOf(value).map((item) => coerce(item, type.slice(0, -2)));
  switch (type) {
    case 'uuid':
      return String(value).toLowerCase();
    case 'text':
    case 'citext':
    case 'name':
    case 'character varying':
    case 'xid8':
      return textOf(value);
    case 'integer':
    case 'int':
    case 'int4':
    case 'smallint':
    case 'double precision':
    case 'float8':
      return typeof value === 'boolean' ? Number(value) : Number(value);
    case 'numeric':
    case 'bigint':
    case 'int8':
      return typeof value === 'number' ? BigInt(Math.round(value)) : BigInt(String(value));
    case 'boolean':
    case 'bool':
      return typeof value === 'string' ? value === 't' || value === 'true' : Boolean(value);
    case 'timestamp with time zone':
    case 'timestamptz':
      return value instanceof Date ? value : new Date(time(value));
    case 'date':
      return value instanceof Date ? value.toISOString().slice(0, 10) : String(value).slice(0, 10);
    case 'jsonb':
    case 'json':
      return typeof value === 'string' ? JSON.parse(value) : jsonOf(value);
    case 'bytea':
      return Buffer.isBuffer(value) ? value : Buffer.from(String(value).slice(2), 'hex');
    case 'interval':
      return typeof value === 'number' ? value : intervalOf(String(value));
    default:
      throw new Error(`No type known here: ${type}`);
  }
}

export function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value instanceof Date) return value.toISOString();
  if (Buffer.isBuffer(value)) return `\\x${value.toString('hex')}`;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** Such a value as it would stand in JSON. */
export function jsonOf(value: unknown): unknown {
  if (value === null || value === undefined) return null;
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map(jsonOf);
  if (typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, jsonOf(one)]));
}

export function arrayOf(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  const inner = String(value).slice(1, -1);
  if (inner === '') return [];
  return inner.split(',').map((item) => (item === 'NULL' ? null : item.replaceAll('"', '')));
}

/** Less than, equal to or more than zero; no side is null. */
export function compare(a: unknown, b: unknown): number {
  if (a instanceof Date || b instanceof Date) return time(a) - time(b);
  if (Buffer.isBuffer(a) && Buffer.isBuffer(b)) return Buffer.compare(a, b);
  if (Array.isArray(a) && Array.isArray(b)) return compareItems(a, b);
  if (typeof a === 'object' || typeof b === 'object') {
    const [x, y] = [stable(a), stable(b)];
    return x === y ? 0 : x < y ? -1 : 1;
  }
  if (typeof a === 'string' && typeof b !== 'string') return compare(Number(a), Number(b));
  if (typeof b === 'string' && typeof a !== 'string') return compare(Number(a), Number(b));
  const [x, y] = [a as number, b as number];
  return x < y ? -1 : x > y ? 1 : 0;
}

/** Where time begins and ends, as far as dates reach. */
const INFINITY_MS = 8_640_000_000_000_000;

function time(value: unknown): number {
  if (value === 'infinity') return INFINITY_MS;
  if (value === '-infinity') return -INFINITY_MS;
  return value instanceof Date ? value.getTime() : new Date(String(value)).getTime();
}

function compareItems(a: readonly unknown[], b: readonly unknown[]): number {
  for (let at = 0; at < Math.min(a.length, b.length); at += 1) {
    const [x, y] = [a[at] ?? null, b[at] ?? null];
    if (x === null || y === null) {
      if (x === y) continue;
      return x === null ? 1 : -1;
    }
    const found = compare(x, y);
    if (found !== 0) return found;
  }
  return a.length - b.length;
}

/** JSON text with its keys in order. */
export function stable(value: unknown): string {
  return JSON.stringify(value, (_key, one: unknown) => {
    if (typeof one === 'bigint') return `${one}n`;
    if (one === null || typeof one !== 'object' || Array.isArray(one)) return one;
    return Object.fromEntries(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}

export function same(a: unknown, b: unknown): boolean {
  if (typeof a === 'string' && typeof b === 'string') return a === b;
  return compare(a, b) === 0;
}

/** What an operator makes of two values that are not null. */
export function operate(op: string, a: unknown, b: unknown): unknown {
  switch (op) {
    case '=':
      return same(a, b);
    case '<>':
      return !same(a, b);
    case '<':
      return compare(a, b) < 0;
    case '>':
      return compare(a, b) > 0;
    case '<=':
      return compare(a, b) <= 0;
    case '>=':
      return compare(a, b) >= 0;
    case '+':
    case '-':
      return sum(a, b, op === '+' ? 1 : -1);
    case '*':
    case '/':
    case '%':
      return product(op, a, b);
    case '||':
      return joined(a, b);
    case '->':
      return itemOf(a, b);
    case '->>': {
      const item = itemOf(a, b);
      return item === null ? null : textOf(item);
    }
    case '#>>':
    case '#>': {
      const item = arrayOf(b).reduce<unknown>(
        (at, key) => (at === null ? null : itemOf(at, key)),
        a,
      );
      return item === null || op === '#>' ? item : textOf(item);
    }
    case '~':
      return new RegExp(String(b)).test(String(a));
    case '!~':
      return !new RegExp(String(b)).test(String(a));
    case '~*':
      return new RegExp(String(b), 'i').test(String(a));
    case 'like':
      return likeness(String(b), '').test(String(a));
    case 'ilike':
      return likeness(String(b), 'i').test(String(a));
    case '&':
      return Number(a) & Number(b);
    case '#':
      return BigInt.asIntN(64, BigInt(a as bigint) ^ BigInt(b as bigint));
    case '@>':
      return contains(a, b);
    case '<@':
      return contains(b, a);
    default:
      throw new Error(`No operator known here: ${op}`);
  }
}

function sum(a: unknown, b: unknown, sign: 1 | -1): unknown {
  if (a instanceof Date && b instanceof Date) return a.getTime() - b.getTime();
  if (a instanceof Date) return new Date(a.getTime() + sign * Number(b));
  if (b instanceof Date) return new Date(b.getTime() + Number(a));
  if (typeof a === 'string' && /^\d{4}-\d\d-\d\d$/.test(a)) {
    const days = Number(b) < 100_000 ? Number(b) * 86_400_000 : Number(b);
    return new Date(Date.parse(a) + sign * days).toISOString().slice(0, 10);
  }
  if (isPlain(a) && sign === -1) {
    const { [String(b)]: _gone, ...rest } = a;
    return rest;
  }
  if (typeof a === 'bigint' || typeof b === 'bigint') {
    return BigInt(a as bigint) + BigInt(sign) * BigInt(b as bigint);
  }
  return Number(a) + sign * Number(b);
}

function product(op: string, a: unknown, b: unknown): unknown {
  if (typeof a === 'bigint' || typeof b === 'bigint') {
    const [x, y] = [BigInt(a as bigint), BigInt(b as bigint)];
    return op === '*' ? x * y : op === '/' ? x / y : x % y;
  }
  const [x, y] = [Number(a), Number(b)];
  if (op === '*') return x * y;
  if (op === '%') return x % y;
  return Number.isInteger(x) && Number.isInteger(y) ? Math.trunc(x / y) : x / y;
}

function joined(a: unknown, b: unknown): unknown {
  if (Array.isArray(a)) return [...a, ...(Array.isArray(b) ? b : [b])];
  if (Array.isArray(b)) return [a, ...b];
  if (isPlain(a) && isPlain(b)) return { ...a, ...b };
  return textOf(a) + textOf(b);
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && value.constructor === Object;
}

function itemOf(of: unknown, key: unknown): unknown {
  if (of === null || typeof of !== 'object') return null;
  return (of as Record<string, unknown>)[String(key)] ?? null;
}

function likeness(pattern: string, flags: string): RegExp {
  const escaped = pattern.replaceAll(/[.*+?^${}()|[\]]/g, '\\$&');
  return new RegExp(`^${escaped.replaceAll('%', '[^]*').replaceAll(/(?<!\\)_/g, '[^]')}$`, flags);
}

function contains(whole: unknown, part: unknown): boolean {
  if (Array.isArray(whole) && Array.isArray(part)) {
    return part.every((item) => whole.some((one) => same(one, item)));
  }
  if (isPlain(whole) && isPlain(part)) {
    return Object.entries(part).every(([key, item]) => {
      const own = whole[key];
      if (own === undefined) return false;
      return typeof item === 'object' && item !== null ? contains(own, item) : own === item;
    });
  }
  return same(whole, part);
}
