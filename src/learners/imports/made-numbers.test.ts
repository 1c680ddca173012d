import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { addLearner } from '../add-learner.ts';
import { newLearner } from '../learners.fixture.ts';
import { csv, type ImportsWorld, startImportsWorld } from './imports.fixture.ts';

let world: ImportsWorld;
beforeAll(async () => {
  world = await startImportsWorld();
}, 60_000);
afterAll(() => world.close());
beforeEach(async () => {
  await world.empty();
  await inProvider((tx) => sql`delete from learner_counters`.execute(tx));
});

function inProvider<T>(work: Parameters<typeof world.database.asProvider<T>>[1]) {
  return world.database.asProvider(world.scope.providerId, work);
}

/** First names by learner number, in the order of the numbers. */
function numbered() {
  return inProvider(async (tx) => {
    const learners = tx.selectFrom('learners').select(['learner_number', 'first_name']);
    const rows = await learners.orderBy('number_key').execute();
    return rows.map((row) => [row.learner_number, row.first_name] as const);
  });
}

const HEADER = 'Learner number,First name,Surname';
const blank = (count: number) => Array.from({ length: count }, (_, at) => `,Blank${at},Row`);
const L = (count: number) => `L${String(count).padStart(5, '0')}`;

it('rows without a number get one that no other row of their file brings', async () => {
  const run = await world.importing([csv(HEADER, 'L00001,Given,Row', ...blank(9))]);
  expect(run).toMatchObject({ state: 'done', counts: { new: 10, applied: 10, faulty: 0 } });
  const blanks = Array.from({ length: 9 }, (_, at) => [L(at + 2), `Blank${at}`]);
  expect(await numbered()).toEqual([['L00001', 'Given'], ...blanks]);
});

it('rows far before those who bring a number leave it to them', async () => {
  const given = ['l 0 0001,First,Given', 'L00003,Third,Given', 'L00250,Late,Given'];
  const run = await world.importing([csv(HEADER, ...blank(250), ...given)]);
  expect(run).toMatchObject({ state: 'done', counts: { new: 253, applied: 253, faulty: 0 } });
  const found = new Map(await numbered());
  expect(['l 0 0001', 'L00003', 'L00250'].map((number) => found.get(number))).toEqual([
    'First',
    'Third',
    'Late',
  ]);
  expect([found.get('L00002'), found.get('L00004')]).toEqual(['Blank0', 'Blank1']);
});

it('a row that is left out keeps its number for when it is mended', async () => {
  const header = `${HEADER},E-mail`;
  const run = await world.importing([csv(header, ',Blank,Row,', 'L00001,Faulty,Row,nonsense')]);
  expect(run.counts).toMatchObject({ applied: 1, faulty: 1 });
  expect(await numbered()).toEqual([['L00002', 'Blank']]);
  const mended = csv(header, ',Blank,Row,', 'L00001,Faulty,Row,');
  expect((await world.importing([mended])).counts).toMatchObject({ unchanged: 1, applied: 1 });
  expect(await numbered()).toEqual([
    ['L00001', 'Faulty'],
    ['L00002', 'Blank'],
  ]);
});

it('many chosen numbers in a row are stepped over, and no number is lost by it', async () => {
  const given = Array.from({ length: 130 }, (_, at) => `${L(at + 1)},Given${at},Row`);
  await world.importing([csv(HEADER, ...given)]);
  const made = [];
  for (const lastName of ['One', 'Two']) {
    made.push(await addLearner(world, world.scope, newLearner({ lastName })));
  }
  expect(made.map((learner) => learner.learnerNumber)).toEqual(['L00131', 'L00132']);
});
