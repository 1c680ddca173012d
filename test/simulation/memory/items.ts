import type { Env, Scope } from './environment.ts';
import { compile } from './expressions.ts';
import type { Core, Expr } from './syntax.ts';
import type { Row } from './tables.ts';

/** What is put out: the columns' names, and a row made of them. */
export function compileItems(items: Core['items'], scope: Scope) {
  const parts = items.flatMap(({ expr, alias }) => {
    if (expr.t !== 'all-columns') {
      return [{ name: alias ?? nameOf(expr), value: compile(expr, scope) }];
    }
    const sources = scope.sources.filter((one) => expr.table === null || one.alias === expr.table);
    return sources.flatMap((source) =>
      source.columns.map((name) => ({
        name,
        value: compile({ t: 'column', table: source.alias, name }, scope),
      })),
    );
  });
  // Values without a name of their own are told apart by their place.
  const used = new Set<string>();
  for (const [index, part] of parts.entries()) {
    if (used.has(part.name)) part.name = `${part.name} ${index + 1}`;
    used.add(part.name);
  }
  return {
    columns: parts.map(({ name }) => name),
    rowOf(env: Env): Row {
      const row: Row = {};
      for (const { name, value } of parts) row[name] = value(env);
      return row;
    },
  };
}

function nameOf(expr: Expr): string {
  if (expr.t === 'column') return expr.name;
  if (expr.t === 'cast') return nameOf(expr.of);
  if (expr.t === 'call') return expr.call.name;
  return expr.t === 'exists' ? 'exists' : expr.t === 'case' ? 'case' : '?column?';
}
