import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LearnerId } from '#contract/ids';
import { type Learner, LearnerChange } from '#contract/learners';
import { AppError } from '#platform/app-error';
import { addLearner } from './add-learner.ts';
import { editLearner } from './edit-learner.ts';
import { learnerHistory } from './learner-history.ts';
import { findByNumbers, findLearner, idsToSync } from './learner-store.ts';
import { type LearnersWorld, newLearner, startLearnersWorld } from './learners.fixture.ts';
import { setLearnerSync, setManyLearnerSync } from './set-sync.ts';

let world: LearnersWorld;
beforeAll(async () => {
  world = await startLearnersWorld();
}, 60_000);
afterAll(() => world.close());

const NOBODY = '01890000-0000-7000-8000-000000000000' as LearnerId;

async function failureOf(work: Promise<unknown>): Promise<AppError> {
  const failure = await work.then(
    () => new Error('nothing failed'),
    (error: unknown) => error,
  );
  if (!(failure instanceof AppError)) throw failure;
  return failure;
}

function edit(learner: Learner, change: Partial<LearnerChange>, scope = world.scope) {
  const given = LearnerChange.parse({ revision: learner.revision, ...change });
  return editLearner(world, scope, learner.id, given);
}

function history(learner: Learner) {
  return learnerHistory(world, world.scope, learner.id, { limit: 50 });
}

describe('adding', () => {
  it('makes learner numbers one after another and steps over those chosen by hand', async () => {
    const first = await addLearner(world, world.otherScope, newLearner({ lastName: 'One' }));
    await addLearner(world, world.otherScope, newLearner({ learnerNumber: 'l 00002' }));
    const third = await addLearner(world, world.otherScope, newLearner({ lastName: 'Three' }));
    expect([first.learnerNumber, third.learnerNumber]).toEqual(['L00001', 'L00003']);
  });

  it('gives twenty learners added at once twenty numbers in a row', async () => {
    const names = Array.from({ length: 20 }, (_, index) => `Crowd ${index}`);
    const added = await Promise.all(
      names.map((lastName) => addLearner(world, world.scope, newLearner({ lastName }))),
    );
    const numbers = added
      .map((learner) => Number(learner.learnerNumber.slice(1)))
      .sort((a, b) => a - b);
    expect(new Set(numbers).size).toBe(20);
    expect((numbers.at(-1) ?? 0) - (numbers[0] ?? 0)).toBe(19);
  });

  it('leaves no gap in the numbers when an addition fails', async () => {
    const before = await addLearner(world, world.scope, newLearner({ lastName: 'Before' }));
    const unready = newLearner({ firstName: null, lastName: 'Unready', syncToXero: true });
    expect((await failureOf(addLearner(world, world.scope, unready))).code).toBe(
      'learner.cannot-sync',
    );
    const after = await addLearner(world, world.scope, newLearner({ lastName: 'After' }));
    expect(Number(after.learnerNumber.slice(1)) - Number(before.learnerNumber.slice(1))).toBe(1);
  });

  it('refuses a number in use, blind to case and spaces', async () => {
    await addLearner(world, world.scope, newLearner({ lastName: 'Chosen', learnerNumber: 'AB-7' }));
    const again = newLearner({ lastName: 'Other', learnerNumber: 'ab- 7' });
    expect((await failureOf(addLearner(world, world.scope, again))).code).toBe(
      'learner.number-taken',
    );
  });

  it('lets two providers use the same number and never shows one the other’s learner', async () => {
    const mine = await addLearner(
      world,
      world.scope,
      newLearner({ lastName: 'Mine', learnerNumber: 'S1' }),
    );
    await addLearner(
      world,
      world.otherScope,
      newLearner({ lastName: 'Theirs', learnerNumber: 'S1' }),
    );
    const seen = await world.database.asProvider(world.otherScope.providerId, (tx) =>
      findLearner(tx, world.otherScope, mine.id),
    );
    expect(seen).toBeNull();
    expect((await failureOf(edit(mine, { title: 'Ms' }, world.otherScope))).code).toBe(
      'request.not-found',
    );
  });
});

describe('possible duplicates', () => {
  const known = {
    firstName: 'Zoë',
    lastName: "O'Brien",
    email: 'zoe@example.org',
    dateOfBirth: '2001-04-05',
  };
  let zoe: Learner;
  beforeAll(async () => {
    zoe = await addLearner(world, world.scope, newLearner(known));
  });

  it.each([
    [
      'same name and birth date, other spelling',
      { ...known, firstName: 'ZOE', lastName: 'O Brien', email: null },
    ],
    [
      'same name and e-mail',
      { ...known, lastName: 'o’brien', email: ' Zoe@Example.ORG', dateOfBirth: null },
    ],
    ['same family name and e-mail', { ...known, firstName: 'Zach', dateOfBirth: null }],
  ])('warns about %s', async (_, given) => {
    const failure = await failureOf(addLearner(world, world.scope, newLearner(given)));
    expect(failure.code).toBe('learner.possible-duplicate');
    expect(failure.extras.similar).toEqual([
      { learnerId: zoe.id, name: "Zoë O'Brien", learnerNumber: zoe.learnerNumber },
    ]);
  });

  it.each([
    ['same name alone', { ...known, email: null, dateOfBirth: null }],
    ['same e-mail alone', { ...known, lastName: 'Walsh', dateOfBirth: null }],
    ['same birth date alone', { ...known, firstName: 'Ada', email: null }],
  ])('does not warn about %s', async (_, given) => {
    const added = await addLearner(world, world.otherScope, newLearner(given));
    expect(added.revision).toBe(1);
  });

  it('saves anyway when told so', async () => {
    const twin = await addLearner(world, world.scope, newLearner({ ...known, saveAnyway: true }));
    expect(twin.id).not.toBe(zoe.id);
  });

  it('asks on an edit that makes two people alike, and not on one that leaves them so', async () => {
    const walsh = await addLearner(
      world,
      world.scope,
      newLearner({ firstName: 'Zoë', lastName: 'Walsh' }),
    );
    const alike = { lastName: 'OBrien', dateOfBirth: '2001-04-05' };
    expect((await failureOf(edit(walsh, alike))).code).toBe('learner.possible-duplicate');
    const saved = await edit(walsh, { ...alike, saveAnyway: true });
    expect((await edit(saved, { phoneHome: '02 5550 1234' })).revision).toBe(3);
  });
});

describe('editing', () => {
  it('changes what is given, keeps the rest, and tells history', async () => {
    const learner = await addLearner(
      world,
      world.scope,
      newLearner({ lastName: 'Keep', title: 'Ms' }),
    );
    const street = { ...learner.streetAddress, suburb: 'Newtown' };
    const after = await edit(learner, { firstName: 'Maya', streetAddress: street });
    expect(after).toMatchObject({ firstName: 'Maya', title: 'Ms', revision: 2 });
    const page = await history(learner);
    expect(page.items.map((entry) => entry.summary)).toEqual([
      'Changed first name and street address',
      'Added',
    ]);
    expect(page.items[0]).toMatchObject({ actor: 'Robin Reyes', kind: 'learner.changed' });
    expect(page.items[0]?.details).toEqual([
      { field: 'First name', from: 'Mia', to: 'Maya' },
      { field: 'Street address, suburb', from: null, to: 'Newtown' },
    ]);
  });

  it('writes nothing when nothing differs', async () => {
    const learner = await addLearner(world, world.scope, newLearner({ lastName: 'Same' }));
    const after = await edit(learner, { firstName: ' Mia ', lastName: 'Same' });
    expect(after).toEqual(learner);
    expect((await history(learner)).items).toHaveLength(1);
  });

  it('refuses a change made on an older version, even of two at once', async () => {
    const learner = await addLearner(world, world.scope, newLearner({ lastName: 'Race' }));
    const outcomes = await Promise.allSettled([
      edit(learner, { firstName: 'Left' }),
      edit(learner, { firstName: 'Right' }),
    ]);
    const lost = outcomes.filter((outcome) => outcome.status === 'rejected');
    expect(lost).toHaveLength(1);
    expect(lost[0]?.reason).toMatchObject({ code: 'request.conflict' });
  });

  it('keeps an inactive learner editable and its Sync to Xero as it was', async () => {
    const learner = await addLearner(
      world,
      world.scope,
      newLearner({ lastName: 'Gone', syncToXero: true }),
    );
    const inactive = await edit(learner, { isActive: false });
    expect(inactive.syncToXero).toBe(true);
    expect((await edit(inactive, { phoneMobile: '0400 000 000' })).revision).toBe(3);
  });
});

describe('Sync to Xero', () => {
  it('names what is missing and refuses to empty it later', async () => {
    const learner = await addLearner(
      world,
      world.scope,
      newLearner({ firstName: null, lastName: 'Mono' }),
    );
    const refused = await failureOf(setLearnerSync(world, world.scope, learner.id, true));
    expect(refused.code).toBe('learner.cannot-sync');
    expect(refused.extras.fields).toEqual([
      { field: 'firstName', message: 'Xero needs a first name.' },
    ]);
    const named = await edit(learner, { firstName: 'Ana' });
    const synced = await setLearnerSync(world, world.scope, named.id, true);
    expect((await failureOf(edit(synced, { lastName: null }))).code).toBe('learner.cannot-sync');
    expect((await history(learner)).items[0]?.summary).toBe('Turned Sync to Xero on');
  });

  it('is not turned by an edit of someone who may only edit', async () => {
    const staff = world.as('staff');
    const add = addLearner(world, staff, newLearner({ lastName: 'Staffed', syncToXero: true }));
    expect((await failureOf(add)).code).toBe('permission.missing');
    const learner = await addLearner(world, staff, newLearner({ lastName: 'Staffed' }));
    expect((await failureOf(edit(learner, { syncToXero: true }, staff))).code).toBe(
      'permission.missing',
    );
    expect((await edit(learner, { syncToXero: false, title: 'Mx' }, staff)).revision).toBe(2);
  });

  it('turns many at once, names those not ready, and repeats without harm', async () => {
    const ready = await addLearner(world, world.scope, newLearner({ lastName: 'Ready' }));
    const unready = await addLearner(
      world,
      world.scope,
      newLearner({ firstName: null, lastName: 'Solo' }),
    );
    const ids = [ready.id, unready.id, NOBODY, ready.id];
    const outcome = await setManyLearnerSync(world, world.scope, ids, true);
    expect(outcome).toMatchObject({ changed: 1, unchanged: 0 });
    expect(outcome.refused.map((refusal) => refusal.name)).toEqual(['Solo', 'Unknown learner']);
    expect(await setManyLearnerSync(world, world.scope, [ready.id], true)).toEqual({
      changed: 0,
      unchanged: 1,
      refused: [],
    });
    const stored = await world.database.asProvider(world.scope.providerId, (tx) =>
      findLearner(tx, world.scope, ready.id),
    );
    expect(stored).toMatchObject({ syncToXero: true, revision: 2 });
  });

  it('walks those with the flag by id, each once', async () => {
    const walked = await world.database.asProvider(world.scope.providerId, async (tx) => {
      const seen: string[] = [];
      let after: LearnerId | null = null;
      for (;;) {
        const page: { id: LearnerId }[] = await idsToSync(tx, world.scope, after, 2);
        if (page.length === 0) return seen;
        seen.push(...page.map((row) => row.id));
        after = page.at(-1)?.id ?? null;
      }
    });
    expect(walked.length).toBeGreaterThan(2);
    expect(new Set(walked).size).toBe(walked.length);
  });
});

it('finds learners by number, blind to case', async () => {
  const learner = await addLearner(
    world,
    world.scope,
    newLearner({ lastName: 'Num', learnerNumber: 'Xy 9' }),
  );
  const found = await world.database.asProvider(world.scope.providerId, (tx) =>
    findByNumbers(tx, world.scope, ['XY9', 'nope']),
  );
  expect(found).toEqual([{ id: learner.id, learnerNumber: 'Xy 9' }]);
});
