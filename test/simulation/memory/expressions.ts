import type { Env, Scope, Value } from './environment.ts';
import { aggregateOf, callFunction } from './functions.ts';
import { compileQuery } from './queries.ts';
import type { Call, Expr } from './syntax.ts';
import { arrayOf, coerce, compare, operate, same } from './values.ts';

const AGGREGATES = new Set(
  'count sum min max avg bool_or bool_and every array_agg json_agg jsonb_agg string_agg bit_xor jsonb_object_agg'.split(
    ' ',
  ),
);

export function isAggregate(call: Call): boolean {
  return AGGREGATES.has(call.name) && call.over === null;
}

/** Makes an expression a function of the rows it looks at. @throws Error for names nobody knows */
export function compile(expr: Expr, scope: Scope): Value {
  switch (expr.t) {
    case 'value':
      return () => expr.value;
    case 'parameter':
      return (env) => env.run.parameters[expr.index] ?? null;
    case 'column':
      return compileColumn(expr.table, expr.name, scope);
    case 'all-columns':
      throw new Error('All columns are no value');
    case 'call':
      return compileCall(expr.call, scope);
    case 'cast':
      return compileCast(expr.of, expr.type, scope);
    case 'binary':
      return compileBinary(expr.op, compile(expr.a, scope), compile(expr.b, scope));
    case 'not': {
      const of = compile(expr.of, scope);
      return (env) => {
        const value = of(env);
        return value === null ? null : !value;
      };
    }
    case 'minus': {
      const of = compile(expr.of, scope);
      return (env) => {
        const value = of(env);
        return value === null ? null : typeof value === 'bigint' ? -value : -Number(value);
      };
    }
    case 'is-null': {
      const of = compile(expr.of, scope);
      return (env) => of(env) === null;
    }
    case 'distinct': {
      const [a, b] = [compile(expr.a, scope), compile(expr.b, scope)];
      return (env) => {
        const [x, y] = [a(env), b(env)];
        return x === null || y === null ? x !== y : !same(x, y);
      };
    }
    case 'in': {
      const of = compile(expr.of, scope);
      const list = expr.list.map((item) => compile(item, scope));
      return (env) =>
        isAny(
          '=',
          of(env),
          list.map((item) => item(env)),
          false,
        );
    }
    case 'in-query': {
      const of = compile(expr.of, scope);
      const items = compileColumnQuery(expr.query, scope);
      return (env) => isAny('=', of(env), items(env), false);
    }
    case 'any': {
      const a = compile(expr.a, scope);
      const { b, op, isAll } = expr;
      const items = b.t === 'query' ? compileColumnQuery(b.query, scope) : compileArray(b, scope);
      return (env) => {
        const list = items(env);
        return list === null ? null : isAny(op, a(env), list, isAll);
      };
    }
    case 'exists': {
      const { rowsOf } = compileQuery(expr.query, scope);
      return (env) => rowsOf(env).length > 0;
    }
    case 'query': {
      const items = compileColumnQuery(expr.query, scope);
      return (env) => items(env)[0] ?? null;
    }
    case 'case':
      return compileCase(expr, scope);
    case 'array':
    case 'row': {
      const items = expr.items.map((item) => compile(item, scope));
      return (env) => items.map((item) => item(env));
    }
    case 'array-query':
      return compileColumnQuery(expr.query, scope);
    case 'item': {
      const [of, index] = [compile(expr.of, scope), compile(expr.index, scope)];
      return (env) => {
        const list = of(env);
        return list === null ? null : (arrayOf(list)[Number(index(env)) - 1] ?? null);
      };
    }
  }
}

function compileColumn(table: string | null, name: string, scope: Scope): Value {
  let depth = 0;
  for (let at: Scope | null = scope; at; at = at.up, depth += 1) {
    const found = at.sources.find(
      (one) => (table === null || one.alias === table) && one.columns.includes(name),
    );
    if (found) return columnAt(depth, found.slot, name);
  }
  // A whole row goes by its alias.
  depth = 0;
  for (let at: Scope | null = scope; at; at = at.up, depth += 1) {
    const found = table === null && at.sources.find((one) => one.alias === name);
    if (!found) continue;
    const [only] = found.columns;
    if (found.columns.length === 1 && only) return columnAt(depth, found.slot, only);
    const { slot } = found;
    return (env) => upBy(env, depth).rows[slot] ?? null;
  }
  throw new Error(`No column ${table ?? ''}.${name} is known`);
}

function upBy(env: Env, depth: number): Env {
  let at = env;
  for (let left = depth; left > 0; left -= 1) at = at.up ?? at;
  return at;
}

function columnAt(depth: number, slot: number, name: string): Value {
  if (depth === 0) return (env) => env.rows[slot]?.[name] ?? null;
  if (depth === 1) return (env) => env.up?.rows[slot]?.[name] ?? null;
  return (env) => upBy(env, depth).rows[slot]?.[name] ?? null;
}

function compileColumnQuery(query: Parameters<typeof compileQuery>[0], scope: Scope) {
  const { rowsOf, columns } = compileQuery(query, scope);
  const [name] = columns;
  return (env: Env): unknown[] => rowsOf(env).map((row) => (name ? (row[name] ?? null) : null));
}

function compileArray(expr: Expr, scope: Scope): (env: Env) => unknown[] | null {
  const of = compile(expr, scope);
  return (env) => {
    const value = of(env);
    return value === null ? null : arrayOf(value);
  };
}

function isAny(op: string, a: unknown, list: readonly unknown[], isAll: boolean): boolean | null {
  if (list.length === 0) return isAll;
  if (a === null) return null;
  let hasNull = false;
  for (const item of list) {
    if (item === null) hasNull = true;
    else if (Boolean(operate(op, a, item)) !== isAll) return !isAll;
  }
  return hasNull ? null : isAll;
}

function compileCast(of: Expr, type: string, scope: Scope): Value {
  if (of.t === 'value') {
    const value = coerce(of.value, type);
    return () => value;
  }
  const value = compile(of, scope);
  return (env) => {
    const given = value(env);
    return given === null ? null : coerce(given, type);
  };
}

function compileBinary(op: string, a: Value, b: Value): Value {
  if (op === 'and') {
    return (env) => {
      const x = a(env);
      if (x === false) return false;
      const y = b(env);
      if (y === false) return false;
      return x === null || y === null ? null : true;
    };
  }
  if (op === 'or') {
    return (env) => {
      const x = a(env);
      if (x === true) return true;
      const y = b(env);
      if (y === true) return true;
      return x === null || y === null ? null : false;
    };
  }
  return (env) => {
    const x = a(env);
    if (x === null) return null;
    const y = b(env);
    return y === null ? null : operate(op, x, y);
  };
}

function compileCase(expr: Extract<Expr, { t: 'case' }>, scope: Scope): Value {
  const of = expr.of && compile(expr.of, scope);
  const whens = expr.whens.map(({ when, gives }) => ({
    when: compile(when, scope),
    gives: compile(gives, scope),
  }));
  const otherwise = expr.otherwise && compile(expr.otherwise, scope);
  return (env) => {
    const subject = of?.(env);
    const found = whens.find(({ when }) => {
      const value = when(env);
      if (!of) return value === true;
      return value !== null && subject !== null && same(subject, value);
    });
    return found ? found.gives(env) : (otherwise?.(env) ?? null);
  };
}

function compileCall(call: Call, scope: Scope): Value {
  const args = call.args.map((arg) => compile(arg, scope));
  if (call.over) return (env) => env.windows?.get(call) ?? null;
  if (isAggregate(call)) {
    const filter = call.filter && compile(call.filter, scope);
    const order = call.orderBy.map(({ by, isDescending }) => ({
      by: compile(by, scope),
      isDescending,
    }));
    return (env) => {
      const all = env.group ?? [env];
      const counted = filter ? all.filter((one) => filter(one) === true) : [...all];
      if (order.length > 0) counted.sort((x, y) => ordered(order, x, y));
      return aggregateOf(call, counted, args);
    };
  }
  const named = Object.entries(call.named).map(
    ([name, arg]) => [name, compile(arg, scope)] as const,
  );
  if (call.name === 'coalesce') {
    return (env) => {
      for (const arg of args) {
        const value = arg(env);
        if (value !== null) return value;
      }
      return null;
    };
  }
  return (env) =>
    callFunction(
      call.name,
      args.map((arg) => arg(env)),
      Object.fromEntries(named.map(([name, arg]) => [name, arg(env)])),
      env,
    );
}

function ordered(order: readonly { by: Value; isDescending: boolean }[], x: Env, y: Env): number {
  for (const { by, isDescending } of order) {
    const [a, b] = [by(x), by(y)];
    if (a === null || b === null) {
      if (a !== b) return (a === null ? 1 : -1) * (isDescending ? -1 : 1);
      continue;
    }
    const found = compare(a, b);
    if (found !== 0) return isDescending ? -found : found;
  }
  return 0;
}
