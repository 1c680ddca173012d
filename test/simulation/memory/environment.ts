import type { Row, Table, Transaction } from './tables.ts';
import type { MemoryTables } from './transactions.ts';

/** One run of a statement. */
export interface Run {
  readonly tables: MemoryTables;
  readonly tx: Transaction;
  readonly parameters: readonly unknown[];
  /** Rows of `with` queries, by name. */
  readonly withs: Map<string, Row[]>;
}

/** The rows that an expression looks at, innermost first. */
export interface Env {
  readonly rows: (Row | null)[];
  readonly up: Env | null;
  readonly run: Run;
  /** The rows of a group, where an aggregate is worked out. */
  group?: readonly Env[];
  /** The number of a row within its window. */
  windows?: Map<object, unknown>;
}

export type Value = (env: Env) => unknown;

/** What names mean at a place in a statement. */
export interface Scope {
  readonly sources: Known[];
  readonly up: Scope | null;
  readonly compiler: Compiler;
}

export interface Known {
  alias: string;
  columns: readonly string[];
  slot: number;
}

/** What is known of names while a statement is compiled. */
export interface Compiler {
  readonly tables: ReadonlyMap<string, Table>;
  /** Columns of `with` queries, by name. */
  readonly withs: Map<string, readonly string[]>;
}
