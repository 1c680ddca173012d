import { existsSync, readFileSync } from 'node:fs';
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
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { readonly schema?: Schema }>> }>
  >;
}

export interface Description {
  readonly paths: Readonly<Record<string, Readonly<Record<string, DescribedOperation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

const FILE = new URL(
  '../../../shared/reference/xero-openapi/xero_accounting.yaml',
  import.meta.url,
);
const METHODS = ['get', 'put', 'post', 'delete'] as const;

let loaded: Description | undefined;

/** The official description of the Accounting API, or undefined where it is not at hand. */
export function loadDescription(): Description | undefined {
  if (!loaded && existsSync(FILE)) loaded = parse(readFileSync(FILE, 'utf8')) as Description;
  return loaded;
}

export interface FoundOperation extends DescribedOperation {
  readonly method: string;
  readonly path: string;
}

/** Every operation that is described, in the order of the file. */
export function describedOperations(description: Description): FoundOperation[] {
  return Object.entries(description.paths).flatMap(([path, methods]) =>
    METHODS.flatMap((method) => {
      const operation = methods[method];
      return operation ? [{ ...operation, method: method.toUpperCase(), path }] : [];
    }),
  );
}
