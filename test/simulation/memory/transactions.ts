import pg from 'pg';
import type { Env, Run, Value } from './environment.ts';
import { compile } from './expressions.ts';
import {
  PLACE,
  type Place,
  type Row,
  seen,
  type Table,
  type Transaction,
  type Unique,
} from './tables.ts';
import { coerce, same } from './values.ts';

/** Thrown within a statement that has to wait for another transaction's end and begin anew. */
export class MustWait extends Error {
  readonly holder: Transaction;

  constructor(holder: Transaction) {
    super('waits for a row');
    this.holder = holder;
  }
}

/** As PostgreSQL's driver tells of a failure. */
export function failure(code: string, message: string, constraint?: string): pg.DatabaseError {
  const error = new pg.DatabaseError(message, message.length, 'error');
  error.code = code;
  if (constraint) error.constraint = constraint;
  return error;
}

/** Every row of every table, as it was at one moment. */
export type Picture = ReadonlyMap<string, { rows: readonly Row[]; lastIdentity: bigint }>;

/**
 * The tables, shared by all transactions under the rules of read committed: a statement sees what
 * was committed before it and what its own transaction wrote; who writes a row holds it until the
 * end, and others who want it wait.
 */
export class MemoryTables {
  readonly tables: ReadonlyMap<string, Table>;
  readonly #rules = new Map<Table, { name: string; holds: Value }[]>();
  readonly #computed = new Map<Table, { name: string; value: Value }[]>();
  readonly #keys = new Map<Unique, { keys: Value[]; where: Value | null }>();
  #number = 0;

  constructor(tables: ReadonlyMap<string, Table>) {
    this.tables = tables;
    for (const table of tables.values()) this.#prepare(table);
  }

  #prepare(table: Table): void {
    const compiler = { tables: this.tables, withs: new Map() };
    const columns = [...table.columns.keys()];
    const scope = { sources: [{ alias: table.name, columns, slot: 0 }], up: null, compiler };
    this.#rules.set(
      table,
      table.checks.map(({ name, expr }) => ({ name, holds: compile(expr, scope) })),
    );
    const computed = [...table.columns.values()].flatMap((column) =>
      column.computed ? { name: column.name, value: compile(column.computed, scope) } : [],
    );
    this.#computed.set(table, computed);
    for (const unique of table.uniques) {
      this.#keys.set(unique, {
        keys: unique.keys.map((key) => compile(key, scope)),
        where: unique.where && compile(unique.where, scope),
      });
    }
  }

  begin(owner: string): Transaction {
    this.#number += 1;
    return {
      number: this.#number,
      owner,
      role: 'app',
      provider: null,
      touched: new Set(),
      journal: [],
      waitsFor: null,
      onEnd: [],
      isOver: false,
    };
  }

  end(tx: Transaction, how: 'commit' | 'rollback'): void {
    if (tx.isOver) return;
    tx.isOver = true;
    for (const place of tx.touched) {
      if (how === 'commit') place.committed = place.pending;
      place.pending = null;
      place.owner = null;
      if (place.committed === null) place.table.places.delete(place);
    }
    tx.touched.clear();
    for (const tell of tx.onEnd) tell();
  }

  /** Takes back what the present statement has done so far. */
  undoStatement(tx: Transaction): void {
    for (const { place, before, wasOwned } of tx.journal.reverse()) {
      place.pending = before;
      if (wasOwned) continue;
      place.owner = null;
      tx.touched.delete(place);
      if (place.committed === null) place.table.places.delete(place);
    }
    tx.journal = [];
  }

  scan(table: Table, tx: Transaction): Row[] {
    const rows: Row[] = [];
    const isWalled = table.hasWall && tx.role === 'app';
    for (const place of table.places) {
      const row = seen(place, tx);
      if (row !== null && (!isWalled || row.provider_id === tx.provider)) rows.push(row);
    }
    return rows;
  }

  /** @throws MustWait when another transaction holds the row */
  lock(place: Place, tx: Transaction): void {
    if (place.owner === tx) return;
    if (place.owner !== null) throw new MustWait(place.owner);
    tx.journal.push({ place, before: null, wasOwned: false });
    place.owner = tx;
    place.pending = place.committed;
    tx.touched.add(place);
  }

  /** A new row with all its columns. */
  complete(table: Table, given: Row): Row {
    const row: Row = {};
    for (const column of table.columns.values()) {
      const { name } = column;
      const value = given[name];
      if (value !== undefined) row[name] = value;
      else if (column.isIdentity) {
        table.lastIdentity += 1n;
        row[name] = table.lastIdentity;
      } else row[name] = column.fallback && coerce(this.#fallback(column.fallback), column.type);
    }
    return row;
  }

  readonly #fallbacks = new Map<object, Value>();
  #fallback(expr: Parameters<typeof compile>[0]): unknown {
    let value = this.#fallbacks.get(expr);
    if (!value) {
      const compiler = { tables: this.tables, withs: new Map() };
      value = compile(expr, { sources: [], up: null, compiler });
      this.#fallbacks.set(expr, value);
    }
    return value({ rows: [], up: null, run: {} as Run });
  }

  insert(table: Table, row: Row, tx: Transaction): Row {
    const place: Place = { committed: null, pending: null, owner: tx, table };
    const whole = this.#checked(table, row, tx);
    this.#refuseDoubles(table, whole, null, tx);
    tx.journal.push({ place, before: null, wasOwned: false });
    place.pending = whole;
    (whole as { [PLACE]?: Place })[PLACE] = place;
    table.places.add(place);
    tx.touched.add(place);
    return whole;
  }

  /** Puts a new version in the place of a row that this transaction holds. */
  write(place: Place, row: Row, tx: Transaction): Row {
    const whole = this.#checked(place.table, row, tx);
    this.#refuseDoubles(place.table, whole, place, tx);
    tx.journal.push({ place, before: place.pending, wasOwned: true });
    (whole as { [PLACE]?: Place })[PLACE] = place;
    place.pending = whole;
    return whole;
  }

  remove(place: Place, tx: Transaction): void {
    const row = place.pending;
    if (row === null) return;
    tx.journal.push({ place, before: row, wasOwned: true });
    place.pending = null;
    for (const { from, columns, references, columnsOf } of place.table.cascades) {
      for (const other of [...from.places]) {
        const version = seen(other, tx);
        const isOf =
          version !== null &&
          columns.every((name, index) => version[name] === row[references[index] ?? '']);
        if (!isOf) continue;
        this.lock(other, tx);
        if (columnsOf === 'delete') this.remove(other, tx);
        else
          this.write(
            other,
            { ...version, ...Object.fromEntries(columns.map((name) => [name, null])) },
            tx,
          );
      }
    }
  }

  #checked(table: Table, given: Row, tx: Transaction): Row {
    const row = given;
    const env: Env = { rows: [row], up: null, run: {} as Run };
    for (const { name, value } of this.#computed.get(table) ?? []) row[name] = value(env);
    for (const column of table.columns.values()) {
      if (column.isRequired && row[column.name] === null) {
        throw failure('23502', `${table.name}.${column.name} is missing`);
      }
    }
    if (table.hasWall && tx.role === 'app' && row.provider_id !== tx.provider) {
      throw failure('42501', `a row of ${table.name} for another provider`);
    }
    for (const { name, holds } of this.#rules.get(table) ?? []) {
      if (holds(env) === false) throw failure('23514', `${table.name} breaks ${name}`, name);
    }
    return row;
  }

  #refuseDoubles(table: Table, row: Row, own: Place | null, tx: Transaction): void {
    for (const unique of table.uniques) {
      if (own?.pending && this.#hasSameKey(unique, own.pending, row)) continue;
      const other = this.#alike(table, row, unique, tx, own);
      if (other)
        throw failure('23505', `${table.name} has such a row: ${unique.name}`, unique.name);
    }
  }

  /** A row with one of the same keys. @throws MustWait when another transaction is about it */
  conflicting(table: Table, row: Row, uniques: readonly Unique[], tx: Transaction): Place | null {
    for (const unique of uniques) {
      const other = this.#alike(table, row, unique, tx, null);
      if (other) return other;
    }
    return null;
  }

  #alike(table: Table, row: Row, unique: Unique, tx: Transaction, own: Place | null): Place | null {
    const key = this.#keyOf(unique, row);
    if (!key) return null;
    for (const place of table.places) {
      if (place === own) continue;
      const mine = place.owner === tx ? place.pending : null;
      if (place.owner === tx) {
        if (mine && this.#hasKey(unique, mine, key)) return place;
        continue;
      }
      const isCommitted = place.committed !== null && this.#hasKey(unique, place.committed, key);
      const isPending = place.pending !== null && this.#hasKey(unique, place.pending, key);
      if (place.owner !== null && (isPending || isCommitted)) throw new MustWait(place.owner);
      if (isCommitted) return place;
    }
    return null;
  }

  #keyOf(unique: Unique, row: Row): unknown[] | null {
    const compiled = this.#keys.get(unique);
    const env: Env = { rows: [row], up: null, run: {} as Run };
    if (!compiled || (compiled.where && compiled.where(env) !== true)) return null;
    const key: unknown[] = [];
    for (const part of compiled.keys) {
      const value = part(env);
      if (value === null) return null;
      key.push(value);
    }
    return key;
  }

  /** Whether plain columns make a key that did not change. */
  #hasSameKey({ columns, keys, where }: Unique, before: Row, after: Row): boolean {
    const isPlain = where === null && columns.length === keys.length;
    return isPlain && columns.every((name) => before[name] === after[name]);
  }

  #hasKey(unique: Unique, row: Row, key: readonly unknown[]): boolean {
    // Most rows differ in a plain column.
    for (const [index, name] of unique.columns.entries()) {
      if (unique.columns.length !== unique.keys.length) break;
      const value = row[name];
      if (value === null || !same(value, key[index])) return false;
    }
    return this.#keyOf(unique, row)?.every((value, index) => same(value, key[index])) ?? false;
  }

  picture(): Picture {
    return new Map(
      [...this.tables.values()].map((table) => {
        const rows = [...table.places].flatMap(({ committed }) => (committed ? [committed] : []));
        return [table.name, { rows, lastIdentity: table.lastIdentity }];
      }),
    );
  }

  restore(picture: Picture): void {
    this.#number = 0;
    for (const table of this.tables.values()) {
      const { rows, lastIdentity } = picture.get(table.name) ?? { rows: [], lastIdentity: 0n };
      table.lastIdentity = lastIdentity;
      table.places = new Set(
        rows.map((row) => {
          const place: Place = { committed: row, pending: null, owner: null, table };
          (row as { [PLACE]?: Place })[PLACE] = place;
          return place;
        }),
      );
    }
  }
}
