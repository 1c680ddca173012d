import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { api } from '#contract/api';
import { emptyAddress, type LearnerRow } from '#contract/learners';
import { MINUTE_MS } from '#platform/clock';
import type { SignedIn } from '../world/people.ts';
import { startWorld, type World } from '../world/world.ts';

let world: World;
let owner: SignedIn;
beforeAll(async () => {
  world = await startWorld();
  owner = await world.people.owner();
});
afterAll(() => world.close());

const add = (body: Parameters<typeof given>[0]) => owner.call(api.addLearner, given(body));
function given(body: { firstName?: string; lastName?: string } & Record<string, unknown>) {
  return { body: { firstName: 'Mia', lastName: 'Tran', ...body } };
}

describe('a learner’s life', () => {
  it('is added, edited and made inactive, each told in history by whom', async () => {
    const learner = await add({ email: 'Mia@Learner.example ', phoneMobile: ' 0400  111 222 ' });
    expect(learner).toMatchObject({
      learnerNumber: 'L00001',
      email: 'Mia@Learner.example',
      phoneMobile: '0400 111 222',
      isActive: true,
      syncToXero: false,
      revision: 1,
    });
    world.clock.advance(MINUTE_MS);
    const params = { learnerId: learner.id };
    const staff = await world.people.staff();
    const streetAddress = { ...emptyAddress, suburb: 'Fremantle' };
    const body = { revision: 1, preferredName: 'Mimi', streetAddress };
    const edited = await staff.call(api.editLearner, { params, body });
    expect(edited).toMatchObject({ preferredName: 'Mimi', lastName: 'Tran', revision: 2 });
    await owner.call(api.editLearner, { params, body: { revision: 2, isActive: false } });

    const { items } = await owner.call(api.learnerHistory, { params });
    expect(items.map((entry) => `${entry.actor}: ${entry.summary}`)).toEqual([
      `${owner.name}: Made inactive`,
      `${staff.name}: Changed preferred name and street address`,
      `${owner.name}: Added`,
    ]);
    const first = await owner.call(api.learnerHistory, { params, query: { limit: 2 } });
    const query = { cursor: first.nextCursor ?? '', limit: 2 };
    const rest = await owner.call(api.learnerHistory, { params, query });
    expect(rest.items.map((entry) => entry.summary)).toEqual(['Added']);
  });

  it('is not overwritten by someone who saw an older version', async () => {
    const learner = await add({ lastName: 'Raced' });
    const params = { learnerId: learner.id };
    await owner.call(api.editLearner, { params, body: { revision: 1, title: 'Ms' } });
    const late = await owner.refusal(api.editLearner, {
      params,
      body: { revision: 1, title: 'Dr' },
    });
    expect(late.code).toBe('request.conflict');
  });

  it('is not begun twice without a warning that names who is here', async () => {
    const known = await add({ firstName: 'Zoë', lastName: "O'Brien", dateOfBirth: '2001-04-05' });
    const again = { firstName: 'ZOE', lastName: 'O Brien', dateOfBirth: '2001-04-05' };
    const warning = await owner.refusal(api.addLearner, given(again));
    expect(warning).toMatchObject({
      code: 'learner.possible-duplicate',
      similar: [{ learnerId: known.id, name: "Zoë O'Brien", learnerNumber: known.learnerNumber }],
    });
    const twin = await add({ ...again, saveAnyway: true });
    expect(twin.learnerNumber).not.toBe(known.learnerNumber);
  });
});

describe('what can’t be saved', () => {
  it.each([
    ['no name', { firstName: '', lastName: ' ' }, 'lastName'],
    ['an e-mail that is none', { email: 'mia at home' }, 'email'],
    ['a date that does not exist', { dateOfBirth: '2001-02-30' }, 'dateOfBirth'],
    ['a name without end', { lastName: 'x'.repeat(101) }, 'lastName'],
    ['a date before the calendar', { dateOfBirth: '0000-01-01' }, 'dateOfBirth'],
    ['an unprintable number', { learnerNumber: 'L\u0000' }, 'learnerNumber'],
    ['a number of half a character', { learnerNumber: 'L\ud83d' }, 'learnerNumber'],
    ['a number that Xero would write another way', { learnerNumber: 'L<1' }, 'learnerNumber'],
    ['a number that can’t be asked for', { learnerNumber: ' .. ' }, 'learnerNumber'],
  ])('%s is named with its field', async (_, body, field) => {
    const problem = await owner.refusal(api.addLearner, given(body));
    expect(problem.code).toBe('request.invalid');
    expect(problem.fields?.map((named) => named.field)).toContain(field);
  });

  it('a number in use', async () => {
    await add({ lastName: 'First', learnerNumber: 'S-1' });
    const problem = await owner.refusal(
      api.addLearner,
      given({ lastName: 'Second', learnerNumber: 's-1' }),
    );
    expect(problem.code).toBe('learner.number-taken');
  });
});

it('keeps no broken character, and keeps the others', async () => {
  const learner = await add({ firstName: 'Mi\ud83da', lastName: '😀 Whole' });
  expect(learner).toMatchObject({ firstName: 'Mi a', lastName: '😀 Whole' });
});

it('knows an id in whatever case it is written', async () => {
  const learner = await add({ lastName: 'Capital' });
  const learnerIds = [learner.id, learner.id.toUpperCase() as typeof learner.id];
  const body = { learnerIds, syncToXero: true };
  expect(await owner.call(api.setManyLearnerSync, { body })).toEqual({
    changed: 1,
    unchanged: 0,
    refused: [],
  });
  await owner.call(api.setManyLearnerSync, { body: { learnerIds, syncToXero: false } });
});

describe('rights', () => {
  it('Finance may turn Sync to Xero but not edit; Staff the other way round', async () => {
    const [finance, staff] = [await world.people.finance(), await world.people.staff()];
    const learner = await add({ lastName: 'Rights' });
    const params = { learnerId: learner.id };
    const edit = { params, body: { revision: 1, title: 'Ms' } };
    expect((await finance.refusal(api.editLearner, edit)).code).toBe('permission.missing');
    const sync = { params, body: { syncToXero: true } };
    expect((await staff.refusal(api.setLearnerSync, sync)).code).toBe('permission.missing');
    const sneaky = { params, body: { revision: 1, syncToXero: true } };
    expect((await staff.refusal(api.editLearner, sneaky)).code).toBe('permission.missing');
    expect((await finance.call(api.setLearnerSync, sync)).syncToXero).toBe(true);
  });

  it('another provider finds nothing, whatever it asks', async () => {
    const learner = await add({ lastName: 'Hidden' });
    const neighbour = await world.neighbours.owner();
    const params = { learnerId: learner.id };
    const problems = [
      await neighbour.refusal(api.getLearner, { params }),
      await neighbour.refusal(api.editLearner, { params, body: { revision: 1, title: 'Ms' } }),
      await neighbour.refusal(api.setLearnerSync, { params, body: { syncToXero: true } }),
      await neighbour.refusal(api.learnerHistory, { params }),
    ];
    expect(problems.map((problem) => problem.code)).toEqual(Array(4).fill('request.not-found'));
    expect((await neighbour.call(api.listLearners)).items).toEqual([]);
    const body = { learnerIds: [learner.id], syncToXero: true };
    const many = await neighbour.call(api.setManyLearnerSync, { body });
    expect(many).toMatchObject({ changed: 0, refused: [{ name: 'Unknown learner' }] });
  });
});

describe('the list', () => {
  it('finds by words, filters and pages, each learner once', async () => {
    const names = ['Ana Silva', 'Ana Nguyễn', 'Ben Silva', 'Cleo Silvestri'];
    for (const name of names) {
      const [firstName = '', lastName = ''] = name.split(' ');
      await add({ firstName, lastName });
    }
    const found = async (query: Record<string, string>) =>
      (await owner.call(api.listLearners, { query })).items.map((row) => row.name);
    expect(await found({ search: 'silv' })).toEqual(['Ana Silva', 'Ben Silva', 'Cleo Silvestri']);
    expect(await found({ search: 'NGUYEN ana' })).toEqual(['Ana Nguyễn']);
    expect(await found({ search: 'silv', direction: 'desc' })).toEqual([
      'Cleo Silvestri',
      'Ben Silva',
      'Ana Silva',
    ]);
    expect(await found({ active: 'false' })).toEqual(['Mimi Tran']);
    expect(await found({ syncToXero: 'true' })).toEqual(['Mia Rights']);

    const rows: LearnerRow[] = [];
    let cursor: string | undefined;
    do {
      const query = { limit: 3, ...(cursor ? { cursor } : {}) };
      const page = await owner.call(api.listLearners, { query });
      rows.push(...page.items);
      cursor = page.nextCursor ?? undefined;
    } while (cursor);
    const all = await owner.call(api.listLearners, { query: { limit: 200 } });
    expect(rows).toEqual(all.items);
    const strange = await owner.refusal(api.listLearners, { query: { cursor: 'made-up' } });
    expect(strange.code).toBe('request.invalid');
  });

  it.each(['1', '0000-01-01T00:00:00.000Z', '+275760-01-01T00:00:00Z'])(
    'refuses a forged cursor: %s',
    async (instant) => {
      const id = '01890000-0000-7000-8000-000000000000';
      const forge = (parts: unknown) => Buffer.from(parts as string).toString('base64url');
      const cursor = forge(JSON.stringify(['createdAt', 'asc', instant, id]));
      const sort = 'createdAt' as const;
      const learners = await owner.refusal(api.listLearners, { query: { sort, cursor } });
      expect(learners.code).toBe('request.invalid');
      const papers = { query: { cursor: forge(JSON.stringify([instant.slice(0, 10), id])) } };
      expect((await owner.refusal(api.listDocuments, papers)).code).toBe('request.invalid');
      const imports = { query: { cursor: forge(`${instant} ${id}`) } };
      expect((await owner.refusal(api.listImports, imports)).code).toBe('request.invalid');
    },
  );
});
