import type { DescribedResponse, Description, FoundOperation, Schema } from './description.ts';
import { describedOperations } from './description.ts';

/** Keys of the envelope that every answer carries and the description leaves out. */
const ENVELOPE = new Set(['Id', 'Status', 'ProviderName', 'DateTimeUTC']);

/**
 * Compares an answer with the description.
 * @returns one line for each thing that the description does not know or states otherwise.
 */
export function findGaps(
  description: Description,
  operation: FoundOperation,
  status: number,
  body: unknown,
): string[] {
  const response = responseOf(description, operation, status);
  const schema = response?.content?.['application/json']?.schema;
  const gaps = new Set<string>();
  if (!schema) {
    if (status < 400) gaps.add(`${operation.operationId}: no JSON described for ${status}`);
    return [...gaps];
  }
  const isRecord = typeof body === 'object' && body !== null && !Array.isArray(body);
  const bare = isRecord && status < 400 ? withoutEnvelope(body) : body;
  walk(description, schema, bare, schemaName(schema) ?? operation.operationId, gaps);
  return [...gaps];
}

function responseOf(
  description: Description,
  operation: FoundOperation,
  status: number,
): DescribedResponse | undefined {
  const response = operation.responses[String(status)];
  const shared = response?.$ref?.split('/').pop();
  return shared ? description.components.responses?.[shared] : response;
}

/** The described operation that a call went to. */
export function matchOperation(
  description: Description,
  method: string,
  path: string,
): FoundOperation | undefined {
  const parts = path.toLowerCase().split('/');
  const fits = (operation: FoundOperation) => {
    const described = operation.path.toLowerCase().split('/');
    return (
      described.length === parts.length &&
      described.every((part, i) => part.startsWith('{') || part === parts[i])
    );
  };
  const found = describedOperations(description).filter(
    (operation) => operation.method === method && fits(operation),
  );
  return found.sort((a, b) => countHoles(a.path) - countHoles(b.path))[0];
}

function countHoles(path: string): number {
  return path.split('{').length;
}

function withoutEnvelope(body: object): object {
  return Object.fromEntries(Object.entries(body).filter(([name]) => !ENVELOPE.has(name)));
}

function walk(
  description: Description,
  schema: Schema,
  value: unknown,
  at: string,
  gaps: Set<string>,
): void {
  const resolved = resolve(description, schema);
  const name = schemaName(schema) ?? at;
  if (value === null || value === undefined) return;
  if (Array.isArray(value)) {
    if (resolved.type !== 'array') gaps.add(`${name}: a list where ${resolved.type} is described`);
    const { items } = resolved;
    if (items)
      for (const one of value) walk(description, items, one, schemaName(items) ?? name, gaps);
    return;
  }
  if (typeof value === 'object') {
    if (!resolved.properties) return;
    for (const [key, inner] of Object.entries(value)) {
      const property = resolved.properties[key];
      // Refused elements echo whatever was sent.
      if (name === 'Element' && key !== 'ValidationErrors') continue;
      if (!property) gaps.add(`${name}.${key}: not described`);
      else walk(description, property, inner, `${name}.${key}`, gaps);
    }
    return;
  }
  const problem = scalarProblem(resolved, value);
  if (problem) gaps.add(`${at}: ${problem}`);
}

function scalarProblem(schema: Schema, value: unknown): string | undefined {
  const isNumeric = schema.type === 'number' || schema.type === 'integer';
  if (schema.type === 'string' && typeof value !== 'string') return `${typeof value}, not a string`;
  if (isNumeric && typeof value !== 'number') return `${typeof value}, not a number`;
  if (schema.type === 'boolean' && typeof value !== 'boolean')
    return `${typeof value}, not a boolean`;
  if (schema.type === 'array' || schema.type === 'object')
    return `a bare value, not ${schema.type}`;
  if (schema.enum && !schema.enum.includes(value)) return `"${String(value)}" is not listed`;
  if (schema.format === 'uuid' && !/^[0-9a-f-]{36}$/.test(String(value))) return 'not a UUID';
  return undefined;
}

function resolve(description: Description, schema: Schema): Schema {
  const name = schemaName(schema);
  if (!name) return schema;
  const found = description.components.schemas[name];
  return found ? resolve(description, found) : {};
}

function schemaName(schema: Schema): string | undefined {
  return schema.$ref?.split('/').pop();
}
