import type { Compiler, Env, Known, Scope } from './environment.ts';
import { compile } from './expressions.ts';
import { rowsOfFunction } from './functions.ts';
import { compileQuery } from './queries.ts';
import type { Source } from './syntax.ts';
import type { Row, Table } from './tables.ts';

/** Compiles what a statement reads from: each source has a slot of its own. */
export function compileSources(
  sources: readonly Source[],
  scope: Scope,
): (env: Env) => (Row | null)[][] {
  const steps = sources.map((source) => compileSource(source, scope));
  const [only] = steps;
  if (only && steps.length === 1) return only;
  return (env) => {
    let found: (Row | null)[][] = [env.rows];
    for (const step of steps) found = found.flatMap((rows) => step({ ...env, rows }));
    return found;
  };
}

type Step = (env: Env) => (Row | null)[][];

function compileSource(source: Source, scope: Scope): Step {
  if (source.t === 'join') return compileJoin(source, scope);
  const known: Known = { alias: source.alias, columns: [], slot: scope.sources.length };
  const rowsOf = rowsOfSource(source, scope, known);
  scope.sources.push(known);
  const { slot } = known;
  if (slot === 0) return (env) => rowsOf(env).map((row) => [row]);
  return (env) =>
    rowsOf(env).map((row) => {
      const rows = env.rows.slice();
      rows[slot] = row;
      return rows;
    });
}

function rowsOfSource(
  source: Exclude<Source, { t: 'join' }>,
  scope: Scope,
  known: Known,
): (env: Env) => Row[] {
  if (source.t === 'query') {
    const ready = compileQuery(source.query, scopeWithin(scope));
    known.columns = source.columns.length > 0 ? source.columns : ready.columns;
    const rename = source.columns.length > 0;
    return (env) => {
      const rows = ready.rowsOf({ rows: [], up: env, run: env.run });
      return rename ? rows.map((row) => renamed(row, source.columns)) : rows;
    };
  }
  if (source.t === 'function') return rowsOfFunction(source, scope, known);
  const named = scope.compiler.withs.get(source.name);
  if (named) {
    known.columns = named;
    return (env) => env.run.withs.get(source.name) ?? [];
  }
  const table = tableOf(scope.compiler, source.name);
  known.columns = [...table.columns.keys()];
  return (env) => env.run.tables.scan(table, env.run.tx);
}

export function tableOf(compiler: Compiler, name: string): Table {
  const table = compiler.tables.get(name);
  if (!table) throw new Error(`No table ${name} is known`);
  return table;
}

/** A scope below this one, for what is written in parentheses. */
export function scopeWithin(up: Scope): Scope {
  return { sources: [], up, compiler: up.compiler };
}

function compileJoin(source: Extract<Source, { t: 'join' }>, scope: Scope): Step {
  const left = compileSource(source.left, scope);
  const before = scope.sources.length;
  const right = compileSource(source.right, scope);
  const slots = scope.sources.slice(before).map(({ slot }) => slot);
  const on = source.on && compile(source.on, scope);
  const using = source.using.map((name) => {
    const [a, b] = [scope.sources.slice(0, before), scope.sources.slice(before)].map((side) =>
      side.find((one) => one.columns.includes(name)),
    );
    return { name, a: a?.slot ?? 0, b: b?.slot ?? 0 };
  });
  return (env) =>
    left(env).flatMap((rows) => {
      const matched = right({ ...env, rows }).filter((both) => {
        const isAlike = using.every(({ name, a, b }) => both[a]?.[name] === both[b]?.[name]);
        return isAlike && (!on || on({ ...env, rows: both }) === true);
      });
      if (matched.length > 0 || source.how !== 'left') return matched;
      const alone = rows.slice();
      for (const slot of slots) alone[slot] = null;
      return [alone];
    });
}

export function renamed(row: Row, columns: readonly string[]): Row {
  const values = Object.values(row);
  return Object.fromEntries(columns.map((name, index) => [name, values[index] ?? null]));
}
