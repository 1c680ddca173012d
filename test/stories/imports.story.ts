import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { api } from '#contract/api';
import type { ImportRunId } from '#contract/ids';
import type { ImportRow } from '#contract/imports';
import type { Learner } from '#contract/learners';
import { openLive } from '../world/live-stream.ts';
import type { SignedIn } from '../world/people.ts';
import { startWorld, type World } from '../world/world.ts';

const EXPORT = fileURLToPath(new URL('../../../shared/data/avetmiss/', import.meta.url));
const hasExport = existsSync(EXPORT);
if (!hasExport) console.warn('No AVETMISS export of another system at hand: its story is skipped');

let world: World;
let admin: SignedIn;
beforeAll(async () => {
  world = await startWorld();
  admin = await world.people.admin();
});
afterAll(() => world.close());

const base64 = (text: string | Uint8Array) => Buffer.from(text).toString('base64');
const csvFile = (...lines: string[]) => ({
  name: 'people.csv',
  contentBase64: base64(lines.join('\n')),
});

function start(files: { name: string; contentBase64: string }[], who = admin) {
  return who.call(api.startImport, { body: { files } });
}

async function rowsOf(importId: ImportRunId): Promise<ImportRow[]> {
  const query = { limit: 200 };
  return (await admin.call(api.listImportRows, { params: { importId }, query })).items;
}

async function commit(importId: ImportRunId) {
  const params = { importId };
  const { previewVersion } = await admin.call(api.getImport, { params });
  await admin.call(api.commitImport, { params, body: { previewVersion } });
  await world.settle();
  return admin.call(api.getImport, { params: { importId } });
}

async function learnerByCode(code: string): Promise<Learner> {
  const { items } = await admin.call(api.listLearners, { query: { search: code, limit: 200 } });
  for (const { id } of items) {
    const learner = await admin.call(api.getLearner, { params: { learnerId: id } });
    if (learner.refExternal === code) return learner;
  }
  throw new Error(`Nobody has the code ${code}`);
}

describe('a table of people', () => {
  it('is matched, previewed, said yes to, and heard of by open pages', async () => {
    const run = await start([
      csvFile('Wer,Surname,Mail', 'Mia,Tran,mia@learner.example', 'Leo,Ito,nonsense'),
    ]);
    expect(run).toMatchObject({ state: 'mapping', startedBy: admin.name });
    const params = { importId: run.id };
    const early = await admin.refusal(api.commitImport, { params, body: { previewVersion: 0 } });
    expect(early.code).toBe('import.wrong-state');

    const unnamed = await admin.refusal(api.setImportOptions, {
      params,
      body: { mapping: { Wer: 'firstName' } },
    });
    expect(unnamed.code).toBe('import.mapping-incomplete');
    const mapping = { Wer: 'firstName', Surname: 'lastName', Mail: 'email' } as const;
    const preview = await admin.call(api.setImportOptions, { params, body: { mapping } });
    expect(preview).toMatchObject({ state: 'preview', counts: { new: 1, faulty: 1, applied: 0 } });
    expect((await admin.call(api.listLearners)).items).toEqual([]);

    const stream = await openLive(admin);
    const done = await commit(run.id);
    expect(done).toMatchObject({ state: 'done', counts: { new: 1, faulty: 1, applied: 1 } });
    expect(await rowsOf(run.id)).toMatchObject([
      { line: 2, verdict: 'new', name: 'Mia Tran', applied: true },
      {
        line: 3,
        verdict: 'faulty',
        applied: false,
        reasons: ['E-mail “nonsense” is not an e-mail address'],
      },
    ]);
    await stream.until((message) => message.topic === 'imports' && message.ids.includes(run.id));
    stream.close();
  });

  it('given again changes nothing; given with a new phone changes that alone', async () => {
    const header = 'First name,Surname,E-mail,Mobile';
    const again = await start([csvFile(header, 'MIA,TRAN,Mia@Learner.example,')]);
    const params = { importId: again.id };
    const same = await admin.call(api.setImportOptions, { params, body: {} });
    expect(same.counts).toMatchObject({ unchanged: 1, new: 0, changed: 0 });
    await admin.call(api.discardImport, { params });

    const changed = await start([csvFile(header, 'Mia,Tran,mia@learner.example,0400 111 222')]);
    await admin.call(api.setImportOptions, { params: { importId: changed.id }, body: {} });
    await commit(changed.id);
    const [mia] = (await admin.call(api.listLearners, { query: { search: 'mia' } })).items;
    expect(mia).toMatchObject({ phoneMobile: '0400 111 222', email: 'mia@learner.example' });
    if (!mia) throw new Error('Mia was imported');
    const history = await admin.call(api.learnerHistory, { params: { learnerId: mia.id } });
    expect(history.items.map((entry) => `${entry.actor}: ${entry.summary}`)).toEqual([
      `${admin.name}: Changed mobile`,
      `${admin.name}: Added`,
    ]);
  });

  it('is not imported by a yes to a preview that somebody has had made anew since', async () => {
    const files = [csvFile('Given name,Surname', 'Zoe,Anew')];
    const { id, state } = await start(files);
    expect(state).toBe('mapping');
    const params = { importId: id };
    const seen = await admin.call(api.setImportOptions, { params, body: {} });
    const owner = await world.people.owner();
    const mapping = { 'Given name': 'lastName', Surname: 'firstName' } as const;
    const anew = await owner.call(api.setImportOptions, { params, body: { mapping } });
    expect(anew.previewVersion).toBeGreaterThan(seen.previewVersion);
    const yes = ({ previewVersion }: typeof seen) => ({ params, body: { previewVersion } });
    expect(await admin.refusal(api.commitImport, yes(seen))).toMatchObject({
      code: 'request.conflict',
      detail: 'The preview was made anew since you looked, so nothing was imported.',
      way: expect.any(String),
    });
    await world.settle();
    const { items } = await admin.call(api.listLearners, { query: { search: 'zoe' } });
    expect(items).toEqual([]);
    await admin.call(api.commitImport, yes(await admin.call(api.getImport, { params })));
    await world.settle();
    const [zoe] = (await admin.call(api.listLearners, { query: { search: 'zoe' } })).items;
    expect(zoe?.name).toBe('Anew Zoe');
  });

  it('that is ragged is refused whole, with the line and column', async () => {
    const before = await admin.call(api.listImports);
    const body = { files: [csvFile('Surname,E-mail', 'Tran,t@learner.example', 'Lee')] };
    const problem = await admin.refusal(api.startImport, { body });
    expect(problem).toMatchObject({
      code: 'import.unreadable',
      detail: 'people.csv, line 3, column 2: this row has 1 columns where the header has 2.',
    });
    expect(await admin.call(api.listImports)).toEqual(before);
  });
});

it('takes odd characters in names of files, headers and cells', async () => {
  const long = `${'x'.repeat(79)}😀${'x'.repeat(113)}😀`;
  const file = csvFile(`Surname,DOB,${long}`, `Odd,${'y'.repeat(59)}😀,${long}`);
  const run = await start([{ ...file, name: 'a\u0000b\ud83d.csv' }]);
  expect(run.fileNames).toEqual(['ab.csv']);
  const mapping = { Surname: 'lastName', DOB: 'dateOfBirth' } as const;
  const params = { importId: run.id };
  const preview = await admin.call(api.setImportOptions, { params, body: { mapping } });
  expect(preview.counts).toMatchObject({ total: 1, faulty: 1 });
  await admin.call(api.discardImport, { params });
});

describe('who may import', () => {
  it('owners and admins; others are told whom to ask', async () => {
    const staff = await world.people.staff();
    const problem = await staff.refusal(api.startImport, {
      body: { files: [csvFile('Surname', 'Tran')] },
    });
    expect(problem.code).toBe('permission.missing');
    expect(problem.whoMay).toContainEqual({ name: admin.name, role: 'Admin' });
  });

  it('nobody sees another provider’s imports', async () => {
    const run = await start([csvFile('Surname', 'Tran')]);
    const neighbour = await world.neighbours.owner();
    const params = { importId: run.id };
    const refusals = [
      await neighbour.refusal(api.getImport, { params }),
      await neighbour.refusal(api.listImportRows, { params }),
      await neighbour.refusal(api.setImportOptions, { params, body: {} }),
      await neighbour.refusal(api.commitImport, { params, body: { previewVersion: 1 } }),
      await neighbour.refusal(api.discardImport, { params }),
    ];
    expect(refusals.map((problem) => problem.code)).toEqual(Array(5).fill('request.not-found'));
    expect((await neighbour.call(api.listImports)).items).toEqual([]);
    await admin.call(api.discardImport, { params });
  });
});

describe.skipIf(!hasExport)('the export of another student system', () => {
  const files = () =>
    readdirSync(EXPORT).map((name) => ({
      name,
      contentBase64: base64(readFileSync(join(EXPORT, name))),
    }));

  it('gives thirteen people with right names, e-mails, phones and addresses', async () => {
    const run = await start(files());
    expect(run).toMatchObject({
      kind: 'avetmiss',
      state: 'preview',
      counts: { total: 14, new: 13, faulty: 1 },
    });
    expect(run.remarks.join()).toContain('Left out: NAT00010.txt (training organisation, 1 line)');
    expect(run.remarks.join()).toContain('NAT00120.txt (enrolments, 69 lines)');
    expect(await commit(run.id)).toMatchObject({ state: 'done', counts: { applied: 13 } });

    expect(await learnerByCode('11')).toMatchObject({
      title: 'Ms',
      firstName: 'Angie',
      lastName: 'Jones',
      gender: 'Female',
      dateOfBirth: '1983-03-09',
      email: 'angela@example.com',
      phoneHome: '023434343',
      phoneWork: '028787979',
      phoneMobile: '043983784',
      usi: 'TuJ821sS',
      streetAddress: {
        unit: 'Room 3',
        streetNumber: '10',
        streetName: 'Lincoln St',
        suburb: 'Chatswood',
        state: 'NSW',
        postcode: '2400',
        country: 'AU',
      },
    });
    expect(await learnerByCode('10')).toMatchObject({
      firstName: 'Mark',
      gender: null,
      phoneHome: null,
      phoneWork: '0256667976',
      streetAddress: { streetName: 'Allison Rd', suburb: 'Bondi', state: null, postcode: null },
    });
    expect(await learnerByCode('14')).toMatchObject({ middleName: 'Michael', dateOfBirth: null });
    expect(await learnerByCode('24')).toMatchObject({ email: null, phoneMobile: '0411222222' });
    expect((await learnerByCode('25')).streetAddress).toMatchObject({
      building: 'Room L4,47',
      streetNumber: null,
      streetName: 'The Quadrangle A14',
      suburb: 'The University of Sydney',
    });
    expect((await learnerByCode('17')).streetAddress.streetName).toBe('100 to 200 Hason St');
  });

  it('holds one person twice, and says so', async () => {
    const run = await start(files());
    expect(run.counts).toMatchObject({ new: 0, changed: 0, unchanged: 13, faulty: 1 });
    const faulty = (await rowsOf(run.id)).filter((row) => row.verdict === 'faulty');
    expect(faulty).toMatchObject([{ line: 13, name: 'Simon Clay' }]);
    expect(faulty[0]?.reasons[0]).toMatch(/^Looks like Simon Clay \(L\d+\), who has another code/);
    const params = { importId: run.id };
    const body = { importLookAlikes: true };
    const told = await admin.call(api.setImportOptions, { params, body });
    expect(told.counts).toMatchObject({ new: 1, unchanged: 13, faulty: 0 });
    await admin.call(api.discardImport, { params });
  });
});
