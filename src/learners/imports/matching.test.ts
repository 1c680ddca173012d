import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { emptyAddress } from '#contract/learners';
import { addLearner } from '../add-learner.ts';
import { newLearner } from '../learners.fixture.ts';
import { csv, type ImportsWorld, startImportsWorld } from './imports.fixture.ts';

let world: ImportsWorld;
beforeAll(async () => {
  world = await startImportsWorld();
}, 60_000);
afterAll(() => world.close());
afterEach(() => world.empty());

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
    const same = await world.importing([
      csv(header, 'S1,ZOE,OBRIEN,ZOE@EXAMPLE.ORG,0400111222,1 ST JOHNS WAY,MACGREGOR'),
    ]);
    expect(same.counts).toMatchObject({ unchanged: 1, changed: 0 });
    const written = await world.importing([csv(header, 'S1,Zoé,OBrien,,,,')]);
    expect((await world.rowsOf(written))[0]?.changes.map((change) => change.to)).toEqual([
      'Zoé',
      'OBrien',
    ]);
  });
});

describe('a row with nothing but a name', () => {
  const header = 'First name,Surname,Mobile';
  const lines = ['Ada,Lim,0400 111 222', 'Bo,Chen,'];

  it('is not added again by the same file', async () => {
    const first = await world.importing([csv(header, ...lines)]);
    expect(first.counts).toMatchObject({ new: 2, applied: 2 });
    const again = await world.importing([csv(header, ...lines)]);
    expect(again.counts).toMatchObject({ new: 0, changed: 0, unchanged: 2, faulty: 0, applied: 0 });
  });

  it('is held back when it says something new of somebody with that name', async () => {
    await world.importing([csv(header, ...lines)]);
    const run = await world.preview(csv(header, 'ADA,LIM,0499 999 999', 'Bo,Chen,0400 000 000'));
    expect(run.counts).toMatchObject({ new: 0, faulty: 2 });
    expect((await world.rowsOf(run))[0]?.reasons[0]).toMatch(
      /^Has the name of Ada Lim \(L\d+\) and no code, date of birth or e-mail to tell by;/,
    );
  });

  it('stands once in a file', async () => {
    const run = await world.preview(csv(header, 'Ada,Lim,0400 111 222', 'Ada,Lim,0400 111 222'));
    expect(run.counts).toMatchObject({ new: 1, faulty: 1 });
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
    const run = await world.preview(csv(header, line));
    return (await world.rowsOf(run))[0];
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
    ['the name when there is nothing else', ',,Zoë,O’Brien,,', { verdict: 'faulty' }],
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
    const rows = await world.rowsOf(await world.preview(csv(header, ...lines)));
    expect(rows.map((row) => row.reasons[0])).toEqual([
      'Matched by learner number S1.',
      'Is the same learner as line 2.',
      undefined,
      'Has the same code 5 as line 4.',
    ]);
  });
});
