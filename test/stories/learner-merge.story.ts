import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { api } from '#contract/api';
import type { Learner } from '#contract/learners';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '#platform/clock';
import { xeroOrgs } from '../world/connect-xero.ts';
import { type ConnectedWorld, startConnectedWorld } from '../world/connected.ts';
import { learnerNow, mergeLearners, undoMerge } from '../world/merging.ts';
import { owedBy } from '../world/old-papers.ts';

let world: ConnectedWorld;
beforeAll(async () => {
  world = await startConnectedWorld();
});
afterAll(() => world.close());

const again = (learner: Learner) => learnerNow(world, learner);
const merge = (kept: Learner, merged: Learner) => mergeLearners(world, kept, merged);
const undo = (learner: Learner) => undoMerge(world, learner);

/** Puts someone into Xero and has an invoice raised there. */
async function invoiced(firstName: string, amount: string): Promise<Learner> {
  const learner = await world.addLearner({ firstName, lastName: 'Twice' });
  await world.settle();
  raise(learner, amount);
  await world.settle();
  return learner;
}

function raise(learner: Learner, unitAmount: string): void {
  const contact = world.bookkeeper.findContact(learner.learnerNumber);
  world.bookkeeper.createInvoice({
    contactId: contact?.id ?? '',
    lines: [{ description: 'Fee', unitAmount, taxType: 'EXEMPTOUTPUT' }],
  });
}

const owed = (learner: Learner) => owedBy(world, learner);
const found = async (search: string) => {
  const { items } = await world.owner.call(api.listLearners, { query: { search } });
  return items.map((row) => row.learnerNumber);
};

describe('merging a learner who is here twice', () => {
  it('brings both sets of papers together, lists one, and finds them by the old number', async () => {
    const kept = await invoiced('Mia', '100.00');
    const merged = await invoiced('Mya', '40.00');
    await merge(kept, merged);
    expect(await owed(kept)).toBe(14_000);
    expect(await owed(merged)).toBe(0);
    expect(await found('Twice')).toEqual([kept.learnerNumber]);
    expect(await found(merged.learnerNumber)).toEqual([kept.learnerNumber]);

    raise(merged, '1.00');
    await world.settle();
    expect(await owed(kept)).toBe(14_100);
  });

  it('is no difference to Xero, nor told as a change of papers', async () => {
    const kept = await invoiced('Ida', '10.00');
    const merged = await invoiced('Idda', '20.00');
    await world.pass(HOUR_MS);
    // Something later, so that sweeps no longer look back at the papers above.
    raise(await invoiced('Later', '1.00'), '2.00');
    await world.pass(2 * DAY_MS);
    await merge(kept, merged);
    const { agreements } = await world.owner.call(api.listAgreements);
    const xeroOrgId = agreements[0]?.xeroOrgId ?? (xeroOrgs.au as never);
    const { id } = await world.owner.call(api.checkAgreement, {
      body: { xeroOrgId, way: 'everything' },
    });
    await world.pass(2 * HOUR_MS);
    const params = { checkId: id };
    const { check, differences } = await world.owner.call(api.getAgreementCheck, { params });
    expect(check).toMatchObject({ verdict: 'agreed', differenceCount: 0 });
    expect(differences).toEqual([]);
    const { items } = await world.owner.call(api.learnerHistory, {
      params: { learnerId: kept.id },
    });
    expect(items.filter(({ summary }) => /changed in Xero/.test(summary))).toEqual([]);
  });

  it('says which contact is to be merged in Xero, until the bookkeeper has done it', async () => {
    const kept = await invoiced('Noa', '10.00');
    const merged = await invoiced('Noah', '20.00');
    await merge(kept, merged);
    const further = async () => {
      const params = { learnerId: kept.id };
      return (await world.owner.call(api.listFurtherContacts, { params })).contacts;
    };
    const other = world.bookkeeper.findContact(merged.learnerNumber);
    const own = world.bookkeeper.findContact(kept.learnerNumber);
    expect(await further()).toMatchObject([
      { name: 'Noah Twice', contactId: other?.id, organisationName: expect.any(String) },
    ]);
    world.bookkeeper.mergeContacts(other?.id ?? '', own?.id ?? '');
    await world.settle();
    await world.pass(DAY_MS);
    expect(await further()).toEqual([]);
    expect(await owed(kept)).toBe(3_000);
    expect(await world.standingOf(kept.id)).toEqual({ standing: 'in-step', reasons: [] });
  });

  it('hands the only contact over instead of making a second one', async () => {
    const merged = await invoiced('Ola', '15.00');
    const kept = await world.addLearner({
      firstName: 'Olla',
      lastName: 'Twice',
      syncToXero: false,
      email: null,
    });
    await merge(kept, merged);
    const contact = world.bookkeeper.findContact(kept.learnerNumber);
    expect(contact).toMatchObject({ firstName: 'Olla' });
    expect(world.bookkeeper.findContact(merged.learnerNumber)).toBeUndefined();
    expect(await world.standingOf(kept.id)).toMatchObject({ standing: 'in-step' });
    expect(await owed(kept)).toBe(1_500);
  });

  it('can be undone for thirty days: fields, contacts and papers are where they were', async () => {
    const kept = await world.addLearner({ firstName: 'Pia', lastName: 'Twice', syncToXero: false });
    const merged = await invoiced('Piah', '15.00');
    await world.edit(await again(merged), { phoneMobile: '0400 111 222' });
    expect(await merge(kept, merged)).toMatchObject({
      phoneMobile: '0400 111 222',
      syncToXero: true,
    });
    expect(await undo(kept)).toMatchObject({ phoneMobile: null, syncToXero: false });
    expect(await again(merged)).toMatchObject({ isActive: true, syncToXero: true });
    expect(await owed(kept)).toBe(0);
    expect(await owed(merged)).toBe(1_500);
    expect(world.bookkeeper.findContact(merged.learnerNumber)).toBeDefined();
    expect(world.bookkeeper.findContact(kept.learnerNumber)).toBeUndefined();
    expect(await world.standingOf(merged.id)).toMatchObject({ standing: 'in-step' });
    expect((await found('Pia')).sort()).toEqual([kept.learnerNumber, merged.learnerNumber].sort());
  });

  it('goes along with whoever was merged before, and comes apart in the reverse order', async () => {
    const first = await invoiced('Rae', '1.00');
    const second = await invoiced('Ray', '2.00');
    const third = await invoiced('Rey', '4.00');
    await merge(second, first);
    await merge(third, second);
    expect(await owed(third)).toBe(700);
    await expect(undo(first)).rejects.toMatchObject({ problem: { code: 'learner.merge-over' } });
    await undo(third);
    expect([await owed(third), await owed(second)]).toEqual([400, 300]);
    await undo(second);
    expect([await owed(second), await owed(first)]).toEqual([200, 100]);
  });

  it('comes apart however many merges lie below, with papers, numbers and codes', async () => {
    const names = ['Delta', 'Alfa', 'Bravo', 'Charlie'];
    const amounts = ['1.00', '2.00', '4.00', '8.00'];
    const people: Learner[] = [];
    for (const [at, name] of names.entries()) {
      // A fresh minute of Xero's limits.
      await world.pass(MINUTE_MS);
      const learner = await invoiced(name, amounts[at] ?? '');
      await world.edit(await again(learner), { refExternal: `CODE-${name}` });
      people.push(learner);
    }
    const [d, a, b, c] = people as [Learner, Learner, Learner, Learner];
    await merge(a, d);
    await merge(b, a);
    await merge(c, b);
    expect(await owed(c)).toBe(1_500);
    await undo(c);
    expect([await owed(c), await owed(b)]).toEqual([800, 700]);
    expect(await found(d.learnerNumber)).toEqual([b.learnerNumber]);
    expect(await found('CODE-Delta')).toEqual([b.learnerNumber]);
    // What comes for the one at the very bottom goes where they rest now.
    raise(d, '16.00');
    await world.settle();
    expect([await owed(c), await owed(b)]).toEqual([800, 2_300]);
    await undo(b);
    expect([await owed(b), await owed(a)]).toEqual([400, 1_900]);
    await undo(a);
    expect([await owed(c), await owed(b), await owed(a), await owed(d)]).toEqual([
      800, 400, 200, 1_700,
    ]);
  });

  it('refuses the same learner, a stale look, an edit of who rests, and those who may not', async () => {
    const kept = await world.addLearner({ firstName: 'Sam', lastName: 'Twice', syncToXero: false });
    const merged = await world.addLearner({ firstName: 'Samm', lastName: 'Twice' });
    const wish = { otherLearnerId: merged.id, revision: 1, otherRevision: 1 };
    const params = { learnerId: kept.id };
    const refused = (code: string) => ({ problem: { code } });
    const call = (body: object) =>
      world.owner.call(api.mergeLearners, { params, body: { ...wish, ...body } });
    await expect(call({ otherLearnerId: kept.id })).rejects.toMatchObject(
      refused('learner.merged'),
    );
    await expect(call({ revision: 9 })).rejects.toMatchObject(refused('request.conflict'));
    const staff = await world.people.staff();
    await expect(staff.call(api.mergeLearners, { params, body: wish })).rejects.toMatchObject(
      refused('permission.missing'),
    );
    await merge(kept, merged);
    await expect(world.edit(await again(merged), { firstName: 'No' })).rejects.toMatchObject(
      refused('learner.merged'),
    );
    const many = await world.owner.call(api.setManyLearnerSync, {
      body: { learnerIds: [merged.id], syncToXero: true },
    });
    expect(many.refused).toMatchObject([
      { learnerId: merged.id, gaps: [{ message: 'Was merged into another learner.' }] },
    ]);
    await world.pass(31 * DAY_MS);
    await expect(undo(kept)).rejects.toMatchObject(refused('learner.merge-over'));
  });
});

it('leaves each their contact when one of them is just being created', async () => {
  const merged = await invoiced('Iris', '40.00');
  world.emulator.control.faults.add({
    path: '/api.xro/2.0/Contacts',
    method: 'PUT',
    times: 1,
    effect: { kind: 'reset', when: 'after' },
  });
  const kept = await world.addLearner({ firstName: 'Irene', lastName: 'Twice' });
  // Created in Xero, but the answer is lost and nobody has looked yet.
  await world.settle();
  await merge(kept, merged);
  await world.pass(MINUTE_MS);
  const { link } = await world.syncOf(kept.id);
  const own = world.bookkeeper.findContact(kept.learnerNumber);
  expect(link).toMatchObject({ standing: 'in-step', contactId: own?.id });
  expect(await owed(kept)).toBe(4_000);
});

describe('a contact on which nothing is agreed yet, handed over by a merge', () => {
  /** Linked to another contact and back again, and not sent since: Xero has had enough for now. */
  async function linkedAnew(lastName: string, code?: string): Promise<[Learner, string]> {
    const other = world.bookkeeper.createContact({ Name: `Older ${lastName}` });
    const learner = await world.addLearner({ firstName: 'Uma', lastName });
    await world.settle();
    await world.pass(11 * MINUTE_MS);
    const contactId = (await world.syncOf(learner.id)).link?.contactId ?? '';
    if (code !== undefined) {
      world.bookkeeper.editContact(contactId, { ContactNumber: code });
      await world.pass(11 * MINUTE_MS);
    }
    const headers = { 'retry-after': '50', 'x-rate-limit-problem': 'minute' };
    const effect = { kind: 'status' as const, status: 429, headers };
    world.emulator.control.faults.add({ path: '/api.xro/2.0/*', times: 1, effect });
    for (const id of [other.id, contactId]) {
      const body = { xeroOrgId: xeroOrgs.au as never, contactId: id };
      await world.owner.call(api.relinkLearner, { params: { learnerId: learner.id }, body });
    }
    await world.settle();
    return [learner, contactId];
  }
  const codeOf = (contactId: string) => world.bookkeeper.books.contacts.get(contactId)?.number;

  it('gets the number of the learner who is kept, and the other’s again when it is undone', async () => {
    const [merged, contactId] = await linkedAnew('Handed');
    const kept = await world.addLearner({ firstName: 'Una', lastName: 'K', syncToXero: false });
    await merge(kept, merged);
    await world.pass(MINUTE_MS);
    expect(codeOf(contactId)).toBe(kept.learnerNumber);
    expect(await world.standingOf(kept.id)).toEqual({ standing: 'in-step', reasons: [] });
    await undo(kept);
    await world.pass(MINUTE_MS);
    expect(codeOf(contactId)).toBe(merged.learnerNumber);
    expect(await world.standingOf(merged.id)).toEqual({ standing: 'in-step', reasons: [] });
  });

  it('has it back when the merge is undone before anything was sent', async () => {
    const [merged, contactId] = await linkedAnew('Back');
    const kept = await world.addLearner({ firstName: 'Una', lastName: 'B', syncToXero: false });
    await merge(kept, merged);
    await undo(kept);
    await world.pass(MINUTE_MS);
    expect(codeOf(contactId)).toBe(merged.learnerNumber);
    expect(await world.standingOf(merged.id)).toEqual({ standing: 'in-step', reasons: [] });
  });

  it('keeps a code that the bookkeeper gave it, and says so', async () => {
    const [merged, contactId] = await linkedAnew('Coded', 'OLD-7');
    const kept = await world.addLearner({ firstName: 'Una', lastName: 'C', syncToXero: false });
    await merge(kept, merged);
    await world.pass(MINUTE_MS);
    expect(codeOf(contactId)).toBe('OLD-7');
    const [remark] = (await world.standingOf(kept.id))?.reasons ?? [];
    expect(remark).toContain('has the code “OLD-7”');
  });

  it('goes back when the merge is undone, also where a person chose another one meanwhile', async () => {
    const merged = await invoiced('Ola', '15.00');
    const kept = await world.addLearner({
      firstName: 'Olla',
      lastName: 'Twice',
      syncToXero: false,
    });
    await merge(kept, merged);
    const given = (await world.syncOf(kept.id)).link?.contactId;
    const chosen = world.bookkeeper.createContact({ Name: 'Olla Chosen' });
    const lines = [{ description: 'Fee', unitAmount: '33.00', taxType: 'EXEMPTOUTPUT' }];
    world.bookkeeper.createInvoice({ contactId: chosen.id, lines });
    await world.pass(HOUR_MS);
    const body = { xeroOrgId: xeroOrgs.au as never, contactId: chosen.id };
    await world.owner.call(api.relinkLearner, { params: { learnerId: kept.id }, body });
    await world.settle();
    await undo(kept);
    await world.pass(HOUR_MS);
    expect((await world.syncOf(merged.id)).link?.contactId).toBe(given);
    expect(await world.standingOf(merged.id)).toEqual({ standing: 'in-step', reasons: [] });
    expect([await owed(kept), await owed(merged)]).toEqual([3_300, 1_500]);
  });

  it('is left to whom a person gave it meanwhile, when the merge is undone', async () => {
    const merged = await invoiced('Omar', '15.00');
    const kept = await world.addLearner({ firstName: 'Oma', lastName: 'O', syncToXero: false });
    await merge(kept, merged);
    const given = (await world.syncOf(kept.id)).link?.contactId ?? '';
    const chosen = world.bookkeeper.createContact({ Name: 'Oma Chosen' });
    const third = await world.addLearner({ firstName: 'Otto', lastName: 'Third' });
    await world.pass(5 * HOUR_MS);
    for (const [who, contactId] of [[kept, chosen.id] as const, [third, given] as const]) {
      const learnerId = who.id;
      const body = { xeroOrgId: xeroOrgs.au as never, contactId };
      await world.owner.call(api.relinkLearner, { params: { learnerId }, body });
    }
    await world.pass(HOUR_MS);
    await undo(kept);
    await world.pass(HOUR_MS);
    expect((await world.syncOf(third.id)).link?.contactId).toBe(given);
    expect((await world.syncOf(merged.id)).link?.contactId).not.toBe(given);
    expect([await owed(third), await owed(merged)]).toEqual([1_500, 0]);
  });

  it('goes back step by step through merges of merges', async () => {
    const first = await invoiced('Qi', '15.00');
    const off = { lastName: 'Stepped', syncToXero: false };
    const second = await world.addLearner({ firstName: 'Qia', ...off });
    const third = await world.addLearner({ firstName: 'Qin', ...off });
    await merge(second, first);
    await merge(third, second);
    const given = (await world.syncOf(third.id)).link?.contactId;
    await undo(third);
    await undo(second);
    await world.pass(HOUR_MS);
    expect((await world.syncOf(first.id)).link?.contactId).toBe(given);
    expect([await owed(first), await owed(second), await owed(third)]).toEqual([1_500, 0, 0]);
  });
});

describe('contacts of two learners that are merged in Xero', () => {
  it('are told of once, however often they are read again', async () => {
    const kept = await world.addLearner({ firstName: 'Ann', lastName: 'One' });
    const merged = await world.addLearner({ firstName: 'Anna', lastName: 'One' });
    await world.settle();
    const contactOf = ({ learnerNumber }: Learner) =>
      world.bookkeeper.findContact(learnerNumber)?.id ?? '';
    world.bookkeeper.mergeContacts(contactOf(merged), contactOf(kept));
    await world.settle();
    for (let day = 0; day < 9; day += 1) await world.pass(DAY_MS);
    const { items } = await world.owner.call(api.learnerHistory, {
      params: { learnerId: merged.id },
    });
    expect(items.filter(({ summary }) => /merged/i.test(summary))).toHaveLength(1);
  });
});

describe('undoing', () => {
  it('can be undone where Sync to Xero was turned on since, though the kept one lacks a name', async () => {
    // A fresh minute of Xero's limits.
    await world.pass(2 * MINUTE_MS);
    const off = { lastName: 'Twice', syncToXero: false };
    const kept = await world.addLearner({ firstName: null, ...off });
    const merged = await world.addLearner({ firstName: 'Quin', ...off });
    await merge(kept, merged);
    await world.edit(await again(kept), { syncToXero: true });
    await world.settle();
    expect(await world.standingOf(kept.id)).toMatchObject({ standing: 'in-step' });
    expect(await undo(kept)).toMatchObject({ firstName: null, syncToXero: false });
    expect(await again(merged)).toMatchObject({ firstName: 'Quin', syncToXero: false });
    const params = { learnerId: kept.id };
    const { items } = await world.owner.call(api.learnerHistory, { params });
    const turned = items.flatMap(({ details }) => details);
    expect(turned).toContainEqual({ field: 'Sync to Xero', from: 'yes', to: 'no' });
  });
});
