import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Emulator } from '../../emulator/server.ts';
import { startEmulator } from '../../emulator/testing.ts';
import { actAtRandom } from './owed-acts.ts';
import { differences, owedByStatements, owedInBooks } from './owed-books.ts';
import { createRandom } from './random.ts';

/**
 * Random bookkeeping in several currencies: invoices, payments, credit, allocations, refunds, voids
 * and whatever undoes them. What a learner owes by our statement is what the books say, to the
 * cent. `OWED_STEPS=1000000` goes on for longer, `OWED_SEED` begins elsewhere.
 */
const STEPS = Number(process.env.OWED_STEPS ?? 2_000);
const SEED = Number(process.env.OWED_SEED ?? 20_261_122);
/** Books begin anew after so many acts, or papers would become too many to look through. */
const EPISODE = 1_000;
const CHECK_EVERY = 100;
const CONTACTS = 5;

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator();
  emulator.control.snapshots.take('empty books');
});
afterAll(() => emulator.close());

function newBooks(random: () => number) {
  emulator.control.snapshots.restore('empty books');
  const keeper = emulator.control.bookkeeper();
  keeper.run(({ books }) => {
    for (const id of ['USD', 'GBP']) books.currencies.put({ id, description: id });
  });
  const contactIds = Array.from(
    { length: CONTACTS },
    (_, index) => keeper.createContact({ Name: `Person ${index}` }).id,
  );
  return { keeper, contactIds, random };
}

it(
  `owed to the cent for every learner over ${STEPS.toLocaleString('en')} acts`,
  () => {
    let done = 0;
    for (let episode = 0; episode * EPISODE < STEPS; episode += 1) {
      const seed = SEED + episode;
      const books = newBooks(createRandom(seed).next);
      for (let step = 1; step <= EPISODE; step += 1) {
        if (actAtRandom(books)) done += 1;
        if (step % CHECK_EVERY > 0) continue;
        const found = differences(owedInBooks(books.keeper), owedByStatements(books.keeper));
        expect(found, `seed ${seed}, act ${step}`).toEqual([]);
      }
    }
    // Acts that the books refuse change nothing; most must count.
    expect(done).toBeGreaterThan(STEPS / 2);
  },
  Math.max(30_000, STEPS * 5),
);
