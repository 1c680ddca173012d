import { existsSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';

/** What is read of the official description; it is looked at, never kept in this project. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly format?: string;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
}

interface DescribedOperation {
  readonly operationId: string;
  readonly summary?: string;
  readonly responses: Readonly<Record<string, DescribedResponse>>;
}

/** A response, or a reference to one that several operations share. */
export interface DescribedResponse {
  readonly $ref?: string;
  readonly content?: Readonly<Record<string, { readonly schema?: Schema }>>;
}

export interface Description {
  readonly paths: Readonly<Record<string, Readonly<Record<string, DescribedOperation>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, Schema>>;
    readonly responses?: Readonly<Record<string, DescribedResponse>>;
  };
}

const FILE = new URL(
  '../../../shared/reference/xero-openapi/xero_accounting.yaml',
  import.meta.url,
);
const METHODS = ['get', 'put', 'post', 'delete'] as const;

let loaded: Description | undefined;

/** The official description of the Accounting API, or undefined where it is not at hand. */
export function loadDescription(): Description | undefined {
  if (!loaded && existsSync(FILE)) loaded = readOnce();
  return loaded;
}

/** Reading it takes seconds, so the first test process leaves the result to the others. */
function readOnce(): Description {
  const { size, mtimeMs } = statSync(FILE);
  const shared = join(tmpdir(), `emulator-description-${size}-${Math.round(mtimeMs)}.json`);
  if (existsSync(shared)) return JSON.parse(readFileSync(shared, 'utf8')) as Description;
  const description = parse(readFileSync(FILE, 'utf8')) as Description;
  const draft = `${shared}.${process.pid}`;
  writeFileSync(draft, JSON.stringify(description));
  renameSync(draft, shared);
  return description;
}

export interface FoundOperation extends DescribedOperation {
  readonly method: string;
  readonly path: string;
}

const operationsOf = new WeakMap<Description, readonly FoundOperation[]>();

/** Every operation that is described, in the order of the file. */
export function describedOperations(description: Description): readonly FoundOperation[] {
  const known = operationsOf.get(description) ?? listOperations(description);
  operationsOf.set(description, known);
  return known;
}

function listOperations(description: Description): FoundOperation[] {
  return Object.entries(description.paths).flatMap(([path, methods]) =>
    METHODS.flatMap((method) => {
      const operation = methods[method];
      return operation ? [{ ...operation, method: method.toUpperCase(), path }] : [];
    }),
  );
}
