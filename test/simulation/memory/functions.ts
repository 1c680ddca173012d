import type { Env, Known, Scope, Value } from './environment.ts';
import { compile } from './expressions.ts';
import { hostFunction, hostRows } from './host-functions.ts';
import type { Call, Source } from './syntax.ts';
import type { Row } from './tables.ts';
import { arrayOf, coerce, compare, jsonOf, same, stable, textOf } from './values.ts';

const plain: Record<string, (...args: unknown[]) => unknown> = {
  greatest: (...args) => extreme(args, 1),
  least: (...args) => extreme(args, -1),
  concat: (...args) =>
    args
      .filter((arg) => arg !== null)
      .map(textOf)
      .join(''),
  concat_ws: (by, ...args) =>
    args
      .filter((arg) => arg !== null)
      .map(textOf)
      .join(String(by)),
  json_build_object: (...args) => built(args),
  jsonb_build_object: (...args) => built(args),
  json_build_array: (...args) => args.map(jsonOf),
  jsonb_build_array: (...args) => args.map(jsonOf),
  nullif: (a, b) => (a !== null && b !== null && same(a, b) ? null : a),
};

/** Functions that answer null as soon as one argument is null. */
const strict: Record<string, (...args: never[]) => unknown> = {
  lower: (text: string) => text.toLowerCase(),
  upper: (text: string) => text.toUpperCase(),
  btrim: (text: string) => text.trim(),
  trim: (text: string) => text.trim(),
  length: (text: string | Buffer) => text.length,
  char_length: (text: string) => text.length,
  octet_length: (text: string | Buffer) => Buffer.from(text as string).length,
  left: (text: string, count: number) => text.slice(0, count),
  replace: (text: string, from: string, to: string) => text.replaceAll(from, to),
  split_part: (text: string, by: string, part: number) => text.split(by)[part - 1] ?? '',
  starts_with: (text: string, start: string) => text.startsWith(start),
  abs: (value: number | bigint) => (value < 0 ? -value : value),
  floor: (value: number) => Math.floor(value),
  ceil: (value: number) => Math.ceil(value),
  round: (value: number) => Math.round(value),
  cardinality: (list: unknown[]) => arrayOf(list).length,
  array_length: (list: unknown[]) => arrayOf(list).length || null,
  array_position: (list: unknown[], item: unknown) => {
    const at = arrayOf(list).findIndex((one) => one !== null && same(one, item));
    return at < 0 ? null : at + 1;
  },
  array_remove: (list: unknown[], item: unknown) => arrayOf(list).filter((one) => !same(one, item)),
  array_append: (list: unknown[], item: unknown) => [...arrayOf(list), item],
  to_jsonb: (value: unknown) => jsonOf(value),
  to_json: (value: unknown) => jsonOf(value),
  jsonb_array_length: (list: unknown[]) => list.length,
  jsonb_typeof: (value: unknown) => (Array.isArray(value) ? 'array' : typeof value),
  timezone: (_zone: string, at: Date) => at,
  hashtext: (text: string) => hash(text),
  hashtextextended: (text: string, _seed: unknown) => BigInt(hash(text)),
  encode: (bytes: Buffer, how: string) => bytes.toString(how as 'hex'),
  decode: (text: string, how: string) => Buffer.from(text, how as 'hex'),
  extract: (part: string, of: Date | number) => {
    if (part !== 'epoch') throw new Error(`No part ${part} of a time is known here`);
    return (of instanceof Date ? of.getTime() : of) / 1_000;
  },
  date_trunc: (part: string, at: Date) => truncated(part, at),
};

export function callFunction(
  name: string,
  args: readonly unknown[],
  named: Readonly<Record<string, unknown>>,
  env: Env,
): unknown {
  const own = plain[name];
  if (own) return own(...args);
  const careful = strict[name];
  if (careful) return args.includes(null) ? null : careful(...(args as never[]));
  if (name === 'make_interval') return intervalMade(args, named);
  return hostFunction(name, args, named, env.run);
}

function intervalMade(args: readonly unknown[], named: Readonly<Record<string, unknown>>): number {
  if (args.length > 0) throw new Error('Intervals are made of named parts here');
  const units = { weeks: 604_800, days: 86_400, hours: 3_600, mins: 60, secs: 1 };
  return Object.entries(units).reduce(
    (sum, [unit, seconds]) => sum + Number(named[unit] ?? 0) * seconds * 1_000,
    0,
  );
}

function extreme(args: readonly unknown[], sign: 1 | -1): unknown {
  const known = args.filter((arg) => arg !== null);
  if (known.length === 0) return null;
  return known.reduce((a, b) => (compare(b, a) * sign > 0 ? b : a));
}

function built(args: readonly unknown[]): Row {
  const object: Row = {};
  for (let at = 0; at < args.length; at += 2) object[String(args[at])] = jsonOf(args[at + 1]);
  return object;
}

function hash(text: string): number {
  let value = 7;
  for (const letter of text) value = (Math.imul(value, 31) + (letter.codePointAt(0) ?? 0)) | 0;
  return value;
}

function truncated(part: string, at: Date): Date {
  const lengths: Record<string, number> = { second: 19, minute: 16, hour: 13, day: 10 };
  const length = lengths[part];
  if (!length) throw new Error(`Nothing is cut to a ${part} here`);
  return new Date(
    `${at.toISOString().slice(0, length)}${'0000-01-01T00:00:00.000'.slice(length)}Z`,
  );
}

/** Works out an aggregate over the rows of a group. */
export function aggregateOf(call: Call, group: readonly Env[], args: readonly Value[]): unknown {
  const [arg, second] = args;
  if (call.name === 'count' && (call.isStar || !arg)) return BigInt(group.length);
  if (!arg) throw new Error(`${call.name} of nothing`);
  const isWhole = ['array_agg', 'json_agg', 'jsonb_agg', 'jsonb_object_agg'].includes(call.name);
  if (call.name === 'jsonb_object_agg') {
    return Object.fromEntries(
      group.map((env) => [String(arg(env)), jsonOf(second?.(env) ?? null)]),
    );
  }
  const all = group.map((env) => arg(env));
  const present = isWhole ? all : all.filter((value) => value !== null);
  const values = call.isDistinct
    ? [...new Map(present.map((one) => [stable(one), one])).values()]
    : present;
  if (call.name === 'count') return BigInt(values.length);
  if (values.length === 0) return null;
  switch (call.name) {
    case 'sum':
      return values.reduce((a, b) =>
        typeof a === 'bigint' || typeof b === 'bigint'
          ? BigInt(a as bigint) + BigInt(b as bigint)
          : Number(a) + Number(b),
      );
    case 'min':
      return extreme(values, -1);
    case 'max':
      return extreme(values, 1);
    case 'bool_or':
      return values.includes(true);
    case 'bool_and':
    case 'every':
      return !values.includes(false);
    case 'array_agg':
      return values;
    case 'json_agg':
    case 'jsonb_agg':
      return values.map(jsonOf);
    case 'string_agg':
      return values.map(textOf).join(String(second?.(group[0] as Env) ?? ''));
    case 'bit_xor':
      return values.reduce((a, b) => BigInt(a as bigint) ^ BigInt(b as bigint));
    default:
      throw new Error(`No aggregate ${call.name} is known here`);
  }
}

/** Functions that answer with rows, as a source to read from. */
export function rowsOfFunction(
  source: Extract<Source, { t: 'function' }>,
  scope: Scope,
  known: Known,
): (env: Env) => Row[] {
  const { call, columns, alias } = source;
  const args = call.args.map((arg) => (isTableRow(arg) ? null : compile(arg, scope)));
  const named = Object.entries(call.named).map(
    ([name, arg]) => [name, compile(arg, scope)] as const,
  );
  const valuesOf = (env: Env) => args.map((arg) => arg?.(env) ?? null);
  switch (call.name) {
    case 'unnest':
      return unnested(known, namesOf(source), args, call);
    case 'jsonb_to_recordset':
    case 'json_to_recordset':
      known.columns = columns.map(({ name }) => name);
      return (env) => records(valuesOf(env)[0], columns);
    case 'jsonb_array_elements':
    case 'jsonb_array_elements_text': {
      const [name = alias] = columns.map((column) => column.name);
      known.columns = [name];
      const isText = call.name.endsWith('_text');
      return (env) =>
        ((valuesOf(env)[0] ?? []) as unknown[]).map((value) => ({
          [name]: isText && value !== null ? textOf(value) : value,
        }));
    }
    case 'jsonb_populate_recordset': {
      const [first] = call.args;
      const table = first?.t === 'cast' ? scope.compiler.tables.get(first.type) : undefined;
      if (!table) throw new Error('Records of no table');
      const types = [...table.columns.values()];
      known.columns = types.map(({ name }) => name);
      return (env) => records(valuesOf(env)[1], types);
    }
    case 'generate_series': {
      const [name = alias] = columns.map((column) => column.name);
      known.columns = [name];
      return (env) => {
        const [from, to] = valuesOf(env).map(Number);
        return Array.from({ length: Math.max(0, (to ?? 0) - (from ?? 0) + 1) }, (_, at) => ({
          [name]: (from ?? 0) + at,
        }));
      };
    }
    default: {
      const host = hostRows(call.name);
      known.columns = host.columns;
      return (env) => {
        const given = Object.fromEntries(named.map(([name, arg]) => [name, arg(env)]));
        return host.rowsOf(valuesOf(env), given, env.run);
      };
    }
  }
}

/** `null::table`, which only names the shape of rows. */
function isTableRow(arg: Call['args'][number]): boolean {
  return arg.t === 'cast' && arg.of.t === 'value' && arg.of.value === null;
}

function namesOf({ columns, call, alias }: Extract<Source, { t: 'function' }>): string[] {
  if (columns.length > 0) return columns.map(({ name }) => name);
  return call.args.map((_, index) => (index === 0 ? alias : `${alias} ${index + 1}`));
}

function unnested(
  known: Known,
  names: readonly string[],
  args: readonly (Value | null)[],
  call: Call,
): (env: Env) => Row[] {
  known.columns = names;
  const isNumbered = 'ordinality' in call.named;
  return (env) => {
    const lists = args.map((arg) => arrayOf(arg?.(env) ?? []));
    const length = Math.max(0, ...lists.map((list) => list.length));
    return Array.from({ length }, (_, at) => {
      const row: Row = {};
      names.forEach((name, index) => {
        const isNumber = isNumbered && index === names.length - 1;
        row[name] = isNumber ? BigInt(at + 1) : (lists[index]?.[at] ?? null);
      });
      return row;
    });
  };
}

function records(json: unknown, columns: readonly { name: string; type: string | null }[]): Row[] {
  const list =
    typeof json === 'string' ? (JSON.parse(json) as unknown[]) : ((json ?? []) as unknown[]);
  return list.map((item) => {
    const from = item as Row;
    return Object.fromEntries(
      columns.map(({ name, type }) => [
        name,
        type ? coerce(from[name] ?? null, type) : (from[name] ?? null),
      ]),
    );
  });
}
