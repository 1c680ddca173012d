import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { api } from '#contract/api';
import type { LearnerId } from '#contract/ids';
import type { NewWorkplace, Workplace } from '#contract/workplaces';
import { MINUTE_MS } from '#platform/clock';
import { xeroOrgs } from '../world/connect-xero.ts';
import { type ConnectedWorld, startConnectedWorld } from '../world/connected.ts';

let world: ConnectedWorld;
beforeAll(async () => {
  world = await startConnectedWorld();
});
afterAll(() => world.close());

const add = (fields: z.input<typeof NewWorkplace>) =>
  world.owner.call(api.addWorkplace, { body: fields });
const edit = (workplace: Workplace, fields: object) =>
  world.owner.call(api.editWorkplace, {
    params: { workplaceId: workplace.id },
    body: { revision: workplace.revision, ...fields },
  });
const list = (query: Record<string, string | number> = {}) =>
  world.owner.call(api.listWorkplaces, { query });
const namesOf = async (query?: Record<string, string | number>) =>
  (await list(query)).items.map((row) => row.name);

describe('the workplaces of a provider', () => {
  it('are added, found by any of their words, changed, and made inactive', async () => {
    const bakery = await add({
      name: 'Quay Bakery',
      legalName: 'QB Holdings Pty Ltd',
      businessNumber: '51 824 753 556',
      email: 'pay@quaybakery.example',
      phone: '02 9000 0001',
      contactFirstName: 'Ina',
      contactLastName: 'Moss',
    });
    expect(bakery).toMatchObject({ workplaceNumber: 'WP-00001', revision: 1, isActive: true });
    await add({ name: 'Älpine Tools' });
    for (const search of ['quay', 'holdings', '51824753556', 'pay@quay', 'WP-1', 'moss', '1']) {
      expect(await namesOf({ search })).toEqual(['Quay Bakery']);
    }
    expect(await namesOf({ search: 'quay tools' })).toEqual([]);

    const changed = await edit(bakery, { phone: null, isActive: false });
    expect(changed).toMatchObject({ revision: 2, phone: null, name: 'Quay Bakery' });
    expect(await namesOf({ active: 'true' })).toEqual(['Älpine Tools']);
    await expect(edit(bakery, { phone: '1' })).rejects.toMatchObject({
      problem: { code: 'request.conflict' },
    });
    await expect(edit(changed, { name: ' ' })).rejects.toMatchObject({
      problem: { code: 'request.invalid' },
    });

    const { items } = await world.owner.call(api.workplaceHistory, {
      params: { workplaceId: bakery.id },
    });
    expect(items.map((entry) => entry.summary)).toEqual(['Changed phone and active', 'Added']);
  });

  it('are listed by name, each once, page by page', async () => {
    for (let one = 0; one < 5; one += 1) await add({ name: `Page ${one}`, saveAnyway: true });
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const query: Record<string, string | number> = { search: 'page', limit: 2 };
      const page = await list(cursor === null ? query : { ...query, cursor });
      seen.push(...page.items.map((row) => row.name));
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(seen).toEqual(['Page 0', 'Page 1', 'Page 2', 'Page 3', 'Page 4']);
    expect(await namesOf({ search: 'page', direction: 'desc', limit: 1 })).toEqual(['Page 4']);
    await expect(list({ cursor: 'nonsense' })).rejects.toMatchObject({
      problem: { code: 'request.invalid' },
    });
  });

  it('are asked about when one like it is here: by name, business number or e-mail', async () => {
    await add({ name: 'Harbour Steel Pty Ltd', businessNumber: '11 222 333 444' });
    const twins = [
      { name: 'HARBOUR STEEL' },
      { name: 'Other', businessNumber: '11222333444' },
      { name: 'Third', legalName: 'Harbour Steel Limited' },
    ];
    for (const twin of twins) {
      await expect(add(twin)).rejects.toMatchObject({
        problem: {
          code: 'workplace.possible-duplicate',
          similarWorkplaces: [{ name: 'Harbour Steel Pty Ltd' }],
        },
      });
    }
    const kept = await add({ name: 'Harbour Steel', saveAnyway: true });
    expect(await edit(kept, { phone: '1' })).toMatchObject({ phone: '1' });
  });

  it('have numbers that no learner has or can have', async () => {
    for (const learnerNumber of ['WP-00001', 'wp-9', 'W P-7']) {
      const added = world.addLearner({ firstName: 'Ann', lastName: 'Number', learnerNumber });
      await expect(added).rejects.toMatchObject({ problem: { code: 'request.invalid' } });
    }
    // From before workplaces had numbers of their own.
    const next = await add({ name: 'Before' });
    const taken = `WP-${String(Number(next.workplaceNumber.slice(3)) + 1).padStart(5, '0')}`;
    const learner = await world.addLearner({ firstName: 'Old', lastName: 'Number' });
    const database = new pg.Client({ connectionString: world.config.databaseUrl });
    await database.connect();
    await database.query('update learners set learner_number = $1, number_key = $2 where id = $3', [
      taken,
      taken.toLowerCase(),
      learner.id,
    ]);
    await database.end();
    expect((await add({ name: 'After' })).workplaceNumber).not.toBe(taken);
  });

  it('are seen by all, changed by those who may, and turned to Xero by those who may', async () => {
    const staff = await world.apiClient('staff');
    const finance = await world.apiClient('finance');
    const made = await staff.call(api.addWorkplace, { body: { name: 'By Staff' } });
    const params = { workplaceId: made.id };
    const missing = { problem: { code: 'permission.missing' } };
    await expect(
      staff.call(api.addWorkplace, { body: { name: 'Staff and Xero', syncToXero: true } }),
    ).rejects.toMatchObject(missing);
    await expect(
      staff.call(api.setWorkplaceSync, { params, body: { syncToXero: true } }),
    ).rejects.toMatchObject(missing);
    await expect(
      finance.call(api.editWorkplace, { params, body: { revision: 1, phone: '1' } }),
    ).rejects.toMatchObject(missing);
    const on = await finance.call(api.setWorkplaceSync, { params, body: { syncToXero: true } });
    expect(on).toMatchObject({ syncToXero: true, revision: 2 });
    const seen = await staff.call(api.getWorkplace, { params });
    expect(seen.name).toBe('By Staff');
  });
});

describe('where learners work', () => {
  it('is set on the learner and seen on both sides', async () => {
    const mill = await add({ name: 'Old Mill' });
    const yard = await add({ name: 'Ship Yard' });
    const ana = await world.addLearner({ firstName: 'Ana', lastName: 'Works' });
    const ben = await world.addLearner({ firstName: 'Ben', lastName: 'Works' });
    const put = (learnerId: typeof ana.id, workplaceId: typeof mill.id | null) =>
      world.owner.call(api.setLearnerWorkplace, { params: { learnerId }, body: { workplaceId } });
    const learnersAt = async (workplaceId: typeof mill.id) => {
      const page = await world.owner.call(api.listWorkplaceLearners, { params: { workplaceId } });
      return page.items.map((one) => one.name);
    };
    await put(ana.id, mill.id);
    expect(await put(ben.id, mill.id)).toMatchObject({ workplace: { name: 'Old Mill' } });
    expect(await learnersAt(mill.id)).toEqual(['Ana Works', 'Ben Works']);
    await put(ben.id, yard.id);
    expect(await learnersAt(mill.id)).toEqual(['Ana Works']);
    const rows = (await list({ search: 'mill' })).items;
    expect(rows).toMatchObject([{ name: 'Old Mill', learners: 1 }]);

    const { items } = await world.owner.call(api.learnerHistory, {
      params: { learnerId: ben.id },
    });
    expect(items.map((entry) => entry.summary)).toContain('Works at Ship Yard');

    await put(ben.id, null);
    expect(await world.owner.call(api.learnerWorkplace, { params: { learnerId: ben.id } })).toEqual(
      { workplace: null },
    );
    const other = '01890000-0000-7000-8000-00000000dead' as typeof mill.id;
    await expect(put(ben.id, other)).rejects.toMatchObject({
      problem: { code: 'request.not-found' },
    });
  });

  it('goes with a merge, and back when that is undone', async () => {
    const mill = await add({ name: 'Wind Mill' });
    const kept = await world.addLearner({ firstName: 'Kim', lastName: 'Twice' });
    const gone = await world.addLearner({ firstName: 'Kim', lastName: 'Twice' });
    await world.owner.call(api.setLearnerWorkplace, {
      params: { learnerId: gone.id },
      body: { workplaceId: mill.id },
    });
    const params = { learnerId: kept.id };
    const workplace = async () =>
      (await world.owner.call(api.learnerWorkplace, { params })).workplace?.name;
    const body = { otherLearnerId: gone.id, revision: 1, otherRevision: 1 };
    await world.owner.call(api.mergeLearners, { params, body });
    expect(await workplace()).toBe('Wind Mill');
    const { merges } = await world.owner.call(api.listLearnerMerges, { params });
    const mergeId = merges[0]?.id ?? '';
    await world.owner.call(api.undoLearnerMerge, { params: { ...params, mergeId } });
    expect(await workplace()).toBeUndefined();
  });
});

describe('a workplace in Xero', () => {
  const contactOf = (workplace: Workplace) =>
    world.bookkeeper.findContact(workplace.workplaceNumber);
  const syncOf = (workplace: Workplace) =>
    world.owner.call(api.workplaceSync, { params: { workplaceId: workplace.id } });

  it('becomes a contact with its own code, and follows each edit', async () => {
    const forge = await add({
      name: 'Hill Forge',
      legalName: 'Hill Forge Pty Ltd',
      email: 'office@hillforge.example',
      phone: '03 9000 0002',
      contactFirstName: 'Ora',
      contactLastName: 'Lind',
      syncToXero: true,
    });
    expect((await syncOf(forge)).link).toMatchObject({ standing: 'waiting' });
    await world.settle();
    const contact = contactOf(forge);
    expect(contact).toMatchObject({
      name: 'Hill Forge',
      number: forge.workplaceNumber,
      firstName: 'Ora',
      lastName: 'Lind',
      email: 'office@hillforge.example',
    });
    expect((await syncOf(forge)).link).toMatchObject({
      standing: 'in-step',
      contactId: contact?.id,
    });
    await edit(forge, { email: 'books@hillforge.example' });
    await world.settle();
    expect(contactOf(forge)?.email).toBe('books@hillforge.example');
    expect((await list({ search: 'forge' })).items).toMatchObject([{ standing: 'in-step' }]);

    const { items } = await world.owner.call(api.workplaceHistory, {
      params: { workplaceId: forge.id },
    });
    expect(items.map((entry) => entry.summary)).toEqual([
      'Sent to Xero',
      'Changed e-mail',
      'Put into Xero as a new contact',
      'Added, with Sync to Xero on',
    ]);
  });

  it('bears its number where a learner’s contact has the name already', async () => {
    await world.addLearner({ firstName: 'Sam', lastName: 'Smith' });
    await world.settle();
    const smith = await add({ name: 'Sam Smith', syncToXero: true });
    await world.settle();
    expect(contactOf(smith)?.name).toBe(`Sam Smith (${smith.workplaceNumber})`);
  });

  it('has its papers, balance and statement; a learner’s stay theirs', async () => {
    const payer = await add({ name: 'Paper Mill', syncToXero: true });
    await world.settle();
    const contactId = contactOf(payer)?.id ?? '';
    const invoice = world.bookkeeper.createInvoice({
      contactId,
      lines: [
        { description: 'Fees of three learners', unitAmount: '1200', taxType: 'EXEMPTOUTPUT' },
      ],
    });
    await world.settle();
    const params = { workplaceId: payer.id };
    const papers = await world.owner.call(api.listWorkplaceDocuments, { params });
    expect(papers.items).toMatchObject([
      { learnerId: null, workplaceId: payer.id, workplaceName: 'Paper Mill', kind: 'invoice' },
    ]);
    const owed = papers.balances[0]?.due;
    expect(owed).toMatchObject({ amountMinor: papers.items[0]?.total.amountMinor });
    const owing = [{ ...owed, xeroOrgId: xeroOrgs.au }];
    expect((await list({ search: 'paper mill' })).items).toMatchObject([{ owing }]);

    world.bookkeeper.pay(invoice.id, '1200.00');
    await world.settle();
    const { statements } = await world.owner.call(api.workplaceStatement, { params });
    expect(statements).toMatchObject([{ closing: { amountMinor: 0 } }]);
    const csv = await world.owner.call(api.workplaceStatementCsv, { params });
    expect(csv.fileName).toContain('paper-mill');
    const asLearner = { learnerId: payer.id as unknown as LearnerId };
    const wrong = await world.owner.refusal(api.listLearnerDocuments, { params: asLearner });
    expect(wrong.code).toBe('request.not-found');
    expect((await world.owner.refusal(api.learnerSync, { params: asLearner })).code).toBe(
      'request.not-found',
    );
  });

  it('is matched rather than made twice: by name and e-mail at once, by name alone after a word', async () => {
    const known = world.bookkeeper.createContact({
      Name: 'Dock Works',
      EmailAddress: 'office@dockworks.example',
    });
    const maybe = world.bookkeeper.createContact({ Name: 'Rope Walk' });
    // Contacts of nobody are read some minutes later, many by one call.
    await world.pass(10 * MINUTE_MS);
    const dock = await add({
      name: 'Dock Works',
      email: 'office@dockworks.example',
      syncToXero: true,
    });
    const rope = await add({ name: 'Rope Walk', syncToXero: true });
    await world.settle();
    expect((await syncOf(dock)).link).toMatchObject({ standing: 'in-step', contactId: known.id });
    expect(contactOf(dock)?.id).toBe(known.id);

    const { link } = await syncOf(rope);
    expect(link?.standing).toBe('undecided');
    expect(link?.reasons[0]).toContain('may be this workplace');
    const inbox = await world.owner.call(api.syncInbox);
    expect(inbox.problems).toMatchObject([
      {
        code: 'contact.undecided',
        entries: [{ partyKind: 'workplace', label: `Rope Walk (${rope.workplaceNumber})` }],
      },
    ]);
    const params = { workplaceId: rope.id };
    const open = (await world.owner.call(api.workplaceMatch, { params })).open;
    expect(open?.candidates).toMatchObject([{ contact: { contactId: maybe.id } }]);
    await world.owner.call(api.decideWorkplaceMatch, {
      params,
      body: { xeroOrgId: open?.xeroOrgId ?? '', decision: 'link', contactId: maybe.id },
    });
    await world.settle();
    expect((await syncOf(rope)).link).toMatchObject({ standing: 'in-step', contactId: maybe.id });
    expect((await world.owner.call(api.syncInbox)).problems).toEqual([]);
  });

  it('stands in the inbox when it is archived in Xero, and goes on once that is undone', async () => {
    const shed = await add({ name: 'Tram Shed', syncToXero: true });
    await world.settle();
    const id = contactOf(shed)?.id ?? '';
    world.clock.advance(MINUTE_MS);
    world.bookkeeper.archiveContact(id);
    await world.settle();
    const [problem] = (await world.owner.call(api.syncInbox)).problems;
    expect(problem).toMatchObject({ code: 'contact.archived', count: 1 });
    world.clock.advance(MINUTE_MS);
    world.bookkeeper.restoreContact(id);
    const params = { workplaceId: shed.id };
    await world.owner.call(api.syncWorkplaceNow, { params });
    await world.settle();
    expect((await syncOf(shed)).link).toMatchObject({ standing: 'in-step' });
  });

  it('is in the proof of agreement and in a resync of everything', async () => {
    const xeroOrgId = (await world.owner.call(api.listAgreements)).agreements[0]?.xeroOrgId ?? '';
    const asked = await world.owner.call(api.checkAgreement, {
      body: { xeroOrgId, way: 'everything' },
    });
    await world.settle();
    const params = { checkId: asked.id };
    const sums = await world.owner.call(api.listAgreementSums, { params });
    expect(sums.items).toMatchObject([
      { learnerId: null, workplaceName: 'Paper Mill', isEqual: true },
    ]);
    const { runs } = await world.owner.call(api.startSyncRun, {
      body: { kind: 'resync-everything' },
    });
    await world.settle();
    const runId = runs[0]?.id;
    if (!runId) throw new Error('No run was started');
    const items = await world.owner.call(api.listSyncRunItems, {
      params: { runId },
      query: { limit: 200 },
    });
    const companies = items.items.filter((item) => item.subject === 'workplace');
    expect(companies.map((item) => item.label.replace(/ \(.*/, ''))).toContain('Tram Shed');
    expect(new Set(companies.map((item) => item.outcome))).toEqual(new Set(['unchanged']));
  });
});
