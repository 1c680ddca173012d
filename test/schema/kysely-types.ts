import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const GENERATOR = fileURLToPath(
  new URL('../../node_modules/kysely-codegen/dist/cli/bin.js', import.meta.url),
);

/** Types of the tables of the database at `url`, as `src/platform/schema.ts` holds them. */
export async function kyselyTypes(url: string): Promise<string> {
  const { stdout } = await run(
    process.execPath,
    [
      GENERATOR,
      '--dialect=postgres',
      `--url=${url}`,
      '--date-parser=string',
      '--exclude-pattern={graphile_worker.*,*.schema_migrations}',
      '--print',
    ],
    { maxBuffer: 10_000_000 },
  );
  return stdout
    .slice(stdout.indexOf('/**'))
    .replace(
      /This file was generated[^*]*\*\s*Please[^*]*/,
      'Written by `npm run schema` from the migrated database; not edited by hand.\n ',
    )
    .replace(
      /type Int8 = [^;]+;/,
      'type Int8 = ColumnType<bigint, bigint | number | string, bigint | number | string>;',
    )
    .replace('export interface DB {', 'export interface Schema {');
}
