import { Collection, type Row } from './collection.ts';
import { type Change, Journal } from './journal.ts';

/** A frozen picture of every collection; rows are immutable, so it costs only the lists. */
export type Snapshot = ReadonlyMap<string, readonly Row[]>;

/**
 * All collections by name, and the journal under them. Acts are synchronous; `commit` writes what
 * an act changed as one line, and is called before the answer leaves.
 */
export class Store {
  readonly #collections = new Map<string, Collection<Row>>();
  #journal: Journal | undefined;
  #pending: Change[] = [];
  #undo: (() => void)[] | undefined;

  /** The collection of that name, made when it is first asked for. */
  collection<T extends Row>(name: string): Collection<T> {
    let found = this.#collections.get(name);
    if (!found) {
      found = new Collection<Row>(name, (collection, id, before, after) => {
        this.#undo?.push(() => collection.revert(id, before));
        if (this.#journal) this.#pending.push([collection.name, id, after ?? null]);
      });
      this.#collections.set(name, found);
    }
    // The caller names the type once, in the room that owns the collection.
    return found as unknown as Collection<T>;
  }

  /** Loads what `dataDir` holds, rewrites it compactly and keeps every later act there. */
  open(dataDir: string): { isEmpty: boolean } {
    const journal = new Journal(dataDir);
    const rows = new Map<string, Map<string, Row>>();
    journal.read(([collection, id, row]) => {
      const byId = rows.get(collection) ?? new Map<string, Row>();
      rows.set(collection, byId);
      if (row === null) byId.delete(id);
      else byId.set(id, row as Row);
    });
    for (const [name, byId] of rows) this.collection(name).load(byId.values());
    journal.rewrite(this.#changes());
    this.#journal = journal;
    return { isEmpty: rows.size === 0 };
  }

  /**
   * Runs an act that happens whole or not at all: when it throws, every change it made is taken
   * back and the error goes on. Acts may lie inside each other.
   */
  transaction<T>(act: () => T): T {
    const isOutermost = this.#undo === undefined;
    const undo = this.#undo ?? [];
    this.#undo = undo;
    const undoMark = undo.length;
    const pendingMark = this.#pending.length;
    try {
      return act();
    } catch (error) {
      while (undo.length > undoMark) undo.pop()?.();
      this.#pending.length = pendingMark;
      throw error;
    } finally {
      if (isOutermost) this.#undo = undefined;
    }
  }

  /** Writes what changed since the last commit. Without a data folder there is nothing to do. */
  commit(): void {
    if (!this.#journal || this.#pending.length === 0) return;
    const changes = this.#pending;
    this.#pending = [];
    this.#journal.append(changes);
  }

  snapshot(): Snapshot {
    return new Map([...this.#collections].map(([name, rows]) => [name, [...rows.all()]]));
  }

  /** Puts every collection back to the picture; those that it does not know become empty. */
  restore(snapshot: Snapshot): void {
    for (const [name, collection] of this.#collections) collection.load(snapshot.get(name) ?? []);
    for (const [name, rows] of snapshot) {
      if (!this.#collections.has(name)) this.collection(name).load(rows);
    }
    this.#pending = [];
    this.#journal?.rewrite(this.#changes());
  }

  close(): void {
    this.commit();
    this.#journal?.close();
  }

  *#changes(): Generator<Change> {
    for (const [name, collection] of this.#collections) {
      for (const row of collection.all()) yield [name, row.id, row];
    }
  }
}
