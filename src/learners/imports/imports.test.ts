import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ImportRunId } from '#contract/ids';
import type { ImportRow, ImportRun } from '#contract/imports';
import { emptyAddress, LearnerChange } from '#contract/learners';
import { DAY_MS, MINUTE_MS } from '#platform/clock';
import { addLearner } from '../add-learner.ts';
import { editLearner } from '../edit-learner.ts';
import { learnerHistory } from '../learner-history.ts';
import { loadLearners } from '../learner-store.ts';
import { type LearnersWorld, newLearner, startLearnersWorld } from '../learners.fixture.ts';
import { applyBatch } from './apply-batch.ts';
import { carryOut, tidyImports } from './carry-out.ts';
import { commitImport, discardImport } from './commit-import.ts';
import { importFromFiles } from './import-from-files.ts';
import type { GivenFile } from './import-record.ts';
import { listRuns, loadRun, toRun } from './import-store.ts';
import { clientLine, postalLine, smallExport, textFile } from './nat-samples.fixture.ts';
import { listRows } from './row-store.ts';
import { type ImportOptions, setImportOptions } from './set-options.ts';
import { startImport } from './start-import.ts';

let world: LearnersWorld;
beforeAll(async () => {
  world = await startLearnersWorld();
});
afterAll(() => world.close());
afterEach(() => inProvider((tx) => sql`delete from learners`.execute(tx)));

const inProvider = <T>(work: Parameters<LearnersWorld['database']['asProvider']>[1]) =>
  world.database.asProvider(world.scope.providerId, work) as Promise<T>;

const csv = (...lines: string[]): GivenFile => textFile('people.csv', lines);

function importing(files: GivenFile[], options: ImportOptions = {}): Promise<ImportRun> {
  return importFromFiles(world, world.scope, files, options);
}

async function preview(file: GivenFile): Promise<ImportRun> {
  const run = await startImport(world, world.scope, { files: [file], correctNameCase: true });
  return run.state === 'preview' ? run : setImportOptions(world, world.scope, run.id, {});
}

async function rowsOf(run: ImportRun): Promise<ImportRow[]> {
  const page = await world.database.asProvider(world.scope.providerId, (tx) =>
    listRows(tx, run.id, { limit: 200 }),
  );
  return page.items;
}

async function learnersOf(run: ImportRun) {
  const ids = (await rowsOf(run)).flatMap((row) => (row.learnerId ? [row.learnerId] : []));
  return world.database.asProvider(world.scope.providerId, (tx) =>
    loadLearners(tx, world.scope, ids),
  );
}

function countLearners(): Promise<number> {
  return world.database.asProvider(world.scope.providerId, async (tx) => {
    const counted = await sql<{ n: number }>`select count(*)::int as n from learners`.execute(tx);
    return counted.rows[0]?.n ?? -1;
  });
}

function countFiles(id: ImportRunId): Promise<number> {
  return world.database.asProvider(world.scope.providerId, async (tx) => {
    const files = await tx
      .selectFrom('import_files')
      .select('position')
      .where('import_id', '=', id)
      .execute();
    return files.length;
  });
}

const which = (run: ImportRun) => ({ providerId: world.scope.providerId, importId: run.id });
const current = (run: ImportRun) =>
  world.database.asProvider(world.scope.providerId, async (tx) =>
    toRun(await loadRun(tx, world.scope, run.id)),
  );

describe('an AVETMISS export', () => {
  it('is previewed, then carried out, in ordinary case, with a history for each learner', async () => {
    const started = await startImport(world, world.scope, {
      files: smallExport(),
      correctNameCase: true,
    });
    expect(started).toMatchObject({ kind: 'avetmiss', state: 'preview', startedBy: 'Robin Reyes' });
    expect(started.counts).toMatchObject({ total: 2, new: 2, applied: 0 });
    expect(await countLearners()).toBe(0);
    await commitImport(world, world.scope, started.id);
    await carryOut(world, which(started));
    const run = await current(started);
    expect(run).toMatchObject({ state: 'done', counts: { applied: 2 } });
    expect(await countFiles(run.id)).toBe(0);
    const [mia] = await learnersOf(run);
    expect(mia).toMatchObject({
      firstName: 'Mia',
      lastName: 'Tran',
      refExternal: '41',
      revision: 1,
    });
    const scope = world.scope;
    const history = mia ? await learnerHistory(world, scope, mia.id, { limit: 5 }) : null;
    expect(history?.items).toMatchObject([{ summary: 'Added', actor: 'Robin Reyes' }]);
  });

  it('keeps capitals when told to, save in e-mail addresses', async () => {
    const run = await importing(smallExport(), { correctNameCase: false });
    const mia = (await learnersOf(run)).find((learner) => learner.refExternal === '41');
    expect(mia).toMatchObject({ firstName: 'MIA', email: 'mia@example.org' });
  });

  it('a second time changes nothing and writes nothing', async () => {
    const first = await importing(smallExport());
    const second = await importing(smallExport());
    expect(second.counts).toEqual({
      total: 2,
      new: 0,
      changed: 0,
      unchanged: 2,
      faulty: 0,
      applied: 0,
    });
    expect(await learnersOf(second)).toEqual(await learnersOf(first));
  });

  it('leaves out a second record of the same person, unless told that they are two', async () => {
    const twice = [
      textFile('NAT00080.txt', [clientLine(), clientLine({ clientId: '55' })]),
      textFile('NAT00085.txt', [postalLine(), postalLine({ clientId: '55' })]),
    ];
    const careful = await importing(twice);
    expect(careful.counts).toMatchObject({ new: 1, faulty: 1, applied: 1 });
    expect((await rowsOf(careful))[1]?.reasons).toEqual([
      'Looks like the same person as line 1: same name, date of birth and e-mail; left out so that nobody is here twice.',
    ]);
    const again = await importing(twice);
    expect(again.counts).toMatchObject({ unchanged: 1, faulty: 1 });
    const told = await importing(twice, { importLookAlikes: true });
    expect(told.counts).toMatchObject({ unchanged: 1, new: 1, applied: 1 });
    expect((await importing(twice)).counts).toMatchObject({ unchanged: 2, faulty: 0 });
  });
});

describe('a table', () => {
  it('waits for its columns to be matched', async () => {
    const file = csv('Wer,Surname,Mail', 'Mia,Tran,mia@example.org', 'Ben,Okoro,');
    const run = await startImport(world, world.scope, { files: [file], correctNameCase: true });
    expect(run.state).toBe('mapping');
    expect(run.columns).toEqual([
      { name: 'Wer', samples: ['Mia', 'Ben'], target: null },
      { name: 'Surname', samples: ['Tran', 'Okoro'], target: 'lastName' },
      { name: 'Mail', samples: ['mia@example.org'], target: 'email' },
    ]);
    const mapping = { Wer: 'firstName', Surname: 'lastName', Mail: 'email' } as const;
    const mapped = await setImportOptions(world, world.scope, run.id, { mapping });
    expect(mapped).toMatchObject({ state: 'preview', counts: { new: 2 } });
    const fewer = { mapping: { Surname: 'lastName' as const } };
    const remapped = await setImportOptions(world, world.scope, run.id, fewer);
    expect(remapped.remarks).toEqual(['Columns left out: Wer, Mail.']);
    expect(remapped.counts.total).toBe(2);
  });

  it('changes what it fills, says which fields, and never erases with an empty cell', async () => {
    const header = 'Learner number,First name,Surname,E-mail,Mobile,Address,Suburb';
    const before = await addLearner(
      world,
      world.scope,
      newLearner({ learnerNumber: 'S7', email: 'mia@example.org', phoneMobile: '0400 111 222' }),
    );
    const run = await importing([csv(header, 's7,Mia,Tran-Lee,,,12 King St,Newtown')]);
    const [row] = await rowsOf(run);
    expect(row).toMatchObject({ verdict: 'changed', applied: true, learnerId: before.id });
    expect(row?.changes.map((change) => change.field)).toEqual([
      'Last name',
      'Street address, street number',
      'Street address, street name',
      'Street address, suburb',
    ]);
    const [after] = await learnersOf(run);
    expect(after).toMatchObject({
      email: 'mia@example.org',
      phoneMobile: '0400 111 222',
      revision: 2,
    });
  });

  it('replaces a street whole, so that no unit of the old one stays', async () => {
    await importing([csv('Code,Surname,Address,Suburb', 'A1,Tran,3/12 King St,Newtown')]);
    const run = await importing([csv('Code,Surname,Address', 'A1,Tran,The Old Mill')]);
    expect((await learnersOf(run))[0]?.streetAddress).toMatchObject({
      unit: null,
      streetNumber: null,
      streetName: 'The Old Mill',
      suburb: 'Newtown',
    });
  });

  it('twice changes nothing, whatever stands in it', async () => {
    const cell = fc
      .string({ unit: 'grapheme', maxLength: 10 })
      .map((text) => `"${text.replaceAll('"', '')}"`);
    const row = fc.tuple(
      cell,
      cell,
      fc.constantFrom('', 'A1', 'A2', 'A3'),
      fc.constantFrom('', 'a@b.org', 'c@d.org'),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 6 }), async (rows) => {
        const file = csv(
          'First name,Surname,Code,E-mail',
          '"Ann","Example","Z1",""',
          ...rows.map((cells) => cells.join(',')),
        );
        await importing([file]);
        const before = await countLearners();
        const second = await importing([file]);
        expect(second.counts.changed).toBe(0);
        // Rows without code, e-mail or birth date can't be known again; the preview shows them as new.
        const unknowable = rows.filter(([, , code, email]) => code === '' && email === '').length;
        expect(second.counts.new).toBeLessThanOrEqual(unknowable);
        expect(await countLearners()).toBeLessThanOrEqual(before + unknowable);
        await inProvider((tx) => sql`delete from learners`.execute(tx));
      }),
      { numRuns: 15 },
    );
  });
});

describe('the same in another spelling', () => {
  it('changes nothing: capitals, spaces in phones, case of e-mails', async () => {
    const street = {
      ...emptyAddress,
      streetNumber: '1',
      streetName: "St John's Way",
      suburb: 'MacGregor',
    };
    const given = {
      firstName: 'Zoë',
      lastName: "O'Brien",
      email: 'Zoe@Example.org',
      phoneMobile: '0400 111 222',
    };
    await addLearner(
      world,
      world.scope,
      newLearner({ ...given, learnerNumber: 'S1', streetAddress: street }),
    );
    const header = 'Learner number,First name,Surname,E-mail,Mobile,Address,Suburb';
    const same = await importing([
      csv(header, 'S1,ZOE,OBRIEN,ZOE@EXAMPLE.ORG,0400111222,1 ST JOHNS WAY,MACGREGOR'),
    ]);
    expect(same.counts).toMatchObject({ unchanged: 1, changed: 0 });
    const written = await importing([csv(header, 'S1,Zoé,OBrien,,,,')]);
    expect((await rowsOf(written))[0]?.changes.map((change) => change.to)).toEqual([
      'Zoé',
      'OBrien',
    ]);
  });
});

describe('whom a row is about', () => {
  const header = 'Learner number,Code,First name,Surname,DOB,E-mail';
  const known = {
    firstName: 'Zoë',
    lastName: "O'Brien",
    dateOfBirth: '2001-04-05',
    email: 'zoe@example.org',
  };

  async function verdictOf(line: string, given: Parameters<typeof newLearner>[0] = {}) {
    await addLearner(world, world.scope, newLearner({ ...known, learnerNumber: 'S1', ...given }));
    const run = await preview(csv(header, line));
    return (await rowsOf(run))[0];
  }

  it.each([
    [
      'the learner number first',
      's 1,,Zoë,Smith,,',
      { verdict: 'changed', reasons: ['Matched by learner number S1.'] },
    ],
    [
      'then your own code',
      ',007,Zoe,Smith,,',
      { verdict: 'changed', reasons: ['Matched by your own code 007.'] },
    ],
    [
      'then name and date of birth',
      ',,ZOE,O BRIEN,5/4/2001,',
      { reasons: ['Matched by name and date of birth.'] },
    ],
    [
      'or name and e-mail',
      ',,zoe,obrien,,ZOE@example.org',
      { reasons: ['Matched by name and e-mail.'] },
    ],
    ['nobody with the same name alone', ',,Zoë,OBrien,,', { verdict: 'new', reasons: [] }],
    ['nobody born on another day', ',,Zoë,OBrien,6/4/2001,zoe@example.org', { verdict: 'new' }],
    [
      'nobody in the family with the same e-mail',
      ',,Max,OBrien,,zoe@example.org',
      { verdict: 'new' },
    ],
  ])('is told by %s', async (_, line, expected) => {
    expect(await verdictOf(line, { refExternal: '7' })).toMatchObject(expected);
  });

  it.each([
    [
      'a code that belongs to someone wholly else',
      ',7,Ada,Lovelace,,',
      "By your own code 7 this is Zoë O'Brien (S1), but the record names Ada Lovelace.",
    ],
    [
      'a new number for a code that is here',
      'S9,7,Zoë,OBrien,,',
      "Learner number S9 is nobody’s, but code 7 is Zoë O'Brien (S1)’s.",
    ],
    [
      'the same person under another code',
      ',8,Zoë,OBrien,5/4/2001,',
      "Looks like Zoë O'Brien (S1), who has another code: same name and date of birth; left out so that nobody is here twice.",
    ],
    [
      'the same person under another number',
      'S2,,Zoë,OBrien,5/4/2001,zoe@example.org',
      "Looks like Zoë O'Brien (S1), who has another learner number: same name, date of birth and e-mail; left out so that nobody is here twice.",
    ],
    [
      'no name at all',
      ',99,,,,x@example.org',
      'There is no name, and nobody here has this code or number.',
    ],
  ])('is never guessed: %s', async (_, line, reason) => {
    expect(await verdictOf(line, { refExternal: '7' })).toMatchObject({
      verdict: 'faulty',
      reasons: [reason],
    });
  });

  it('is not told between two people of one name and birth date', async () => {
    await addLearner(world, world.scope, newLearner({ ...known, saveAnyway: true, email: null }));
    const row = await verdictOf(',,Zoë,OBrien,5/4/2001,', { saveAnyway: true });
    expect(row).toMatchObject({ verdict: 'faulty' });
    expect(row?.reasons[0]).toContain('Could be any of');
  });

  it('gives a learner without code the code of the record', async () => {
    const row = await verdictOf(',8,ZOE,O BRIEN,5/4/2001,');
    expect(row?.changes).toEqual([{ field: 'Your own code', from: null, to: '8' }]);
  });

  it('finds the same code or learner twice in one file', async () => {
    await addLearner(world, world.scope, newLearner({ ...known, learnerNumber: 'S1' }));
    const lines = ['S1,,,,,', ',,Zoë,OBrien,5/4/2001,', ',5,A,B,,', ',05,C,D,,'];
    const rows = await rowsOf(await preview(csv(header, ...lines)));
    expect(rows.map((row) => row.reasons[0])).toEqual([
      'Matched by learner number S1.',
      'Is the same learner as line 2.',
      undefined,
      'Has the same code 5 as line 4.',
    ]);
  });
});

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
    const run = await preview(people(450));
    await commitImport(world, world.scope, run.id);
    expect(await applyBatch(world, world.scope.providerId, run.id)).toBe('more');
    expect((await current(run)).counts.applied).toBe(200);
    await carryOut(world, which(run));
    expect(await current(run)).toMatchObject({ state: 'done', counts: { new: 450, applied: 450 } });
    await carryOut(world, which(run));
    expect(await countLearners()).toBe(450);
  });

  it('by two workers at once adds nobody twice', async () => {
    const run = await preview(people(410));
    await commitImport(world, world.scope, run.id);
    await Promise.all([carryOut(world, which(run)), carryOut(world, which(run))]);
    expect(await countLearners()).toBe(410);
    expect((await current(run)).counts.applied).toBe(410);
  });

  it('leaves out what changed since the preview that was said yes to', async () => {
    await importing([people(3)]);
    const run = await preview(people(4, 'Glebe'));
    const [first, second] = await learnersOf(run);
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
    await commitImport(world, world.scope, run.id);
    await carryOut(world, which(run));
    const rows = await rowsOf(run);
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
    expect((await current(run)).counts).toMatchObject({ faulty: 2, applied: 1 });
    expect(await countLearners()).toBe(4);
  });

  it('takes two look-alikes without codes when told that they are two people', async () => {
    const file = csv('First name,Surname,DOB', 'Mia,Tran,5/4/2001', 'Mia,Tran,5/4/2001');
    expect((await importing([file], { importLookAlikes: true })).counts.applied).toBe(2);
    expect(await countLearners()).toBe(2);
  });

  it('gives up after several stops without progress, and says what to do', async () => {
    const run = await preview(people(2));
    await commitImport(world, world.scope, run.id);
    const broken = {
      ...world,
      events: { ...world.events, append: () => Promise.reject(new Error('stopped')) },
    };
    for (let stop = 0; stop < 5; stop += 1) {
      await expect(carryOut(broken, which(run))).rejects.toThrow('stopped');
    }
    await carryOut(broken, which(run));
    const failed = await current(run);
    expect(failed.state).toBe('failed');
    expect(failed.failure).toContain('Import the file again');
    expect(await countLearners()).toBe(0);
  });
});

describe('the steps of a run', () => {
  const file = csv('Surname', 'Tran');

  it('are kept in order', async () => {
    const run = await startImport(world, world.scope, { files: [file], correctNameCase: true });
    await expect(commitImport(world, world.scope, run.id)).rejects.toMatchObject({
      code: 'import.wrong-state',
    });
    await setImportOptions(world, world.scope, run.id, {});
    await commitImport(world, world.scope, run.id);
    const late = [
      () => commitImport(world, world.scope, run.id),
      () => discardImport(world, world.scope, run.id),
      () => setImportOptions(world, world.scope, run.id, {}),
    ];
    for (const step of late)
      await expect(step()).rejects.toMatchObject({ code: 'import.wrong-state' });
  });

  it('of another provider are not found', async () => {
    const run = await preview(file);
    const work = commitImport(world, world.otherScope, run.id);
    await expect(work).rejects.toMatchObject({ code: 'request.not-found' });
  });

  it('end with discarding, which may be repeated', async () => {
    const run = await preview(file);
    await discardImport(world, world.scope, run.id);
    await discardImport(world, world.scope, run.id);
    expect((await current(run)).state).toBe('discarded');
    expect(await rowsOf(run)).toEqual([]);
    expect(await countFiles(run.id)).toBe(0);
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
    const lost = await preview(file);
    await commitImport(world, world.scope, lost.id, 'here');
    const waiting = await preview(file);
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
    expect((await current(waiting)).state).toBe('preview');
    world.clock.advance(7 * DAY_MS);
    await tidyImports(world);
    expect((await current(waiting)).state).toBe('discarded');
    expect(await countFiles(waiting.id)).toBe(0);

    async function expectJob(run: ImportRun, isThere: boolean) {
      expect((await jobs()).includes(`carry-out-import:${run.id}`)).toBe(isThere);
    }
  });

  it('are listed newest first, page by page, each once', async () => {
    world.clock.advance(MINUTE_MS);
    const made = [await preview(file), await preview(file), await preview(file)];
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
    const run = await preview(csv('Surname,E-mail', 'Tran,', 'Lee,nonsense', 'Okoro,'));
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
