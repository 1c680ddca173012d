import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { api } from '#contract/api';
import { emptyAddress } from '#contract/learners';
import { MINUTE_MS } from '#platform/clock';
import { type ConnectedWorld, startConnectedWorld } from '../world/connected.ts';

let world: ConnectedWorld;
beforeAll(async () => {
  world = await startConnectedWorld();
});
afterAll(() => world.close());
beforeEach(() => world.emulator.control.log.clear());

const writes = () =>
  world.emulator.control.log.calls('/Contacts').filter((call) => call.method !== 'GET');
const contactOf = (learner: { learnerNumber: string }) =>
  world.bookkeeper.findContact(learner.learnerNumber);

describe('a learner becomes a contact', () => {
  it('arrives with code, names, e-mail, phones and both addresses', async () => {
    const learner = await world.addLearner({
      firstName: 'Mere',
      lastName: 'Tane',
      email: 'mere@example.com',
      phoneMobile: '0400 000 001',
      phoneHome: '02 9000 0001',
      phoneWork: '02 9000 0002',
      streetAddress: {
        ...emptyAddress,
        unit: '4',
        streetNumber: '12',
        streetName: 'Quay Street',
        suburb: 'Manly',
        state: 'NSW',
        postcode: '2095',
        country: 'AU',
      },
      postalAddress: { ...emptyAddress, poBox: '77', suburb: 'Manly', postcode: '1655' },
    });
    expect(await world.standingOf(learner.id)).toMatchObject({ standing: 'waiting' });

    await world.settle();

    const contact = contactOf(learner);
    expect(contact).toMatchObject({
      name: 'Mere Tane',
      number: learner.learnerNumber,
      firstName: 'Mere',
      lastName: 'Tane',
      email: 'mere@example.com',
    });
    const { link } = await world.syncOf(learner.id);
    expect(link).toMatchObject({
      standing: 'in-step',
      reasons: [],
      contactId: contact?.id,
      wantedRevision: 1,
      pushedRevision: 1,
    });
    const [first] = (await xeroContact(contact?.id ?? '')).Addresses;
    expect(first).toMatchObject({
      AddressType: 'STREET',
      AddressLine1: '4/12 Quay Street',
      City: 'Manly',
      Region: 'NSW',
      PostalCode: '2095',
      Country: 'Australia',
    });
  });

  it('is changed by an edit: one call, and only for what Xero shows', async () => {
    const learner = await world.addLearner({ firstName: 'Ana', lastName: 'Silva' });
    await world.settle();
    world.emulator.control.log.clear();

    const edited = await world.edit(learner, { email: 'ana@example.com' });
    await world.settle();
    expect(contactOf(learner)?.email).toBe('ana@example.com');
    expect(writes()).toHaveLength(1);

    await world.edit(edited, { gender: 'F' });
    await world.settle();
    expect(writes()).toHaveLength(1);
    expect((await world.syncOf(learner.id)).link).toMatchObject({
      standing: 'in-step',
      wantedRevision: 3,
      pushedRevision: 3,
    });
  });

  it('takes a clearing over, too', async () => {
    const learner = await world.addLearner({
      firstName: 'Clear',
      lastName: 'Out',
      email: 'clear@example.com',
      phoneMobile: '0400 1',
    });
    await world.settle();
    await world.edit(learner, { email: null, phoneMobile: null });
    await world.settle();
    const wire = await xeroContact(contactOf(learner)?.id ?? '');
    expect(wire.EmailAddress ?? '').toBe('');
    expect(wire.Phones.find(isMobile)?.PhoneNumber ?? '').toBe('');
  });

  it('leaves what the bookkeeper changed and we did not', async () => {
    const learner = await world.addLearner({
      firstName: 'Tom',
      lastName: 'Keeps',
      email: 'tom@example.com',
    });
    await world.settle();
    const id = contactOf(learner)?.id ?? '';
    world.clock.advance(MINUTE_MS);
    world.bookkeeper.editContact(id, { EmailAddress: 'accounts@example.com' });
    await world.settle();

    await world.edit(learner, { lastName: 'Kept' });
    await world.settle();
    expect(contactOf(learner)).toMatchObject({
      name: 'Tom Kept',
      email: 'accounts@example.com',
    });
  });

  it('asks about a field that both sides changed, and sends the others', async () => {
    const learner = await world.addLearner({
      firstName: 'Both',
      lastName: 'Sides',
      email: 'old@example.com',
    });
    await world.settle();
    const id = contactOf(learner)?.id ?? '';
    world.clock.advance(MINUTE_MS);
    world.bookkeeper.editContact(id, { EmailAddress: 'theirs@example.com' });
    await world.edit(learner, { email: 'ours@example.com', phoneMobile: '0400 000 009' });
    await world.settle();
    expect(contactOf(learner)?.email).toBe('theirs@example.com');
    const mobile = (await xeroContact(id)).Phones.find(isMobile);
    expect(mobile?.PhoneNumber).toBe('0400 000 009');
    const { drift } = await world.owner.call(api.partyDrift, { params: { partyId: learner.id } });
    expect(drift?.fields).toEqual([
      expect.objectContaining({
        field: 'email',
        ours: 'ours@example.com',
        theirs: 'theirs@example.com',
        state: 'open',
      }),
    ]);
  });

  it('says what is missing when the box is ticked, and calls nobody', async () => {
    const problem = await world.owner.refusal(api.addLearner, {
      body: { lastName: 'Mononym', syncToXero: true, saveAnyway: true },
    });
    expect(problem.code).toBe('learner.cannot-sync');
    expect(problem.fields).toContainEqual({
      field: 'firstName',
      message: 'Xero needs a first name.',
    });
    await world.settle();
    expect(writes()).toHaveLength(0);
  });

  it('stays in Xero when the box is unticked; nothing more is sent until it is ticked', async () => {
    const learner = await world.addLearner({ firstName: 'Un', lastName: 'Ticked' });
    await world.settle();
    const off = await world.edit(learner, { syncToXero: false });
    const edited = await world.edit(off, { firstName: 'Never' });
    await world.settle();
    expect(await world.standingOf(learner.id)).toBeNull();
    expect(contactOf(learner)?.name).toBe('Un Ticked');

    await world.edit(edited, { syncToXero: true });
    await world.settle();
    expect(contactOf(learner)?.name).toBe('Never Ticked');
  });
});

describe('names and codes', () => {
  it('gives the second of two learners with one name their number', async () => {
    const first = await world.addLearner({ firstName: 'Kim', lastName: 'Lee' });
    await world.settle();
    const second = await world.addLearner({ firstName: 'KIM', lastName: 'lee' });
    await world.settle();
    expect(contactOf(first)?.name).toBe('Kim Lee');
    expect(contactOf(second)?.name).toBe(`KIM lee (${second.learnerNumber})`);
    expect(await world.standingOf(second.id)).toEqual({ standing: 'in-step', reasons: [] });
  });

  it('does the same when both come at once, in one request', async () => {
    const first = await world.addLearner({ firstName: 'Sam', lastName: 'Twin' });
    const second = await world.addLearner({ firstName: 'Sam', lastName: 'Twin' });
    await world.settle();
    const names = [contactOf(first)?.name, contactOf(second)?.name].sort();
    expect(names).toEqual(['Sam Twin', expect.stringMatching(/^Sam Twin \(L\d+\)$/)]);
    expect(writes()).toHaveLength(1);
  });

  it('gives way to a contact of somebody else, and is blocked in words when even that is taken', async () => {
    world.bookkeeper.createContact({ Name: 'Jo Taken' });
    const learner = await world.addLearner({ firstName: 'Jo', lastName: 'Taken' });
    await world.settle();
    const contact = contactOf(learner);
    expect(contact?.name).toBe(`Jo Taken (${learner.learnerNumber})`);

    world.bookkeeper.createContact({ Name: `Jo Newname (${learner.learnerNumber})` });
    await world.edit(learner, { lastName: 'Newname' });
    await world.settle();
    const stuck = await world.standingOf(learner.id);
    expect(stuck?.standing).toBe('blocked');
    expect(stuck?.reasons[0]).toContain('Another active contact in Xero is named like Jo Newname');
    expect(stuck?.reasons[1]).toContain('Xero says:');
  });

  it('links a contact that bears the learner number already, and makes no second one', async () => {
    const there = world.bookkeeper.createContact({
      Name: 'Ex Isting & Sons',
      ContactNumber: 'L77001',
      EmailAddress: 'before@example.com',
    });
    const learner = await world.addLearner({
      learnerNumber: 'L77001',
      firstName: 'Ex',
      lastName: 'Isting',
    });
    await world.settle();
    const { link } = await world.syncOf(learner.id);
    expect(link).toMatchObject({ standing: 'in-step', contactId: there.id });
    expect(contactOf(learner)).toMatchObject({
      name: 'Ex Isting & Sons',
      firstName: 'Ex',
      email: 'before@example.com',
    });
    const alike = world.bookkeeper.books.contacts.find('number', 'l77001');
    expect(alike).toHaveLength(1);
  });
});

describe('what happens to the contact in Xero', () => {
  it('is archived: the learner is blocked in words, and goes on once it is restored', async () => {
    const learner = await world.addLearner({ firstName: 'Ar', lastName: 'Chived' });
    await world.settle();
    const id = contactOf(learner)?.id ?? '';
    world.clock.advance(MINUTE_MS);
    world.bookkeeper.archiveContact(id);
    await world.settle();
    const blocked = await world.standingOf(learner.id);
    expect(blocked?.standing).toBe('blocked');
    expect(blocked?.reasons[0]).toContain('archived in Xero');

    await world.edit(learner, { lastName: 'Back' });
    await world.settle();
    expect(await world.standingOf(learner.id)).toMatchObject({ standing: 'blocked' });

    world.clock.advance(MINUTE_MS);
    world.bookkeeper.restoreContact(id);
    await world.settle();
    expect(await world.standingOf(learner.id)).toEqual({ standing: 'in-step', reasons: [] });
    expect(contactOf(learner)?.name).toBe('Ar Back');
  });

  it('is merged: the link follows through a chain, keeps the name and brings the papers', async () => {
    const learner = await world.addLearner({ firstName: 'Mer', lastName: 'Ged' });
    await world.settle();
    const ours = contactOf(learner)?.id ?? '';
    const between = world.bookkeeper.createContact({ Name: 'Between' });
    const survivor = world.bookkeeper.createContact({
      Name: 'Survivor',
      EmailAddress: 's@example.com',
    });
    world.bookkeeper.createInvoice({
      contactId: survivor.id,
      number: 'OLD-1',
      lines: [{ description: 'Earlier', unitAmount: 10 }],
    });
    world.clock.advance(MINUTE_MS);
    world.bookkeeper.mergeContacts(ours, between.id);
    world.bookkeeper.mergeContacts(between.id, survivor.id);
    await world.settle();

    const { link } = await world.syncOf(learner.id);
    expect(link).toMatchObject({ standing: 'in-step', contactId: survivor.id });
    // Xero leaves our code with the contact that was merged away.
    expect(link?.reasons[0]).toContain('In Xero the contact has no code');
    expect(world.bookkeeper.contact(survivor.id)).toMatchObject({
      firstName: 'Mer',
      name: 'Survivor',
      email: 's@example.com',
    });
    const papers = await world.documentsOf(learner.id);
    expect(papers.items.map((paper) => paper.number)).toEqual(['OLD-1']);
  });

  it('is merged into another learner’s contact: a person has to decide', async () => {
    const stays = await world.addLearner({ firstName: 'Stays', lastName: 'Put' });
    const goes = await world.addLearner({ firstName: 'Goes', lastName: 'Away' });
    await world.settle();
    world.clock.advance(MINUTE_MS);
    world.bookkeeper.mergeContacts(contactOf(goes)?.id ?? '', contactOf(stays)?.id ?? '');
    await world.settle();
    const after = await world.standingOf(goes.id);
    expect(after?.standing).toBe('undecided');
    expect(after?.reasons[0]).toContain(`Stays Put (${stays.learnerNumber})`);
    expect(await world.standingOf(stays.id)).toMatchObject({ standing: 'in-step' });
  });

  it('loses our code: invoices go on arriving and the profile says so', async () => {
    const learner = await world.addLearner({ firstName: 'Code', lastName: 'Less' });
    await world.settle();
    const id = contactOf(learner)?.id ?? '';
    world.clock.advance(MINUTE_MS);
    world.bookkeeper.editContact(id, { ContactNumber: 'OTHER-1' });
    await world.settle();
    const { link } = await world.syncOf(learner.id);
    expect(link).toMatchObject({ standing: 'in-step', contactId: id });
    expect(link?.reasons[0]).toContain('OTHER-1');
  });
});

describe('many at once', () => {
  it('go fifty a call, and one that Xero refuses holds up none', async () => {
    world.bookkeeper.createContact({ Name: 'Bulk Number30' });
    const learners = [];
    for (let index = 0; index < 60; index += 1) {
      learners.push(
        await world.owner.call(api.addLearner, {
          body: { firstName: 'Bulk', lastName: `Number${index}`, saveAnyway: true },
        }),
      );
    }
    await world.owner.call(api.setManyLearnerSync, {
      body: { learnerIds: learners.map((learner) => learner.id), syncToXero: true },
    });
    await world.settle();
    expect(learners.map((learner) => contactOf(learner)?.name)).toEqual(
      learners.map((learner, index) =>
        index === 30 ? `Bulk Number30 (${learner.learnerNumber})` : `Bulk Number${index}`,
      ),
    );
    // 50; then the other 10 together with the one whose plain name was taken.
    expect(writes()).toHaveLength(2);
  });
});

const isMobile = (phone: { PhoneType: string }) => phone.PhoneType === 'MOBILE';

interface WireContact {
  EmailAddress?: string;
  Addresses: Record<string, string>[];
  Phones: { PhoneType: string; PhoneNumber: string }[];
}

/** A contact as Xero's API shows it. */
async function xeroContact(contactId: string): Promise<WireContact> {
  const { client } = world.context.xero;
  const { database, connections } = world.context;
  const scope = {
    providerId: world.people.providerId,
    actor: { kind: 'bursar', name: 'Bursar' },
  } as const;
  const [access] = await database.asProvider(scope.providerId, (tx) =>
    connections.active(tx, scope),
  );
  if (!access) throw new Error('Nothing is connected');
  const contact = await client.forOrg(access).contactById(contactId);
  if (!contact) throw new Error(`Xero has no contact ${contactId}`);
  return contact as unknown as WireContact;
}
