import { sql } from 'kysely';
import type { PersonId, ProviderId } from '#contract/ids';
import { LearnerListQuery, NewLearner } from '#contract/learners';
import type { Role } from '#contract/permissions';
import { createEventLog } from '#events/index';
import { createFakeClock, type FakeClock } from '#platform/clock';
import { type Database, openDatabase } from '#platform/database';
import { newId } from '#platform/ids';
import { silentLogger } from '#platform/logger';
import type { Scope } from '#platform/scope';
import { createTestDatabase } from '../../test/world/database.ts';
import type { LearnersDeps } from './write-learners.ts';

/** A database of its own with two providers, for tests of this room. */
export interface LearnersWorld extends LearnersDeps {
  clock: FakeClock;
  scope: Scope;
  otherScope: Scope;
  as(role: Role): Scope;
  close(): Promise<void>;
}

/**
 * Starts one whose clock stands at 2026-03-02 and whose events nobody hears. The caller closes it.
 */
export async function startLearnersWorld(): Promise<LearnersWorld> {
  const own = await createTestDatabase();
  const database = openDatabase(own.ownerUrl);
  const clock = createFakeClock('2026-03-02T01:00:00Z');
  const scope = await makeProvider(database, 'Wattle College');
  const otherScope = await makeProvider(database, 'Banksia Institute');
  return {
    database,
    clock,
    events: createEventLog(clock),
    logger: silentLogger,
    scope,
    otherScope,
    as: (role) => ({ ...scope, actor: person(role) }),
    async close() {
      await database.close();
      await own.drop();
    },
  };
}

function person(role: Role) {
  return { kind: 'person' as const, personId: 'p1' as PersonId, name: 'Robin Reyes', role };
}

async function makeProvider(database: Database, name: string): Promise<Scope> {
  const providerId = newId<ProviderId>();
  await database.asProvider(providerId, async (tx) => {
    await sql`insert into providers (provider_id, name, created_at)
      values (${providerId}, ${name}, '2026-01-01')`.execute(tx);
  });
  return { providerId, actor: person('owner') };
}

/** A new learner as a page would send it. */
export function newLearner(given: Partial<NewLearner>): NewLearner {
  return NewLearner.parse({ firstName: 'Mia', lastName: 'Tran', ...given });
}

/** A list query with its defaults filled in. */
export function listQuery(given: Record<string, unknown> = {}): LearnerListQuery {
  return LearnerListQuery.parse(given);
}
