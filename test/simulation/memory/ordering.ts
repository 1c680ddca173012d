import type { Env, Scope } from './environment.ts';
import { compile } from './expressions.ts';
import type { Expr, Order } from './syntax.ts';
import type { Row } from './tables.ts';
import { compare, stable } from './values.ts';

/** A row that was found, with what it was made from. */
export interface Found {
  row: Row;
  env: Env;
}

export interface OrderBy {
  by(found: Found): unknown;
  isDescending: boolean;
  nulls: Order['nulls'];
}

/** Orders by a column that is put out, by its place, or by any value. */
export function compileOrder(
  { by, isDescending, nulls }: Order,
  body: { columns: readonly string[]; scope: Scope | null },
): OrderBy {
  const isOutput = by.t === 'column' && by.table === null && body.columns.includes(by.name);
  if (isOutput) return { by: ({ row }) => row[by.name] ?? null, isDescending, nulls };
  if (by.t === 'value' && typeof by.value === 'number') {
    const name = body.columns[by.value - 1] ?? '';
    return { by: ({ row }) => row[name] ?? null, isDescending, nulls };
  }
  if (!body.scope) throw new Error('Nothing to order by');
  const value = compile(by, body.scope);
  return { by: ({ env }) => value(env), isDescending, nulls };
}

/** Rows in the order that was asked for; equal ones stay as they came. */
export function sorted(found: readonly Found[], order: readonly OrderBy[]): Found[] {
  const keyed = found.map((one) => ({ one, keys: order.map(({ by }) => by(one)) }));
  keyed.sort((x, y) => {
    for (const [index, { isDescending, nulls }] of order.entries()) {
      const [a, b] = [x.keys[index] ?? null, y.keys[index] ?? null];
      if (a === null || b === null) {
        if (a === b) continue;
        const isFirst = nulls === null ? isDescending : nulls === 'first';
        return (a === null) === isFirst ? -1 : 1;
      }
      const result = compare(a, b);
      if (result !== 0) return isDescending ? -result : result;
    }
    return 0;
  });
  return keyed.map(({ one }) => one);
}

/** The calls with a window in what is put out. */
export function windowsIn(expr: Expr): Extract<Expr, { t: 'call' }>['call'][] {
  if (expr.t === 'cast') return windowsIn(expr.of);
  if (expr.t === 'binary') return [...windowsIn(expr.a), ...windowsIn(expr.b)];
  return expr.t === 'call' && expr.call.over ? [expr.call] : [];
}

/** Numbers or counts rows within their windows. */
export function numberRows(
  call: ReturnType<typeof windowsIn>[number],
  envs: readonly Env[],
  scope: Scope,
) {
  const { partitionBy, orderBy } = call.over ?? { partitionBy: [], orderBy: [] };
  const parts = partitionBy.map((by) => compile(by, scope));
  const order = orderBy.map(({ by, isDescending, nulls }): OrderBy => {
    const value = compile(by, scope);
    return { by: ({ env }) => value(env), isDescending, nulls };
  });
  const groups = Map.groupBy(envs, (one) => stable(parts.map((part) => part(one))));
  for (const group of groups.values()) {
    const rows = sorted(
      group.map((env) => ({ env, row: {} })),
      order,
    );
    for (const [index, { env }] of rows.entries()) {
      env.windows ??= new Map();
      if (call.name === 'row_number') env.windows.set(call, BigInt(index + 1));
      else if (call.name === 'count') env.windows.set(call, BigInt(group.length));
      else throw new Error(`No window of ${call.name} is known here`);
    }
  }
}
