import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createTestDatabase } from '../world/database.ts';
import setup from '../world/global-setup.ts';
import { dumpSchema } from './dump-schema.ts';
import { kyselyTypes } from './kysely-types.ts';

// npm run schema: writes docs/schema.sql and src/platform/schema.ts from the migrations.
const TYPES = 'src/platform/schema.ts';

const tearDown = await setup();
try {
  const database = await createTestDatabase();
  writeFileSync('docs/schema.sql', await dumpSchema(database.ownerUrl));
  writeFileSync(TYPES, await kyselyTypes(database.ownerUrl));
  await database.drop();
  execFileSync('node_modules/.bin/biome', ['format', '--write', TYPES], { stdio: 'inherit' });
} finally {
  await tearDown();
}
