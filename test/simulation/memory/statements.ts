import type { Env, Scope } from './environment.ts';
import { compile } from './expressions.ts';
import { compileItems } from './items.ts';
import { compileQuery, compileWith, DEFAULT, placeOf, type Ready } from './queries.ts';
import { compileSources, scopeWithin, tableOf } from './sources.ts';
import type { SetItem, Statement } from './syntax.ts';
import type { Place, Row, Table } from './tables.ts';
import { coerce } from './values.ts';

/** A statement made ready; `changed` counts the rows that it wrote. */
export interface ReadyStatement extends Ready {
  rowsOf(up: Env): Row[];
}

type Of<T extends Statement['t']> = Extract<Statement, { t: T }>;

export function compileStatement(statement: Statement, up: Scope): ReadyStatement {
  if (statement.t === 'select') return compileQuery(statement.query, up);
  const withs = statement.ctes.map((cte) => compileWith(cte, up));
  const ready = compileWrite(statement, up);
  return {
    columns: ready.columns,
    rowsOf(env) {
      for (const fill of withs) fill(env);
      return ready.rowsOf(env);
    },
  };
}

function compileWrite(statement: Exclude<Statement, { t: 'select' }>, up: Scope): Ready {
  switch (statement.t) {
    case 'insert':
      return compileInsert(statement, up);
    case 'update':
      return compileUpdate(statement, up);
    case 'delete':
      return compileDelete(statement, up);
  }
}

/** Sets columns from the rows at hand; values of sub-queries may fill several. */
function compileSet(set: readonly SetItem[], table: Table, scope: Scope) {
  const parts = set.map(({ columns, value }) => {
    const types = columns.map((name) => columnOf(table, name).type);
    const [only] = columns;
    if (columns.length === 1 && only) {
      const made = compile(value, scope);
      return (env: Env, row: Row) => {
        row[only] = coerce(made(env), types[0] ?? '');
      };
    }
    const read = compileMany(value, columns.length, scope);
    return (env: Env, row: Row) => {
      const values = read(env);
      columns.forEach((name, index) => {
        row[name] = coerce(values[index] ?? null, types[index] ?? '');
      });
    };
  });
  return (env: Env, before: Row): Row => {
    const row = { ...before };
    for (const part of parts) part(env, row);
    return row;
  };
}

function compileMany(
  value: SetItem['value'],
  count: number,
  scope: Scope,
): (env: Env) => unknown[] {
  if (value.t === 'query') {
    const { rowsOf, columns } = compileQuery(value.query, scope);
    return (env) => {
      const [row] = rowsOf(env);
      return columns.slice(0, count).map((name) => row?.[name] ?? null);
    };
  }
  const row = compile(value, scope);
  return (env) => row(env) as unknown[];
}

export function columnOf(table: Table, name: string) {
  const column = table.columns.get(name);
  if (!column) throw new Error(`${table.name} has no column ${name}`);
  return column;
}

function compileInsert(statement: Of<'insert'>, up: Scope): Ready {
  const { compiler } = up;
  const table = tableOf(compiler, statement.table);
  const columns = statement.columns.length > 0 ? statement.columns : [...table.columns.keys()];
  const types = columns.map((name) => columnOf(table, name).type);
  const source = statement.source && compileQuery(statement.source, up);
  const scope = ownScope(table, statement.alias, up);
  const { conflict } = statement;
  const excluded = scopeWithin(up);
  excluded.sources.push(...scope.sources, {
    alias: 'excluded',
    columns: [...table.columns.keys()],
    slot: 1,
  });
  const set = conflict?.set ? compileSet(conflict.set, table, excluded) : null;
  const where = conflict?.where ? compile(conflict.where, excluded) : null;
  const output = compileItems(statement.returning, scope);
  const arbiters = conflict
    ? table.uniques.filter((unique) => {
        if (conflict.constraint) return unique.name === conflict.constraint;
        if (conflict.target.length === 0) return true;
        return (
          unique.columns.length === conflict.target.length &&
          unique.columns.every((name) => conflict.target.includes(name))
        );
      })
    : [];
  if (conflict && arbiters.length === 0)
    throw new Error(`No key of ${table.name} to conflict with`);

  function insertOne(env: Env, given: Row): Row | null {
    const { tables, tx } = env.run;
    const row = tables.complete(table, given);
    if (conflict) {
      const other = tables.conflicting(table, row, arbiters, tx);
      if (other) {
        if (!set) return null;
        tables.lock(other, tx);
        const before = other.pending as Row;
        const at: Env = { rows: [before, row], up: env, run: env.run };
        if (where && where(at) !== true) return null;
        return tables.write(other, set(at, before), tx);
      }
    }
    return tables.insert(table, row, tx);
  }

  return {
    columns: output.columns,
    rowsOf(env) {
      const given = source ? source.rowsOf(env) : [{}];
      const names = source?.columns ?? [];
      return given.flatMap((values) => {
        const row: Row = {};
        columns.forEach((name, index) => {
          const value = (values as Row)[names[index] ?? ''];
          if (value !== DEFAULT && value !== undefined)
            row[name] = coerce(value, types[index] ?? '');
        });
        const after = insertOne(env, row);
        return after ? [output.rowOf({ rows: [after], up: env, run: env.run })] : [];
      });
    },
  };
}

function ownScope(table: Table, alias: string, up: Scope): Scope {
  const scope = scopeWithin(up);
  scope.sources.push({ alias, columns: [...table.columns.keys()], slot: 0 });
  return scope;
}

/** Finds the rows that an update or a delete is about, each once, and takes their locks. */
function targetsOf(
  table: Table,
  sources: (env: Env) => (Row | null)[][],
  where: ((env: Env) => unknown) | null,
  hasMore: boolean,
) {
  return (up: Env): { place: Place; env: Env }[] => {
    const { tables, tx } = up.run;
    const found = new Map<Place, Env>();
    for (const row of tables.scan(table, tx)) {
      if (!hasMore) {
        const env: Env = { rows: [row], up, run: up.run };
        const place = placeOf(row);
        if (place && (!where || where(env) === true)) found.set(place, env);
        continue;
      }
      for (const rows of sources({ rows: [row], up, run: up.run })) {
        const env: Env = { rows, up, run: up.run };
        if (where && where(env) !== true) continue;
        const place = placeOf(row);
        if (place && !found.has(place)) found.set(place, env);
      }
    }
    for (const place of found.keys()) tables.lock(place, tx);
    return [...found].map(([place, env]) => ({ place, env }));
  };
}

function compileUpdate(statement: Of<'update'>, up: Scope): Ready {
  const table = tableOf(up.compiler, statement.table);
  const scope = ownScope(table, statement.alias, up);
  const sources = compileSources(statement.from, scope);
  const where = statement.where && compile(statement.where, scope);
  const set = compileSet(statement.set, table, scope);
  const output = compileItems(statement.returning, scope);
  const targets = targetsOf(table, sources, where, statement.from.length > 0);
  return {
    columns: output.columns,
    rowsOf(up) {
      const { tables, tx } = up.run;
      const wanted = targets(up).map(({ place, env }) => ({
        place,
        env,
        row: set(env, place.pending as Row),
      }));
      return wanted.map(({ place, env, row }) => {
        const after = tables.write(place, row, tx);
        return output.rowOf({ ...env, rows: [after, ...env.rows.slice(1)] });
      });
    },
  };
}

function compileDelete(statement: Of<'delete'>, up: Scope): Ready {
  const table = tableOf(up.compiler, statement.table);
  const scope = ownScope(table, statement.alias, up);
  const sources = compileSources(statement.using, scope);
  const where = statement.where && compile(statement.where, scope);
  const output = compileItems(statement.returning, scope);
  const targets = targetsOf(table, sources, where, statement.using.length > 0);
  return {
    columns: output.columns,
    rowsOf(up) {
      const { tables, tx } = up.run;
      return targets(up).map(({ place, env }) => {
        const row = output.rowOf(env);
        tables.remove(place, tx);
        return row;
      });
    },
  };
}
