import type { JsonSchema } from './shapes.ts';

const PLACE = '#/components/schemas/';
const INDENT = '  ';

/** Text made safe to stand in HTML, attributes included. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** A shape as a programmer writes it down, as HTML whose names lead to their own entries. */
export function outlineOf(schema: JsonSchema, depth = 0): string {
  if (typeof schema.$ref === 'string') return linkTo(schema.$ref.slice(PLACE.length));
  const union = (schema.anyOf ?? schema.oneOf) as JsonSchema[] | undefined;
  if (union) return [...new Set(union.map((one) => outlineOf(one, depth)))].join(' | ');
  if (Array.isArray(schema.enum)) return schema.enum.map(literal).join(' | ');
  if (schema.const !== undefined) return literal(schema.const);
  if (Array.isArray(schema.type)) {
    return schema.type.map((type) => outlineOf({ ...schema, type }, depth)).join(' | ');
  }
  if (schema.type === 'array') return listOf((schema.items ?? {}) as JsonSchema, depth);
  if (schema.type === 'object') return objectOf(schema, depth);
  return `${escapeHtml(String(schema.type ?? 'any'))}${remarkOn(schema)}`;
}

function linkTo(name: string): string {
  const safe = escapeHtml(name);
  return `<a href="#shape-${safe}">${safe}</a>`;
}

function literal(value: unknown): string {
  return `<span class="literal">${escapeHtml(JSON.stringify(value))}</span>`;
}

function listOf(items: JsonSchema, depth: number): string {
  const inner = outlineOf(items, depth);
  return inner.includes(' | ') ? `(${inner})[]` : `${inner}[]`;
}

function objectOf(schema: JsonSchema, depth: number): string {
  const fields = Object.entries((schema.properties ?? {}) as Record<string, JsonSchema>);
  const required = (schema.required ?? []) as string[];
  const others = schema.additionalProperties as JsonSchema | boolean | undefined;
  const lines = fields.map(([name, inner]) => {
    const mark = required.includes(name) ? '' : '?';
    return `${escapeHtml(name)}${mark}: ${outlineOf(inner, depth + 1)}`;
  });
  if (others && typeof others === 'object') lines.push(`[name]: ${outlineOf(others, depth + 1)}`);
  if (lines.length === 0) return '{}';
  const outer = INDENT.repeat(depth);
  return `{\n${lines.map((line) => `${outer}${INDENT}${line}\n`).join('')}${outer}}`;
}

/** What a plain value must be besides its type: `at most 100 characters`, a date, a range. */
function remarkOn(schema: JsonSchema): string {
  const { minimum, maximum } = schema;
  const isSafeRange = maximum === Number.MAX_SAFE_INTEGER || maximum === undefined;
  const remarks = [
    typeof schema.format === 'string' ? schema.format : null,
    typeof schema.maxLength === 'number' ? `at most ${schema.maxLength} characters` : null,
    isSafeRange || typeof minimum !== 'number' ? null : `${minimum} to ${maximum}`,
  ].filter((remark) => remark !== null);
  if (remarks.length === 0) return '';
  return ` <span class="remark">(${escapeHtml(remarks.join(', '))})</span>`;
}
