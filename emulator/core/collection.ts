/** Every kept thing has an id and is never altered in place: a change is a new object. */
export interface Row {
  readonly id: string;
}

/** Why a row changed; hooks use it to leave out what Xero would not report. */
export type Cause = 'act' | 'payment' | 'seed' | 'quiet';

export type ChangeHook<T> = (before: T | undefined, after: T | undefined, cause: Cause) => void;

/** Told of every change, so that it can be kept or taken back. */
export type RecordChange<T extends Row> = (
  collection: Collection<T>,
  id: string,
  before: T | undefined,
  after: T | undefined,
) => void;

interface IndexState<T> {
  readonly keyOf: (row: T) => string | undefined;
  /** One id alone, which is the rule for numbers and names, or a set of them. */
  readonly idsByKey: Map<string, string | Set<string>>;
}

/**
 * An indexed, ordered set of immutable rows. Rows keep the order in which they came; lookups by id
 * and by index cost the same however many there are.
 */
export class Collection<T extends Row> {
  readonly name: string;
  readonly #record: RecordChange<T>;
  readonly #positions = new Map<string, number>();
  readonly #indexes = new Map<string, IndexState<T>>();
  readonly #hooks: ChangeHook<T>[] = [];
  #rows: T[] = [];
  #version = 0;

  constructor(name: string, record: RecordChange<T>) {
    this.name = name;
    this.#record = record;
  }

  get size(): number {
    return this.#rows.length;
  }

  /** Grows with every change, so that something worked out from the rows can tell it is old. */
  get version(): number {
    return this.#version;
  }

  get(id: string): T | undefined {
    const position = this.#positions.get(id);
    return position === undefined ? undefined : this.#rows[position];
  }

  /** The rows in the order of their arrival. Read only: change a row with `put`. */
  all(): readonly T[] {
    return this.#rows;
  }

  /** Adds a row or replaces the one with the same id. */
  put(row: T, cause: Cause = 'act'): void {
    const before = this.#place(row.id, row);
    this.#record(this, row.id, before, row);
    for (const hook of this.#hooks) hook(before, row, cause);
  }

  /** Takes a row away; unknown ids are ignored. */
  remove(id: string, cause: Cause = 'act'): void {
    const before = this.#place(id, undefined);
    if (!before) return;
    this.#record(this, id, before, undefined);
    for (const hook of this.#hooks) hook(before, undefined, cause);
  }

  /** Puts back what stood there before, without hooks or journal: for acts that failed halfway. */
  revert(id: string, before: T | undefined): void {
    this.#place(id, before);
  }

  /** Keeps a lookup by `keyOf`; rows for which it gives nothing are not in it. */
  addIndex(name: string, keyOf: (row: T) => string | undefined): void {
    const index: IndexState<T> = { keyOf, idsByKey: new Map() };
    this.#indexes.set(name, index);
    for (const row of this.#rows) addToIndex(index, row);
  }

  /** All rows whose key in the named index is `key`, in no particular order. */
  find(indexName: string, key: string): T[] {
    const index = this.#indexes.get(indexName);
    if (!index) throw new Error(`${this.name} has no index ${indexName}`);
    const found: T[] = [];
    const ids = index.idsByKey.get(key);
    for (const id of typeof ids === 'string' ? [ids] : (ids ?? [])) {
      const row = this.get(id);
      if (row) found.push(row);
    }
    return found;
  }

  onChange(hook: ChangeHook<T>): void {
    this.#hooks.push(hook);
  }

  /** Replaces everything at once, without hooks or journal: for loading and restoring. */
  load(rows: Iterable<T>): void {
    this.#version++;
    this.#rows = [...rows];
    this.#positions.clear();
    this.#rows.forEach((row, position) => {
      this.#positions.set(row.id, position);
    });
    for (const index of this.#indexes.values()) {
      index.idsByKey.clear();
      for (const row of this.#rows) addToIndex(index, row);
    }
  }

  #place(id: string, row: T | undefined): T | undefined {
    this.#version++;
    const position = this.#positions.get(id);
    const before = position === undefined ? undefined : this.#rows[position];
    if (row && position !== undefined) this.#rows[position] = row;
    else if (row) this.#positions.set(id, this.#rows.push(row) - 1);
    else if (position !== undefined) this.#cut(id, position);
    this.#reindex(before, row);
    return before;
  }

  #cut(id: string, position: number): void {
    this.#rows.splice(position, 1);
    this.#positions.delete(id);
    for (let i = position; i < this.#rows.length; i++) {
      const row = this.#rows[i];
      if (row) this.#positions.set(row.id, i);
    }
  }

  #reindex(before: T | undefined, after: T | undefined): void {
    for (const index of this.#indexes.values()) {
      const keyBefore = before && index.keyOf(before);
      const keyAfter = after && index.keyOf(after);
      if (keyBefore === keyAfter) continue;
      if (before && keyBefore !== undefined) {
        dropFromIndex(index, keyBefore, before.id);
      }
      if (after) addToIndex(index, after);
    }
  }
}

function addToIndex<T extends Row>(index: IndexState<T>, row: T): void {
  const key = index.keyOf(row);
  if (key === undefined) return;
  const ids = index.idsByKey.get(key);
  if (ids === undefined) index.idsByKey.set(key, row.id);
  else if (typeof ids === 'string') index.idsByKey.set(key, new Set([ids, row.id]));
  else ids.add(row.id);
}

function dropFromIndex<T extends Row>(index: IndexState<T>, key: string, id: string): void {
  const ids = index.idsByKey.get(key);
  if (typeof ids === 'string') index.idsByKey.delete(key);
  else if (ids?.delete(id) && ids.size === 0) index.idsByKey.delete(key);
}
