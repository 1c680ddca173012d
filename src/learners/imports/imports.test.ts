import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ImportRun } from '#contract/imports';
import { addLearner } from '../add-learner.ts';
import { learnerHistory } from '../learner-history.ts';
import { newLearner } from '../learners.fixture.ts';
import { carryOut } from './carry-out.ts';
import { commitImport } from './commit-import.ts';
import { csv, type ImportsWorld, startImportsWorld, yesTo } from './imports.fixture.ts';
import { clientLine, postalLine, smallExport, textFile } from './nat-samples.fixture.ts';
import { setImportOptions } from './set-options.ts';
import { startImport } from './start-import.ts';

let world: ImportsWorld;
beforeAll(async () => {
  world = await startImportsWorld();
}, 60_000);
afterAll(() => world.close());
afterEach(() => world.empty());

const which = (run: ImportRun) => ({ providerId: world.scope.providerId, importId: run.id });

describe('an AVETMISS export', () => {
  it('is previewed, then carried out, in ordinary case, with a history for each learner', async () => {
    const started = await startImport(world, world.scope, {
      files: smallExport(),
      correctNameCase: true,
    });
    expect(started).toMatchObject({ kind: 'avetmiss', state: 'preview', startedBy: 'Robin Reyes' });
    expect(started.counts).toMatchObject({ total: 2, new: 2, applied: 0 });
    expect(await world.countLearners()).toBe(0);
    await commitImport(world, world.scope, yesTo(started));
    await carryOut(world, which(started));
    const run = await world.current(started);
    expect(run).toMatchObject({ state: 'done', counts: { applied: 2 } });
    expect(await world.countFiles(run.id)).toBe(0);
    const [mia] = await world.learnersOf(run);
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
    const run = await world.importing(smallExport(), { correctNameCase: false });
    const mia = (await world.learnersOf(run)).find((learner) => learner.refExternal === '41');
    expect(mia).toMatchObject({ firstName: 'MIA', email: 'mia@example.org' });
  });

  it('a second time changes nothing and writes nothing', async () => {
    const first = await world.importing(smallExport());
    const second = await world.importing(smallExport());
    expect(second.counts).toEqual({
      total: 2,
      new: 0,
      changed: 0,
      unchanged: 2,
      faulty: 0,
      applied: 0,
    });
    expect(await world.learnersOf(second)).toEqual(await world.learnersOf(first));
  });

  it('leaves out a second record of the same person, unless told that they are two', async () => {
    const twice = [
      textFile('NAT00080.txt', [clientLine(), clientLine({ clientId: '55' })]),
      textFile('NAT00085.txt', [postalLine(), postalLine({ clientId: '55' })]),
    ];
    const careful = await world.importing(twice);
    expect(careful.counts).toMatchObject({ new: 1, faulty: 1, applied: 1 });
    expect((await world.rowsOf(careful))[1]?.reasons).toEqual([
      'Looks like the same person as line 1: same name, date of birth and e-mail; left out so that nobody is here twice.',
    ]);
    const again = await world.importing(twice);
    expect(again.counts).toMatchObject({ unchanged: 1, faulty: 1 });
    const told = await world.importing(twice, { importLookAlikes: true });
    expect(told.counts).toMatchObject({ unchanged: 1, new: 1, applied: 1 });
    expect((await world.importing(twice)).counts).toMatchObject({ unchanged: 2, faulty: 0 });
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
    const run = await world.importing([csv(header, 's7,Mia,Tran-Lee,,,12 King St,Newtown')]);
    const [row] = await world.rowsOf(run);
    expect(row).toMatchObject({ verdict: 'changed', applied: true, learnerId: before.id });
    expect(row?.changes.map((change) => change.field)).toEqual([
      'Last name',
      'Street address, street number',
      'Street address, street name',
      'Street address, suburb',
    ]);
    const [after] = await world.learnersOf(run);
    expect(after).toMatchObject({
      email: 'mia@example.org',
      phoneMobile: '0400 111 222',
      revision: 2,
    });
  });

  it('replaces a street whole, so that no unit of the old one stays', async () => {
    await world.importing([csv('Code,Surname,Address,Suburb', 'A1,Tran,3/12 King St,Newtown')]);
    const run = await world.importing([csv('Code,Surname,Address', 'A1,Tran,The Old Mill')]);
    expect((await world.learnersOf(run))[0]?.streetAddress).toMatchObject({
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
        await world.importing([file]);
        const before = await world.countLearners();
        const second = await world.importing([file]);
        expect(second.counts.changed).toBe(0);
        // Rows without code, e-mail or birth date can't be known again; the preview shows them as new.
        const unknowable = rows.filter(([, , code, email]) => code === '' && email === '').length;
        expect(second.counts.new).toBeLessThanOrEqual(unknowable);
        expect(await world.countLearners()).toBeLessThanOrEqual(before + unknowable);
        await world.empty();
      }),
      { numRuns: 15, examples: [[[['""', '"#"', '', 'a@b.org']]]] },
    );
  });
});
