/** SQL as a tree: as much of it as the product's stores speak. */
export type Expr =
  | { t: 'value'; value: unknown }
  | { t: 'parameter'; index: number }
  | { t: 'column'; table: string | null; name: string }
  | { t: 'all-columns'; table: string | null }
  | { t: 'call'; call: Call }
  | { t: 'cast'; of: Expr; type: string }
  | { t: 'binary'; op: string; a: Expr; b: Expr }
  | { t: 'not' | 'minus'; of: Expr }
  | { t: 'is-null'; of: Expr }
  | { t: 'distinct'; a: Expr; b: Expr }
  | { t: 'in'; of: Expr; list: Expr[] }
  | { t: 'in-query'; of: Expr; query: Query }
  | { t: 'any'; op: string; a: Expr; b: Expr | { t: 'query'; query: Query }; isAll: boolean }
  | { t: 'exists'; query: Query }
  | { t: 'query'; query: Query }
  | { t: 'case'; of: Expr | null; whens: { when: Expr; gives: Expr }[]; otherwise: Expr | null }
  | { t: 'array'; items: Expr[] }
  | { t: 'array-query'; query: Query }
  | { t: 'row'; items: Expr[] }
  | { t: 'item'; of: Expr; index: Expr };

export interface Call {
  name: string;
  args: Expr[];
  named: Record<string, Expr>;
  isDistinct: boolean;
  isStar: boolean;
  orderBy: Order[];
  filter: Expr | null;
  over: { partitionBy: Expr[]; orderBy: Order[] } | null;
}

export interface Order {
  by: Expr;
  isDescending: boolean;
  nulls: 'first' | 'last' | null;
}

export type Source =
  | { t: 'table'; name: string; alias: string }
  | { t: 'query'; query: Query; alias: string; columns: string[] }
  | { t: 'function'; call: Call; alias: string; columns: { name: string; type: string | null }[] }
  | {
      t: 'join';
      how: 'inner' | 'left' | 'cross';
      left: Source;
      right: Source;
      on: Expr | null;
      using: string[];
    };

export interface Core {
  distinct: boolean;
  distinctOn: Expr[];
  items: { expr: Expr; alias: string | null }[];
  from: Source[];
  where: Expr | null;
  groupBy: Expr[];
  having: Expr | null;
}

export type Body =
  | { t: 'core'; core: Core }
  | { t: 'values'; rows: Expr[][] }
  | { t: 'union'; isAll: boolean; a: Body; b: Body }
  | { t: 'intersect'; a: Body; b: Body };

export interface Query {
  ctes: Cte[];
  body: Body;
  orderBy: Order[];
  limit: Expr | null;
  offset: Expr | null;
  lock: { skipsLocked: boolean; nowait: boolean; of: string[] } | null;
}

export interface Cte {
  name: string;
  columns: string[];
  statement: Statement;
}

export type SetItem = { columns: string[]; value: Expr };

export type Statement =
  | { t: 'select'; query: Query }
  | {
      t: 'insert';
      ctes: Cte[];
      table: string;
      alias: string;
      columns: string[];
      source: Query | null;
      conflict: {
        target: string[];
        constraint: string | null;
        set: SetItem[] | null;
        where: Expr | null;
      } | null;
      returning: Core['items'];
    }
  | {
      t: 'update';
      ctes: Cte[];
      table: string;
      alias: string;
      set: SetItem[];
      from: Source[];
      where: Expr | null;
      returning: Core['items'];
    }
  | {
      t: 'delete';
      ctes: Cte[];
      table: string;
      alias: string;
      using: Source[];
      where: Expr | null;
      returning: Core['items'];
    };
