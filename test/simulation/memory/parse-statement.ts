import { isKeyword, parseCall, parseExpr, parseOrder, parseType } from './parse-expression.ts';
import type { Body, Call, Core, Cte, Query, SetItem, Source, Statement } from './syntax.ts';
import { Reader } from './tokens.ts';

/** @throws Error when the text is beyond what is understood here */
export function parseSql(sql: string): Statement {
  const reader = new Reader(sql);
  const statement = parseStatement(reader);
  reader.accept(';');
  if (reader.next.kind !== 'end') throw reader.wrong('the end');
  return statement;
}

function parseStatement(reader: Reader): Statement {
  const ctes = parseCtes(reader);
  if (reader.accept('insert', 'into')) return parseInsert(reader, ctes);
  if (reader.accept('update')) return parseUpdate(reader, ctes);
  if (reader.accept('delete', 'from')) return parseDelete(reader, ctes);
  return { t: 'select', query: parseQuery(reader, ctes) };
}

function parseCtes(reader: Reader): Cte[] {
  if (!reader.accept('with')) return [];
  if (reader.sees('recursive')) throw reader.wrong('a query that is not recursive');
  return reader.list(() => {
    const name = reader.name();
    const columns = names(reader);
    reader.expect('as');
    reader.accept('not');
    reader.accept('materialized');
    reader.expect('(');
    const statement = parseStatement(reader);
    reader.expect(')');
    return { name, columns, statement };
  });
}

/** Names in parentheses, if there are any. */
function names(reader: Reader): string[] {
  if (!reader.accept('(')) return [];
  const found = reader.list(() => reader.name());
  reader.expect(')');
  return found;
}

export function parseQuery(reader: Reader, given: Cte[] = []): Query {
  const ctes = given.length > 0 ? given : parseCtes(reader);
  const body = parseBody(reader);
  const query: Query = { ctes, body, orderBy: [], limit: null, offset: null, lock: null };
  if (reader.accept('order', 'by')) query.orderBy = parseOrder(reader);
  for (;;) {
    if (reader.accept('limit')) query.limit = parseExpr(reader);
    else if (reader.accept('offset')) query.offset = parseExpr(reader);
    else break;
  }
  if (reader.accept('for')) {
    reader.accept('no', 'key');
    if (!reader.accept('update') && !reader.accept('share')) {
      reader.expect('key', 'share');
    }
    const of = reader.accept('of') ? reader.list(() => reader.name()) : [];
    const skipsLocked = reader.accept('skip', 'locked');
    query.lock = { of, skipsLocked, nowait: reader.accept('nowait') };
  }
  return query;
}

function parseBody(reader: Reader): Body {
  let left = parseIntersect(reader);
  while (reader.accept('union')) {
    const isAll = reader.accept('all');
    left = { t: 'union', isAll, a: left, b: parseIntersect(reader) };
  }
  return left;
}

/** It binds closer than a union. */
function parseIntersect(reader: Reader): Body {
  let left = parseTerm(reader);
  while (reader.accept('intersect')) left = { t: 'intersect', a: left, b: parseTerm(reader) };
  return left;
}

function parseTerm(reader: Reader): Body {
  if (reader.accept('(')) {
    const body = parseBody(reader);
    reader.expect(')');
    return body;
  }
  if (reader.accept('values')) {
    const rows = reader.list(() => {
      reader.expect('(');
      const row = reader.list(() => parseExpr(reader));
      reader.expect(')');
      return row;
    });
    return { t: 'values', rows };
  }
  reader.expect('select');
  const core: Core = {
    distinct: false,
    distinctOn: [],
    items: [],
    from: [],
    where: null,
    groupBy: [],
    having: null,
  };
  if (reader.accept('distinct', 'on', '(')) {
    core.distinctOn = reader.list(() => parseExpr(reader));
    reader.expect(')');
  } else core.distinct = reader.accept('distinct');
  const isEmpty = reader.sees('from') || reader.sees('where') || reader.sees(')');
  if (!isEmpty) core.items = parseItems(reader);
  if (reader.accept('from')) core.from = reader.list(() => parseSource(reader));
  if (reader.accept('where')) core.where = parseExpr(reader);
  if (reader.accept('group', 'by')) core.groupBy = reader.list(() => parseExpr(reader));
  if (reader.accept('having')) core.having = parseExpr(reader);
  return { t: 'core', core };
}

function parseItems(reader: Reader): Core['items'] {
  return reader.list(() => {
    const expr = parseExpr(reader);
    return { expr, alias: parseAlias(reader) };
  });
}

function parseAlias(reader: Reader): string | null {
  if (reader.accept('as')) return reader.name();
  const { kind, value } = reader.next;
  if (kind === 'name' || (kind === 'word' && !isKeyword(value))) return reader.name();
  return null;
}

function parseSource(reader: Reader): Source {
  let left = parseOneSource(reader);
  for (;;) {
    const how = joinOf(reader);
    if (!how) return left;
    const right = parseOneSource(reader);
    const using = reader.accept('using') ? names(reader) : [];
    const on = reader.accept('on') ? parseExpr(reader) : null;
    left = { t: 'join', how, left, right, on, using };
  }
}

function joinOf(reader: Reader): 'inner' | 'left' | 'cross' | null {
  if (reader.accept('join') || reader.accept('inner', 'join')) return 'inner';
  if (reader.accept('left', 'join') || reader.accept('left', 'outer', 'join')) return 'left';
  return reader.accept('cross', 'join') ? 'cross' : null;
}

function parseOneSource(reader: Reader): Source {
  reader.accept('lateral');
  if (reader.accept('(')) {
    if (reader.sees('select') || reader.sees('with') || reader.sees('values')) {
      const query = parseQuery(reader);
      reader.expect(')');
      const alias = parseAlias(reader) ?? '';
      return { t: 'query', query, alias, columns: names(reader) };
    }
    const inner = parseSource(reader);
    reader.expect(')');
    return inner;
  }
  let name = reader.name();
  while (reader.accept('.')) name = reader.name();
  if (reader.sees('(')) return parseFunctionSource(reader, parseCall(reader, name));
  return { t: 'table', name, alias: parseAlias(reader) ?? name };
}

function parseFunctionSource(reader: Reader, call: Call): Source {
  if (reader.accept('with', 'ordinality')) call.named.ordinality = { t: 'value', value: true };
  const hasAs = reader.accept('as');
  const alias = hasAs && reader.sees('(') ? call.name : (parseAlias(reader) ?? call.name);
  const columns: { name: string; type: string | null }[] = [];
  if (reader.accept('(')) {
    reader.list(() => {
      const name = reader.name();
      const hasType = !reader.sees(',') && !reader.sees(')');
      columns.push({ name, type: hasType ? parseType(reader) : null });
    });
    reader.expect(')');
  }
  return { t: 'function', call, alias, columns };
}

function parseInsert(reader: Reader, ctes: Cte[]): Statement {
  const table = tableName(reader);
  const alias = reader.accept('as') ? reader.name() : table;
  const columns = reader.sees('(') ? names(reader) : [];
  const source = reader.accept('default', 'values') ? null : parseQuery(reader);
  const conflict = reader.accept('on', 'conflict') ? parseConflict(reader) : null;
  const returning = parseReturning(reader);
  return { t: 'insert', ctes, table, alias, columns, source, conflict, returning };
}

function parseConflict(reader: Reader) {
  const constraint = reader.accept('on', 'constraint') ? reader.name() : null;
  const target = reader.sees('(') ? names(reader) : [];
  if (reader.accept('where')) parseExpr(reader);
  reader.expect('do');
  if (reader.accept('nothing')) return { target, constraint, set: null, where: null };
  reader.expect('update', 'set');
  const set = parseSet(reader);
  const where = reader.accept('where') ? parseExpr(reader) : null;
  return { target, constraint, set, where };
}

function parseSet(reader: Reader): SetItem[] {
  return reader.list(() => {
    const columns = reader.sees('(') ? names(reader) : [reader.name()];
    reader.expect('=');
    return { columns, value: parseExpr(reader) };
  });
}

function parseUpdate(reader: Reader, ctes: Cte[]): Statement {
  const table = tableName(reader);
  const alias = parseUpdateAlias(reader) ?? table;
  reader.expect('set');
  const set = parseSet(reader);
  const from = reader.accept('from') ? reader.list(() => parseSource(reader)) : [];
  const where = reader.accept('where') ? parseExpr(reader) : null;
  return { t: 'update', ctes, table, alias, set, from, where, returning: parseReturning(reader) };
}

function parseUpdateAlias(reader: Reader): string | null {
  return reader.sees('set') ? null : parseAlias(reader);
}

function parseDelete(reader: Reader, ctes: Cte[]): Statement {
  const table = tableName(reader);
  const alias = parseAlias(reader) ?? table;
  const using = reader.accept('using') ? reader.list(() => parseSource(reader)) : [];
  const where = reader.accept('where') ? parseExpr(reader) : null;
  return { t: 'delete', ctes, table, alias, using, where, returning: parseReturning(reader) };
}

function parseReturning(reader: Reader): Core['items'] {
  return reader.accept('returning') ? parseItems(reader) : [];
}

function tableName(reader: Reader): string {
  let name = reader.name();
  while (reader.accept('.')) name = reader.name();
  return name;
}
