import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ImportRun } from '#contract/imports';
import { LearnerChange } from '#contract/learners';
import { DAY_MS, MINUTE_MS } from '#platform/clock';
import { addLearner } from '../add-learner.ts';
import { editLearner } from '../edit-learner.ts';
import { newLearner } from '../learners.fixture.ts';
import { applyBatch } from './apply-batch.ts';
import { carryOut, tidyImports } from './carry-out.ts';
import { commitImport, discardImport } from './commit-import.ts';
import { listRuns } from './import-store.ts';
import { csv, type ImportsWorld, startImportsWorld, yesTo } from './imports.fixture.ts';
import { listRows } from './row-store.ts';
import { setImportOptions } from './set-options.ts';
import { startImport } from './start-import.ts';

let world: ImportsWorld;
beforeAll(async () => {
  world = await startImportsWorld();
}, 60_000);
afterAll(() => world.close());
afterEach(() => world.empty());

const which = (run: ImportRun) => ({ providerId: world.scope.providerId, importId: run.id });

describe('carrying out', () => {
  const people = (count: number, suburb = 'Newtown') =>
    csv(
      'Code,First name,Surname,Suburb',
      ...Array.from(
        { length: count },
        (_, index) => `P${index},Given${index},Family${index},${suburb}`,
      ),
    );

  it('goes on where it was stopped, and adds nobody twice', async () => {
    const run = await world.preview(people(450));
    await commitImport(world, world.scope, yesTo(run));
    expect(await applyBatch(world, which(run), [])).toBe('more');
    expect((await world.current(run)).counts.applied).toBe(200);
    await carryOut(world, which(run));
    expect(await world.current(run)).toMatchObject({
      state: 'done',
      counts: { new: 450, applied: 450 },
    });
    await carryOut(world, which(run));
    expect(await world.countLearners()).toBe(450);
  });

  it('by two workers at once adds nobody twice', async () => {
    const run = await world.preview(people(410));
    await commitImport(world, world.scope, yesTo(run));
    await Promise.all([carryOut(world, which(run)), carryOut(world, which(run))]);
    expect(await world.countLearners()).toBe(410);
    expect((await world.current(run)).counts.applied).toBe(410);
  });

  it('leaves out what changed since the preview that was said yes to', async () => {
    await world.importing([people(3)]);
    const run = await world.preview(people(4, 'Glebe'));
    const [first, second] = await world.learnersOf(run);
    if (!first || !second) throw new Error('three learners were imported');
    const glebe = { ...first.streetAddress, suburb: 'Glebe' };
    const perth = { ...second.streetAddress, suburb: 'Perth' };
    const edit = (learner: typeof first, streetAddress: typeof glebe) =>
      editLearner(
        world,
        world.scope,
        learner.id,
        LearnerChange.parse({ revision: 1, streetAddress }),
      );
    await edit(first, glebe);
    await edit(second, perth);
    await addLearner(
      world,
      world.scope,
      newLearner({ firstName: 'Given3', lastName: 'Family3', refExternal: 'P3' }),
    );
    await commitImport(world, world.scope, yesTo(run));
    await carryOut(world, which(run));
    const rows = await world.rowsOf(run);
    expect(rows.map((row) => [row.verdict, row.applied])).toEqual([
      ['unchanged', false],
      ['faulty', false],
      ['changed', true],
      ['faulty', false],
    ]);
    expect(rows[1]?.reasons.at(-1)).toBe(
      'Someone changed this learner after the preview; import the file again.',
    );
    expect(rows[3]?.reasons.at(-1)).toBe(
      'Someone added or changed this learner after the preview.',
    );
    expect((await world.current(run)).counts).toMatchObject({ faulty: 2, applied: 1 });
    expect(await world.countLearners()).toBe(4);
  });

  it('takes two look-alikes without codes when told that they are two people', async () => {
    const file = csv('First name,Surname,DOB', 'Mia,Tran,5/4/2001', 'Mia,Tran,5/4/2001');
    expect((await world.importing([file], { importLookAlikes: true })).counts.applied).toBe(2);
    expect(await world.countLearners()).toBe(2);
  });

  it('gives up after several stops without progress, and says what to do', async () => {
    const run = await world.preview(people(2));
    await commitImport(world, world.scope, yesTo(run));
    const broken = {
      ...world,
      events: { ...world.events, append: () => Promise.reject(new Error('stopped')) },
    };
    for (let stop = 0; stop < 5; stop += 1) {
      await expect(carryOut(broken, which(run))).rejects.toThrow('stopped');
    }
    await carryOut(broken, which(run));
    const failed = await world.current(run);
    expect(failed.state).toBe('failed');
    expect(failed.failure).toContain('Import the file again');
    expect(await world.countLearners()).toBe(0);
  });
});

describe('the steps of a run', () => {
  const file = csv('Surname', 'Tran');

  it('are kept in order', async () => {
    const run = await startImport(world, world.scope, { files: [file], correctNameCase: true });
    await expect(commitImport(world, world.scope, yesTo(run))).rejects.toMatchObject({
      code: 'import.wrong-state',
    });
    const seen = await setImportOptions(world, world.scope, run.id, {});
    const anew = await setImportOptions(world, world.scope, run.id, {});
    await expect(commitImport(world, world.scope, yesTo(seen))).rejects.toMatchObject({
      code: 'request.conflict',
    });
    await commitImport(world, world.scope, yesTo(anew));
    const late = [
      () => commitImport(world, world.scope, yesTo(anew)),
      () => discardImport(world, world.scope, run.id),
      () => setImportOptions(world, world.scope, run.id, {}),
    ];
    for (const step of late)
      await expect(step()).rejects.toMatchObject({ code: 'import.wrong-state' });
  });

  it('of another provider are not found', async () => {
    const run = await world.preview(file);
    const work = commitImport(world, world.otherScope, yesTo(run));
    await expect(work).rejects.toMatchObject({ code: 'request.not-found' });
  });

  it('end with discarding, which may be repeated', async () => {
    const run = await world.preview(file);
    await discardImport(world, world.scope, run.id);
    await discardImport(world, world.scope, run.id);
    expect((await world.current(run)).state).toBe('discarded');
    expect(await world.rowsOf(run)).toEqual([]);
    expect(await world.countFiles(run.id)).toBe(0);
  });

  it('leave nothing of a bad file', async () => {
    const before = await world.database.asProvider(world.scope.providerId, (tx) =>
      listRuns(tx, world.scope, { limit: 200 }),
    );
    const bad = startImport(world, world.scope, {
      files: [csv('Surname,E-mail', 'Tran')],
      correctNameCase: true,
    });
    await expect(bad).rejects.toMatchObject({ code: 'import.unreadable' });
    const after = await world.database.asProvider(world.scope.providerId, (tx) =>
      listRuns(tx, world.scope, { limit: 200 }),
    );
    expect(after).toEqual(before);
  });

  it('are found again when lost, and discarded with their files after seven days', async () => {
    const lost = await world.preview(file);
    await commitImport(world, world.scope, yesTo(lost), 'here');
    const waiting = await world.preview(file);
    const jobs = async () => {
      const client = await world.database.connect();
      await client.query('set role none');
      const found = await client.query<{ key: string }>('select key from graphile_worker.jobs');
      client.release(true);
      return found.rows.map((row) => row.key);
    };
    await tidyImports(world);
    await expectJob(lost, false);
    world.clock.advance(2 * MINUTE_MS);
    await tidyImports(world);
    await expectJob(lost, true);
    expect((await world.current(waiting)).state).toBe('preview');
    world.clock.advance(7 * DAY_MS);
    await tidyImports(world);
    expect((await world.current(waiting)).state).toBe('discarded');
    expect(await world.countFiles(waiting.id)).toBe(0);

    async function expectJob(run: ImportRun, isThere: boolean) {
      expect((await jobs()).includes(`carry-out-import:${run.id}`)).toBe(isThere);
    }
  });

  it('keep ten waiting for a yes; older ones are discarded with their files', async () => {
    world.clock.advance(MINUTE_MS);
    const oldest = await world.preview(file);
    for (let more = 0; more < 10; more += 1) {
      world.clock.advance(MINUTE_MS);
      await world.preview(file);
    }
    expect((await world.current(oldest)).state).toBe('discarded');
    expect(await world.countFiles(oldest.id)).toBe(0);
  });

  it('are listed newest first, page by page, each once', async () => {
    world.clock.advance(MINUTE_MS);
    const made = [await world.preview(file), await world.preview(file), await world.preview(file)];
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await world.database.asProvider(world.scope.providerId, (tx) =>
        listRuns(tx, world.scope, { limit: 2, ...(cursor ? { cursor } : {}) }),
      );
      seen.push(...page.items.map((run) => run.id));
      cursor = page.nextCursor ?? undefined;
    } while (cursor);
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.slice(0, 3)).toEqual(made.map((run) => run.id).reverse());
  });

  it('show their rows by verdict and page', async () => {
    const run = await world.preview(csv('Surname,E-mail', 'Tran,', 'Lee,nonsense', 'Okoro,'));
    const page = (given: object) =>
      world.database.asProvider(world.scope.providerId, (tx) =>
        listRows(tx, run.id, { limit: 1, ...given }),
      );
    expect((await page({ verdict: 'faulty' })).items.map((row) => row.name)).toEqual(['Lee']);
    const first = await page({ verdict: 'new' });
    const second = await page({ verdict: 'new', cursor: first.nextCursor });
    expect([...first.items, ...second.items].map((row) => row.line)).toEqual([2, 4]);
    expect(second.nextCursor).toBeNull();
    await expect(page({ cursor: 'nonsense' })).rejects.toMatchObject({ code: 'request.invalid' });
  });
});
