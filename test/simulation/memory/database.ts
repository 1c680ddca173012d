import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
} from 'kysely';
import type { Database } from '#platform/database';
import type { Schema } from '#platform/schema';
import type { Compiler, Run } from './environment.ts';
import { parseSql } from './parse-statement.ts';
import { compileStatement, type ReadyStatement } from './statements.ts';
import type { Transaction } from './tables.ts';
import { failure, type MemoryTables, MustWait } from './transactions.ts';

/** What a node's statements pass on their way: where others go on, or where it dies. */
export interface Gate {
  /** Resolves when the statement may be carried out; never, when its node is dead. */
  pass(what: string): Promise<void>;
  /** Resolves when that transaction has ended. */
  wait(until: Promise<void>): Promise<void>;
  /** Never resolves: the node died between leave to go on and going on. @throws Error when it lives */
  gone(): Promise<never>;
  begun(tx: Transaction): void;
  /** Called right before it ends, while both versions of what it wrote are there. */
  ending(tx: Transaction, how: 'commit' | 'rollback'): void;
}

/** Nobody else goes on, nothing dies. */
export const openGate: Gate = {
  pass: async () => undefined,
  wait: (until) => until,
  gone: () => new Promise<never>(() => undefined),
  begun: () => undefined,
  ending: () => undefined,
};

const ready = new Map<string, ReadyStatement>();

function statementOf(sql: string, tables: MemoryTables): ReadyStatement {
  const known = ready.get(sql);
  if (known) return known;
  const compiler: Compiler = { tables: tables.tables, withs: new Map() };
  const statement = compileStatement(parseSql(sql), { sources: [], up: null, compiler });
  ready.set(sql, statement);
  return statement;
}

class Connection implements DatabaseConnection {
  readonly #tables: MemoryTables;
  readonly #gate: Gate;
  readonly #owner: string;
  tx: Transaction | null = null;

  constructor(tables: MemoryTables, owner: string, gate: Gate) {
    this.#tables = tables;
    this.#owner = owner;
    this.#gate = gate;
  }

  async begin(): Promise<void> {
    await this.#gate.pass('begin');
    this.tx = this.#tables.begin(this.#owner);
    this.#gate.begun(this.tx);
  }

  async end(how: 'commit' | 'rollback'): Promise<void> {
    const { tx } = this;
    if (!tx) return;
    await this.#gate.pass(how);
    this.#gate.ending(tx, how);
    this.#tables.end(tx, how);
    this.tx = null;
  }

  async executeQuery<Row>({ sql, parameters }: CompiledQuery): Promise<QueryResult<Row>> {
    const { tx } = this;
    if (!tx) throw new Error(`Outside a transaction: ${sql}`);
    if (sql === 'set local role bursar_system') {
      tx.role = 'system';
      return { rows: [] };
    }
    if (sql.startsWith("select set_config('bursar.provider'")) {
      tx.provider = String(parameters[0]);
      return { rows: [] };
    }
    // How PostgreSQL is to go about it is all one here.
    if (sql.startsWith('set local enable_')) return { rows: [] };
    await this.#gate.pass('statement');
    const statement = statementOf(sql, this.#tables);
    for (;;) {
      if (tx.isOver) await this.#gate.gone();
      tx.journal = [];
      try {
        const run: Run = { tables: this.#tables, tx, parameters, withs: new Map() };
        const rows = statement.rowsOf({ rows: [], up: null, run }) as Row[];
        return { rows, numAffectedRows: BigInt(tx.journal.length) };
      } catch (error) {
        this.#tables.undoStatement(tx);
        if (!(error instanceof MustWait)) throw withSql(error, sql);
        await this.#waitFor(tx, error.holder);
      }
    }
  }

  async #waitFor(tx: Transaction, holder: Transaction): Promise<void> {
    for (let at: Transaction | null = holder; at; at = at.waitsFor) {
      if (at === tx) throw failure('40P01', 'deadlock detected');
    }
    tx.waitsFor = holder;
    try {
      await this.#gate.wait(new Promise((resolve) => holder.onEnd.push(resolve)));
    } finally {
      tx.waitsFor = null;
    }
  }

  streamQuery(): AsyncIterableIterator<never> {
    throw new Error('Nothing is streamed here');
  }
}

function withSql(error: unknown, sql: string): unknown {
  if (error instanceof Error && !('code' in error)) error.message += `\nin: ${sql}`;
  return error;
}

function dialectOf(connect: () => Connection): Dialect {
  const driver: Driver = {
    init: async () => undefined,
    acquireConnection: async () => connect(),
    beginTransaction: (connection) => (connection as Connection).begin(),
    commitTransaction: (connection) => (connection as Connection).end('commit'),
    rollbackTransaction: (connection) => (connection as Connection).end('rollback'),
    releaseConnection: async () => undefined,
    destroy: async () => undefined,
  };
  return {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => driver,
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  };
}

const asSystemQuery = CompiledQuery.raw('set local role bursar_system');

/** The product's way to its tables, on tables in memory. `owner` names the node that works. */
export function openMemory(tables: MemoryTables, owner: string, gate: Gate): Database {
  const kysely = new Kysely<Schema>({
    dialect: dialectOf(() => new Connection(tables, owner, gate)),
  });
  const asProvider: Database['asProvider'] = (providerId, work) =>
    kysely.transaction().execute(async (tx) => {
      await tx.executeQuery(
        CompiledQuery.raw("select set_config('bursar.provider', $1, true)", [providerId]),
      );
      return work(tx);
    });
  return {
    asProvider,
    // Rows of one moment are not told apart here: each statement sees what is committed.
    asReader: asProvider,
    asOfOneMoment: asProvider,
    asSystem: (work) =>
      kysely.transaction().execute(async (tx) => {
        await tx.executeQuery(asSystemQuery);
        return work(tx);
      }),
    connect: () => Promise.reject(new Error('No connection of its own is given out here')),
    close: () => kysely.destroy(),
  };
}
