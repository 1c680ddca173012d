import type { Env, Scope, Value } from './environment.ts';
import { compile, isAggregate } from './expressions.ts';
import { compileItems } from './items.ts';
import { compileOrder, type Found, numberRows, sorted, windowsIn } from './ordering.ts';
import { compileSources, renamed, scopeWithin } from './sources.ts';
import { compileStatement } from './statements.ts';
import type { Body, Core, Expr, Query, Source } from './syntax.ts';
import { PLACE, type Place, type Row } from './tables.ts';
import { stable } from './values.ts';

/** A query made ready: its columns, and its rows as seen from the rows around it. */
export interface Ready {
  columns: readonly string[];
  rowsOf(up: Env): Row[];
}

interface ReadyBody {
  columns: readonly string[];
  scope: Scope | null;
  rowsOf(up: Env): Found[];
}

export function compileQuery(query: Query, up: Scope): Ready {
  const withs = query.ctes.map((cte) => compileWith(cte, up));
  const body = compileBody(query.body, up);
  const order = query.orderBy.map((one) => compileOrder(one, body));
  const limit = query.limit && compile(query.limit, up);
  const offset = query.offset && compile(query.offset, up);
  const { lock } = query;
  return {
    columns: body.columns,
    rowsOf(env) {
      for (const fill of withs) fill(env);
      let found = body.rowsOf(env);
      if (order.length > 0) found = sorted(found, order);
      if (lock)
        return lockSome(env, found, lock.skipsLocked, body.scope, lock.of, rowLimit(limit, env));
      const from = offset ? Number(offset(env)) : 0;
      const end = rowLimit(limit, env);
      if (from > 0 || end < found.length) found = found.slice(from, from + end);
      return found.map(({ row }) => row);
    },
  };
}

function rowLimit(limit: Value | null, env: Env): number {
  const value = limit?.(env) ?? null;
  return value === null ? Number.POSITIVE_INFINITY : Number(value);
}

/** Takes the locks of the rows found, one after the other, up to so many. */
function lockSome(
  env: Env,
  found: readonly Found[],
  skipsLocked: boolean,
  scope: Scope | null,
  of: readonly string[],
  atMost: number,
): Row[] {
  const taken: Row[] = [];
  const slots = (scope?.sources ?? [])
    .filter((source) => of.length === 0 || of.includes(source.alias))
    .map((source) => source.slot);
  for (const { row, env: at } of found) {
    if (taken.length >= atMost) break;
    const places = slots.flatMap((slot) => placeOf(at.rows[slot] ?? null) ?? []);
    const { tables, tx } = env.run;
    if (skipsLocked && places.some((place) => place.owner !== null && place.owner !== tx)) continue;
    for (const place of places) tables.lock(place, tx);
    taken.push(row);
  }
  return taken;
}

export function placeOf(row: Row | null): Place | null {
  return (row as { [PLACE]?: Place } | null)?.[PLACE] ?? null;
}

export function compileWith(cte: Query['ctes'][number], up: Scope): (env: Env) => void {
  const ready = compileStatement(cte.statement, up);
  const columns = cte.columns.length > 0 ? cte.columns : ready.columns;
  up.compiler.withs.set(cte.name, columns);
  return (env) => {
    const rows = ready.rowsOf(env);
    env.run.withs.set(
      cte.name,
      cte.columns.length > 0 ? rows.map((row) => renamed(row, columns)) : rows,
    );
  };
}

function compileBody(body: Body, up: Scope): ReadyBody {
  if (body.t === 'core') return compileCore(body.core, up);
  if (body.t === 'values') return compileValues(body.rows, up);
  const [a, b] = [compileBody(body.a, up), compileBody(body.b, up)];
  return {
    columns: a.columns,
    scope: null,
    rowsOf(env) {
      const second = b.rowsOf(env).map((one) => ({ ...one, row: renamed(one.row, a.columns) }));
      if (body.t === 'intersect') {
        const inBoth = new Set(second.map(({ row }) => stable(row)));
        const common = a.rowsOf(env).filter(({ row }) => inBoth.has(stable(row)));
        return distinct(common, ({ row }) => stable(row));
      }
      const all = [...a.rowsOf(env), ...second];
      return body.isAll ? all : distinct(all, ({ row }) => stable(row));
    },
  };
}

function compileValues(rows: readonly Expr[][], up: Scope): ReadyBody {
  const values = rows.map((row) => row.map((expr) => compile(defaultless(expr), up)));
  const columns = (rows[0] ?? []).map((_, index) => `column${index + 1}`);
  return {
    columns,
    scope: null,
    rowsOf: (env) =>
      values.map((row) => ({
        env,
        row: Object.fromEntries(columns.map((name, index) => [name, row[index]?.(env) ?? null])),
      })),
  };
}

/** `default` among values stands for the column's own. */
export const DEFAULT = Symbol('default');
function defaultless(expr: Expr): Expr {
  const isDefault = expr.t === 'column' && expr.table === null && expr.name === 'default';
  return isDefault ? { t: 'value', value: DEFAULT } : expr;
}

function distinct<Item>(items: readonly Item[], keyOf: (item: Item) => string): Item[] {
  const seen = new Map<string, Item>();
  for (const item of items) if (!seen.has(keyOf(item))) seen.set(keyOf(item), item);
  return [...seen.values()];
}

/** Lists that are unnested among what is selected become one more source to read from. */
function withoutUnnest(core: Core): Core {
  const isUnnest = ({ expr }: Core['items'][number]) =>
    expr.t === 'call' && expr.call.name === 'unnest';
  const lists = core.items.filter(isUnnest);
  const [first] = lists;
  if (first?.expr.t !== 'call') return core;
  const args = lists.flatMap(({ expr }) => (expr.t === 'call' ? expr.call.args : []));
  const columns = lists.map((_, index) => ({ name: `item${index}`, type: null }));
  const source: Source = {
    t: 'function',
    call: { ...first.expr.call, args },
    alias: 'unnested',
    columns,
  };
  const items = core.items.map((item) =>
    isUnnest(item)
      ? {
          alias: item.alias ?? 'unnest',
          expr: { t: 'column' as const, table: 'unnested', name: `item${lists.indexOf(item)}` },
        }
      : item,
  );
  return { ...core, items, from: [...core.from, source] };
}

function compileCore(given: Core, up: Scope): ReadyBody {
  const core = withoutUnnest(given);
  const scope = scopeWithin(up);
  const sources = compileSources(core.from, scope);
  const where = core.where && compile(core.where, scope);
  const output = compileItems(core.items, scope);
  const isGrouped =
    core.groupBy.length > 0 ||
    core.items.some(({ expr }) => hasAggregate(expr)) ||
    core.having !== null;
  const groupBy = core.groupBy.map((by) => compile(byOutput(by, core), scope));
  const having = core.having && compile(core.having, scope);
  const distinctOn = core.distinctOn.map((by) => compile(by, scope));
  const windows = core.items.flatMap(({ expr }) => windowsIn(expr));
  return {
    columns: output.columns,
    scope,
    rowsOf(env) {
      const { run } = env;
      let envs: Env[] = [];
      for (const rows of sources({ rows: [], up: env, run })) {
        const one: Env = { rows, up: env, run };
        if (!where || where(one) === true) envs.push(one);
      }
      if (isGrouped) envs = grouped(envs, groupBy, env);
      if (having) envs = envs.filter((one) => having(one) === true);
      for (const call of windows) numberRows(call, envs, scope);
      if (distinctOn.length > 0) {
        envs = distinct(envs, (one) => stable(distinctOn.map((by) => by(one))));
      }
      const found = envs.map((one) => ({ env: one, row: output.rowOf(one) }));
      return core.distinct ? distinct(found, ({ row }) => stable(row)) : found;
    },
  };
}

function byOutput(by: Expr, core: Core): Expr {
  if (by.t === 'value' && typeof by.value === 'number') return core.items[by.value - 1]?.expr ?? by;
  if (by.t !== 'column' || by.table !== null) return by;
  return core.items.find(({ alias }) => alias === by.name)?.expr ?? by;
}

function grouped(envs: readonly Env[], by: readonly Value[], up: Env): Env[] {
  if (by.length === 0) {
    return [{ rows: envs[0]?.rows ?? [], up, run: up.run, group: envs }];
  }
  const groups = Map.groupBy(envs, (one) => stable(by.map((value) => value(one))));
  return [...groups.values()].map((group) => ({
    rows: group[0]?.rows ?? [],
    up,
    run: up.run,
    group,
  }));
}

function hasAggregate(expr: Expr): boolean {
  switch (expr.t) {
    case 'call':
      return isAggregate(expr.call) || expr.call.args.some(hasAggregate);
    case 'cast':
    case 'not':
    case 'minus':
    case 'is-null':
      return hasAggregate(expr.of);
    case 'binary':
    case 'distinct':
      return hasAggregate(expr.a) || hasAggregate(expr.b);
    case 'case':
      return expr.whens.some(({ when, gives }) => hasAggregate(when) || hasAggregate(gives));
    default:
      return false;
  }
}
