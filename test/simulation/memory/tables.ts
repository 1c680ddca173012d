import { parseExpr, parseType } from './parse-expression.ts';
import type { Expr } from './syntax.ts';
import { Reader } from './tokens.ts';

export type Row = Record<string, unknown>;

/** Where a row's versions are kept; every version knows its own. */
export const PLACE = Symbol('place');

/** One row: as committed, and as the transaction that holds it has it. */
export interface Place {
  committed: Row | null;
  pending: Row | null;
  owner: Transaction | null;
  table: Table;
}

export interface Transaction {
  readonly number: number;
  readonly owner: string;
  role: 'app' | 'system';
  provider: string | null;
  readonly touched: Set<Place>;
  /** What this statement changed, to be taken back when it has to wait and begin anew. */
  journal: { place: Place; before: Row | null; wasOwned: boolean }[];
  waitsFor: Transaction | null;
  /** Called when it ends. */
  readonly onEnd: (() => void)[];
  isOver: boolean;
}

export interface Column {
  name: string;
  type: string;
  isRequired: boolean;
  fallback: Expr | null;
  isIdentity: boolean;
  /** Made of the other columns. */
  computed: Expr | null;
}

export interface Unique {
  name: string;
  keys: Expr[];
  columns: string[];
  where: Expr | null;
}

export interface Table {
  name: string;
  columns: Map<string, Column>;
  uniques: Unique[];
  checks: { name: string; expr: Expr }[];
  /** Rows here that go or change when a row of another table goes. */
  cascades: {
    from: Table;
    columns: string[];
    references: string[];
    columnsOf: 'delete' | 'null';
  }[];
  hasWall: boolean;
  places: Set<Place>;
  lastIdentity: bigint;
}

/** Reads the tables, their keys and their rules from the schema as `npm run schema` writes it. */
export function readTables(schema: string): Map<string, Table> {
  const tables = new Map<string, Table>();
  const foreign: { table: Table; line: string }[] = [];
  for (const [, name, body] of schema.matchAll(
    /^create table (?:public|auth)\."?([^\s"]+)"? \(\n([\s\S]*?)\n\);/gm,
  )) {
    const table = emptyTable(name ?? '');
    tables.set(table.name, table);
    for (const line of (body ?? '').split('\n')) {
      const text = line.trim().replace(/,$/, '');
      if (!text.startsWith('constraint ')) addColumn(table, text);
      else if (/ FOREIGN KEY /.test(text)) foreign.push({ table, line: text });
      else addConstraint(table, text);
    }
  }
  for (const [, name, of, rest] of schema.matchAll(
    /^CREATE UNIQUE INDEX (\S+) ON public\.(\S+) USING btree (.*);$/gm,
  )) {
    const table = tables.get(of ?? '');
    if (table) table.uniques.push(uniqueOf(name ?? '', rest ?? ''));
  }
  for (const [, of] of schema.matchAll(/^create policy provider_wall on public\.(\S+) /gm)) {
    const table = tables.get(of ?? '');
    if (table) table.hasWall = true;
  }
  for (const { table, line } of foreign) addForeign(tables, table, line);
  return tables;
}

function emptyTable(name: string): Table {
  return {
    name,
    columns: new Map(),
    uniques: [],
    checks: [],
    cascades: [],
    hasWall: false,
    places: new Set(),
    lastIdentity: 0n,
  };
}

function addColumn(table: Table, text: string): void {
  const reader = new Reader(text);
  const name = reader.name();
  const column: Column = {
    name,
    type: parseType(reader),
    isRequired: false,
    fallback: null,
    isIdentity: false,
    computed: null,
  };
  while (reader.next.kind !== 'end') {
    if (reader.accept('default')) column.fallback = parseExpr(reader);
    else if (reader.accept('not', 'null')) column.isRequired = true;
    else if (reader.accept('generated', 'always', 'as')) {
      column.isIdentity = reader.accept('identity');
      if (!column.isIdentity) column.computed = parseExpr(reader);
      reader.accept('stored');
    } else if (reader.accept('collate')) reader.name();
    else throw reader.wrong('a rule of a column');
  }
  table.columns.set(name, column);
}

function addConstraint(table: Table, text: string): void {
  const [, name = '', what = '', rest = ''] =
    /^constraint (\S+) (PRIMARY KEY|UNIQUE|CHECK|EXCLUDE)(?: NULLS NOT DISTINCT)? ?(.*)$/.exec(
      text,
    ) ?? [];
  if (what === 'PRIMARY KEY' || what === 'UNIQUE') table.uniques.push(uniqueOf(name, rest));
  else if (what === 'CHECK') table.checks.push({ name, expr: parseExpr(new Reader(rest)) });
  else throw new Error(`No rule of a table known here: ${text}`);
}

function uniqueOf(name: string, text: string): Unique {
  const reader = new Reader(text);
  reader.expect('(');
  const keys = reader.list(() => parseExpr(reader));
  reader.expect(')');
  if (reader.accept('include', '(')) {
    reader.list(() => reader.name());
    reader.expect(')');
  }
  const where = reader.accept('where') ? parseExpr(reader) : null;
  const columns = keys.flatMap((key) => (key.t === 'column' ? key.name : []));
  return { name, keys, columns, where };
}

function addForeign(tables: Map<string, Table>, table: Table, line: string): void {
  const pattern =
    /FOREIGN KEY \((.*?)\) REFERENCES public\.(\S+?)\((.*?)\)(?: ON DELETE (CASCADE|SET NULL))?/;
  const [, columns = '', to = '', references = '', onDelete] = pattern.exec(line) ?? [];
  const target = tables.get(to);
  if (!target || !onDelete) return;
  target.cascades.push({
    from: table,
    columns: columns.split(', '),
    references: references.split(', '),
    columnsOf: onDelete === 'CASCADE' ? 'delete' : 'null',
  });
}

/** The version of a row that a transaction sees; null: there is none. */
export function seen(place: Place, tx: Transaction): Row | null {
  return place.owner === tx ? place.pending : place.committed;
}
