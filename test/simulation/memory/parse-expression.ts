import { parseQuery } from './parse-statement.ts';
import type { Call, Expr, Order } from './syntax.ts';
import type { Reader } from './tokens.ts';

const COMPARISONS = ['=', '<>', '!=', '<', '>', '<=', '>=', '~', '~*', '!~', '!~*', '@>', '<@'];
const OTHERS = ['||', '->', '->>', '#>', '#>>', '&', '#', '|'];
/** Types of two words or more. */
const LONG_TYPES = [
  ['timestamp', 'with', 'time', 'zone'],
  ['double', 'precision'],
  ['character', 'varying'],
];
/** Words that end an expression and so are no alias and no column. */
const KEYWORDS = new Set(
  'from where group order limit offset having union intersect on using join left inner cross and or not as then when else end for returning is in set do conflict asc desc nulls filter over collate like ilike between window with values select lateral at'.split(
    ' ',
  ),
);

export function isKeyword(word: string): boolean {
  return KEYWORDS.has(word);
}

export function parseExpr(reader: Reader): Expr {
  let left = parseAnd(reader);
  while (reader.accept('or')) left = { t: 'binary', op: 'or', a: left, b: parseAnd(reader) };
  return left;
}

function parseAnd(reader: Reader): Expr {
  let left = parseNot(reader);
  while (reader.accept('and')) left = { t: 'binary', op: 'and', a: left, b: parseNot(reader) };
  return left;
}

function parseNot(reader: Reader): Expr {
  if (reader.sees('not') && !reader.sees('not', 'in')) {
    reader.accept('not');
    return { t: 'not', of: parseNot(reader) };
  }
  return parseComparison(reader);
}

function parseComparison(reader: Reader): Expr {
  let left = parseOther(reader);
  for (;;) {
    const sign = COMPARISONS.find((one) => reader.sees(one));
    if (sign) {
      reader.accept(sign);
      left = comparison(reader, sign === '!=' ? '<>' : sign, left);
    } else if (reader.accept('is')) left = parseIs(reader, left);
    else if (reader.accept('between')) {
      const from = parseOther(reader);
      reader.expect('and');
      const low: Expr = { t: 'binary', op: '>=', a: left, b: from };
      left = {
        t: 'binary',
        op: 'and',
        a: low,
        b: { t: 'binary', op: '<=', a: left, b: parseOther(reader) },
      };
    } else if (reader.accept('not', 'in')) left = { t: 'not', of: parseIn(reader, left) };
    else if (reader.accept('in')) left = parseIn(reader, left);
    else if (reader.accept('not', 'like')) {
      left = { t: 'not', of: { t: 'binary', op: 'like', a: left, b: parseOther(reader) } };
    } else if (reader.accept('like'))
      left = { t: 'binary', op: 'like', a: left, b: parseOther(reader) };
    else if (reader.accept('ilike'))
      left = { t: 'binary', op: 'ilike', a: left, b: parseOther(reader) };
    else return left;
  }
}

function comparison(reader: Reader, op: string, a: Expr): Expr {
  const isAll = reader.sees('all', '(');
  if (!isAll && !reader.sees('any', '(')) return { t: 'binary', op, a, b: parseOther(reader) };
  reader.take();
  reader.expect('(');
  const b: Expr =
    reader.sees('select') || reader.sees('values')
      ? { t: 'query', query: parseQuery(reader) }
      : parseExpr(reader);
  reader.expect(')');
  return { t: 'any', op, a, b, isAll };
}

function parseIs(reader: Reader, of: Expr): Expr {
  const isNot = reader.accept('not');
  const found = isAfterIs(reader, of);
  return isNot ? { t: 'not', of: found } : found;
}

function isAfterIs(reader: Reader, of: Expr): Expr {
  if (reader.accept('null')) return { t: 'is-null', of };
  if (reader.accept('true')) return same(of, true);
  if (reader.accept('false')) return same(of, false);
  reader.expect('distinct', 'from');
  return { t: 'distinct', a: of, b: parseOther(reader) };
}

function same(a: Expr, value: boolean): Expr {
  return { t: 'not', of: { t: 'distinct', a, b: { t: 'value', value } } };
}

function parseIn(reader: Reader, of: Expr): Expr {
  reader.expect('(');
  const found: Expr = reader.sees('select')
    ? { t: 'in-query', of, query: parseQuery(reader) }
    : { t: 'in', of, list: reader.sees(')') ? [] : reader.list(() => parseExpr(reader)) };
  reader.expect(')');
  return found;
}

function parseOther(reader: Reader): Expr {
  let left = parseSum(reader);
  for (let sign = next(reader, OTHERS); sign; sign = next(reader, OTHERS)) {
    left = { t: 'binary', op: sign, a: left, b: parseSum(reader) };
  }
  return left;
}

function parseSum(reader: Reader): Expr {
  let left = parseProduct(reader);
  for (let sign = next(reader, ['+', '-']); sign; sign = next(reader, ['+', '-'])) {
    left = { t: 'binary', op: sign, a: left, b: parseProduct(reader) };
  }
  return left;
}

function parseProduct(reader: Reader): Expr {
  let left = parseUnary(reader);
  for (let sign = next(reader, ['*', '/', '%']); sign; sign = next(reader, ['*', '/', '%'])) {
    left = { t: 'binary', op: sign, a: left, b: parseUnary(reader) };
  }
  return left;
}

function next(reader: Reader, signs: readonly string[]): string | null {
  const sign = signs.find((one) => reader.sees(one));
  if (!sign) return null;
  reader.take();
  return sign;
}

function parseUnary(reader: Reader): Expr {
  if (reader.accept('-')) return { t: 'minus', of: parseUnary(reader) };
  let found = parsePrimary(reader);
  for (;;) {
    if (reader.accept('::')) found = { t: 'cast', of: found, type: parseType(reader) };
    else if (reader.accept('[')) {
      found = { t: 'item', of: found, index: parseExpr(reader) };
      reader.expect(']');
    } else if (reader.accept('collate')) reader.name();
    else if (reader.accept('at', 'time', 'zone')) {
      const call: Call = { ...plainCall('timezone'), args: [parsePrimary(reader), found] };
      found = { t: 'call', call };
    } else return found;
  }
}

export function parseType(reader: Reader): string {
  const long = LONG_TYPES.find((words) => reader.accept(...words));
  let type = long ? long.join(' ') : reader.name();
  while (reader.accept('.')) type = reader.name();
  if (reader.accept('(')) {
    reader.list(() => reader.take());
    reader.expect(')');
  }
  while (reader.accept('[')) {
    reader.expect(']');
    type += '[]';
  }
  return type;
}

function parsePrimary(reader: Reader): Expr {
  const token = reader.next;
  if (token.kind === 'parameter') return { t: 'parameter', index: Number(reader.take().value) - 1 };
  if (token.kind === 'text') return { t: 'value', value: reader.take().value };
  if (token.kind === 'number') return { t: 'value', value: Number(reader.take().value) };
  if (reader.accept('(')) return parseParenthesis(reader);
  if (reader.accept('*')) return { t: 'all-columns', table: null };
  if (token.kind === 'word') {
    const found = parseWord(reader);
    if (found) return found;
  }
  return parseNamed(reader);
}

function parseParenthesis(reader: Reader): Expr {
  if (reader.sees('select') || reader.sees('with') || reader.sees('values')) {
    const query = parseQuery(reader);
    reader.expect(')');
    return { t: 'query', query };
  }
  const items = reader.list(() => parseExpr(reader));
  reader.expect(')');
  const [only] = items;
  return items.length === 1 && only ? only : { t: 'row', items };
}

function parseWord(reader: Reader): Expr | null {
  if (reader.accept('null')) return { t: 'value', value: null };
  if (reader.accept('true')) return { t: 'value', value: true };
  if (reader.accept('false')) return { t: 'value', value: false };
  if (reader.accept('case')) return parseCase(reader);
  if (reader.accept('exists', '(')) {
    const query = parseQuery(reader);
    reader.expect(')');
    return { t: 'exists', query };
  }
  if (reader.accept('array', '[')) {
    const items = reader.sees(']') ? [] : reader.list(() => parseExpr(reader));
    reader.expect(']');
    return { t: 'array', items };
  }
  if (reader.accept('array', '(')) {
    const query = parseQuery(reader);
    reader.expect(')');
    return { t: 'array-query', query };
  }
  if (reader.sees('interval') && reader.peek(1).kind === 'text') {
    reader.take();
    return { t: 'cast', of: { t: 'value', value: reader.take().value }, type: 'interval' };
  }
  if (reader.accept('extract', '(')) {
    const part = reader.name();
    reader.expect('from');
    const of = parseExpr(reader);
    reader.expect(')');
    return {
      t: 'call',
      call: { ...plainCall('extract'), args: [{ t: 'value', value: part }, of] },
    };
  }
  if (reader.accept('cast', '(')) {
    const of = parseExpr(reader);
    reader.expect('as');
    const type = parseType(reader);
    reader.expect(')');
    return { t: 'cast', of, type };
  }
  if (reader.accept('row', '(')) {
    const items = reader.list(() => parseExpr(reader));
    reader.expect(')');
    return { t: 'row', items };
  }
  return null;
}

function parseCase(reader: Reader): Expr {
  const of = reader.sees('when') ? null : parseExpr(reader);
  const whens: { when: Expr; gives: Expr }[] = [];
  while (reader.accept('when')) {
    const when = parseExpr(reader);
    reader.expect('then');
    whens.push({ when, gives: parseExpr(reader) });
  }
  const otherwise = reader.accept('else') ? parseExpr(reader) : null;
  reader.expect('end');
  return { t: 'case', of, whens, otherwise };
}

function parseNamed(reader: Reader): Expr {
  const first = reader.name();
  if (reader.sees('(')) return { t: 'call', call: parseCall(reader, first) };
  const path = [first];
  while (reader.accept('.')) {
    if (reader.accept('*')) return { t: 'all-columns', table: path.at(-1) ?? null };
    path.push(reader.name());
    if (reader.sees('(')) return { t: 'call', call: parseCall(reader, path.at(-1) ?? '') };
  }
  return { t: 'column', table: path.at(-2) ?? null, name: path.at(-1) ?? '' };
}

function plainCall(name: string): Call {
  return {
    name,
    args: [],
    named: {},
    isDistinct: false,
    isStar: false,
    orderBy: [],
    filter: null,
    over: null,
  };
}

export function parseCall(reader: Reader, name: string): Call {
  const call = plainCall(name);
  reader.expect('(');
  if (reader.accept('*')) call.isStar = true;
  else if (!reader.sees(')')) {
    call.isDistinct = reader.accept('distinct');
    reader.list(() => {
      if (reader.peek(1).value === '=>') {
        const key = reader.name();
        reader.expect('=>');
        call.named[key] = parseExpr(reader);
      } else call.args.push(parseExpr(reader));
    });
    if (reader.accept('order', 'by')) call.orderBy = parseOrder(reader);
  }
  reader.expect(')');
  if (reader.accept('filter', '(')) {
    reader.expect('where');
    call.filter = parseExpr(reader);
    reader.expect(')');
  }
  if (reader.accept('over', '(')) {
    const partitionBy = reader.accept('partition', 'by')
      ? reader.list(() => parseExpr(reader))
      : [];
    const orderBy = reader.accept('order', 'by') ? parseOrder(reader) : [];
    call.over = { partitionBy, orderBy };
    reader.expect(')');
  }
  return call;
}

export function parseOrder(reader: Reader): Order[] {
  return reader.list(() => {
    const by = parseExpr(reader);
    const isDescending = reader.accept('desc');
    if (!isDescending) reader.accept('asc');
    const nulls = reader.accept('nulls', 'first')
      ? 'first'
      : reader.accept('nulls', 'last')
        ? 'last'
        : null;
    return { by, isDescending, nulls };
  });
}
