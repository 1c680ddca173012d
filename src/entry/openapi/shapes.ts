import { z } from 'zod';
import * as billing from '#contract/billing';
import * as connections from '#contract/connections';
import * as errors from '#contract/errors';
import * as imports from '#contract/imports';
import * as learners from '#contract/learners';
import * as live from '#contract/live';
import * as money from '#contract/money';
import * as permissions from '#contract/permissions';
import * as providers from '#contract/providers';
import * as sync from '#contract/sync';

/** A JSON Schema (2020-12, as OpenAPI 3.1 takes it). */
export type JsonSchema = { [name: string]: unknown };

const PLACE = '#/components/schemas/';

/** Shapes that the contract exports by name, so that the document says each of them once. */
function namedShapes(): Map<string, z.ZodType> {
  const rooms = [billing, connections, errors, imports, learners, live, money, permissions];
  const exported = [...rooms, providers, sync].flatMap((room) => Object.entries(room));
  return new Map(
    exported.filter((entry): entry is [string, z.ZodType] => entry[1] instanceof z.ZodType),
  );
}

/**
 * Turns shapes of the contract into JSON Schema. Shapes the contract names become references;
 * what was referred to is handed out by `components`.
 */
export function createShapeBook() {
  const registry = z.registry<{ id: string }>();
  for (const [id, shape] of namedShapes()) {
    if (!registry.has(shape)) registry.add(shape, { id });
  }
  const used = new Map<string, JsonSchema>();

  function schemaOf(shape: z.ZodType): JsonSchema {
    const id = registry.get(shape)?.id;
    const whole = z.toJSONSchema(shape, {
      metadata: registry,
      io: 'input',
      unrepresentable: 'any',
      target: 'draft-2020-12',
      // A format says it already; the pattern behind it only makes the page hard to read.
      override: ({ jsonSchema }) => {
        if (jsonSchema.format !== undefined) delete jsonSchema.pattern;
      },
    }) as JsonSchema;
    const { $schema: _, $defs = {}, ...own } = whole;
    for (const [name, schema] of Object.entries($defs as Record<string, JsonSchema>))
      keep(name, schema);
    if (id === undefined) return pointed(own) as JsonSchema;
    keep(id, own);
    return { $ref: `${PLACE}${id}` };
  }

  function keep(name: string, schema: JsonSchema): void {
    const { id: _, ...rest } = schema;
    if (!used.has(name)) used.set(name, pointed(rest) as JsonSchema);
  }

  /** The fields of a query or of path parameters, each on its own. */
  function propertiesOf(shape: z.ZodType): {
    properties: Record<string, JsonSchema>;
    required: string[];
  } {
    const schema = schemaOf(shape);
    const name = typeof schema.$ref === 'string' ? schema.$ref.slice(PLACE.length) : undefined;
    const { properties = {}, required = [] } = name ? (used.get(name) ?? {}) : schema;
    return {
      properties: properties as Record<string, JsonSchema>,
      required: required as string[],
    };
  }

  return {
    schemaOf,
    propertiesOf,
    components: () => Object.fromEntries([...used].sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}

/** References within one schema, made to point into the whole document. */
function pointed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(pointed);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) =>
      name === '$ref' && typeof inner === 'string'
        ? [name, inner.replace(/^#\/\$defs\//, PLACE)]
        : [name, pointed(inner)],
    ),
  );
}
