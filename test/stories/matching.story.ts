import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { api } from '#contract/api';
import type { ConnectionId, LearnerId } from '#contract/ids';
import type { Learner } from '#contract/learners';
import type { MatchGroup, MatchProposal } from '#contract/matching';
import { MINUTE_MS } from '#platform/clock';
import type { SignedIn } from '../world/people.ts';
import { startWorld, type World } from '../world/world.ts';

let world: World;
let owner: SignedIn;
let connectionId: ConnectionId;
const learners = new Map<string, Learner>();

const people = {
  // In Xero with the same e-mail and name, spelled otherwise; unpaid from last year.
  Zoë: { lastName: 'Ångström', email: 'zoe@example.com', phoneMobile: '0412 000 001' },
  // In Xero by name and phone, without e-mail.
  Tom: { lastName: 'Phone', email: 'tom@new.example', phoneMobile: '0412 000 002' },
  // Only the name is the same.
  Ana: { lastName: 'Silva', email: 'ana@example.com' },
  // The contact bears another code.
  Bo: { lastName: 'Coded', email: 'bo@example.com' },
  // The contact is archived.
  Ari: { lastName: 'Chived', email: 'ari@example.com' },
  // Nobody like them.
  New: { lastName: 'Comer', email: 'new@example.com' },
  Left: { lastName: 'Out', email: 'left@example.com' },
};
type Name = keyof typeof people;

beforeAll(async () => {
  world = await startWorld();
  owner = await world.people.owner();
  for (const [firstName, fields] of Object.entries(people)) {
    const body = { firstName, ...fields, syncToXero: true };
    learners.set(firstName, await owner.call(api.addLearner, { body }));
  }
  fillBooks();
  world.emulator.control.log.clear();
  const landing = await world.connectXero(owner, { leavesMatchesOpen: true });
  connectionId = landing.connectionId ?? raise('Nothing was connected');
  await world.settle();
}, 60_000);
afterAll(() => world.close());

function fillBooks(): void {
  const { bookkeeper } = world;
  const zoe = bookkeeper.createContact({
    Name: 'ZOE ANGSTROM',
    EmailAddress: 'Zoe@Example.com',
    FirstName: 'Zoe',
  });
  bookkeeper.createInvoice({
    contactId: zoe.id,
    number: 'LAST-YEAR',
    date: '2025-04-01',
    lines: [{ description: 'Fee', unitAmount: '80', taxType: 'EXEMPTOUTPUT' }],
  });
  bookkeeper.createContact({
    Name: 'Phone, Tom',
    EmailAddress: 'tom@books.example',
    Phones: [{ PhoneType: 'MOBILE', PhoneNumber: '412000002', PhoneCountryCode: '61' }],
  });
  bookkeeper.createContact({ Name: 'Ana Silva' });
  bookkeeper.createContact({
    Name: 'Bo Coded',
    EmailAddress: 'bo@example.com',
    ContactNumber: 'C-77',
  });
  const ari = bookkeeper.createContact({ Name: 'Ari Chived', EmailAddress: 'ari@example.com' });
  bookkeeper.archiveContact(ari.id);
}

function raise(message: string): never {
  throw new Error(message);
}

const idOf = (name: Name): LearnerId => learners.get(name)?.id ?? raise(`No ${name}`);
const params = () => ({ connectionId });
const matching = () => owner.call(api.getMatching, { params: params() });
const writes = () =>
  world.emulator.control.log.calls('/Contacts').filter((call) => call.method !== 'GET');
const contactNamed = (name: string) =>
  world.bookkeeper.books.contacts.all().find((one) => one.name === name) ?? raise(`No ${name}`);

async function inGroup(group: MatchGroup): Promise<MatchProposal[]> {
  const query = { group };
  return (await owner.call(api.listProposals, { params: params(), query })).items;
}

async function namesIn(group: MatchGroup): Promise<(string | null)[]> {
  return (await inGroup(group)).map((one) => one.learner.firstName).sort();
}

async function proposalOf(name: Name): Promise<MatchProposal> {
  const all = await Promise.all((['safe', 'decide', 'create'] as const).map(inGroup));
  return all.flat().find((one) => one.learner.firstName === name) ?? raise(`No ${name}`);
}

async function decide(
  name: Name,
  body: { decision: 'link' | 'create' | 'leave-out' | 'as-proposed'; contactId?: string },
  rowVersion?: number,
) {
  const learnerId = idOf(name);
  const version = rowVersion ?? (await proposalOf(name)).rowVersion;
  return owner.call(api.decideProposal, {
    params: { connectionId, partyId: learnerId },
    body: { ...body, rowVersion: version },
  });
}

async function edit(name: Name, fields: object): Promise<void> {
  const learnerId = idOf(name);
  const { revision } = await owner.call(api.getLearner, { params: { learnerId } });
  await owner.call(api.editLearner, { params: { learnerId }, body: { revision, ...fields } });
}

async function linkOf(name: Name) {
  return (await owner.call(api.learnerSync, { params: { learnerId: idOf(name) } })).link;
}

describe('before anybody approves', () => {
  it('everybody is proposed, grouped by how certain it is', async () => {
    expect(await matching()).toMatchObject({
      state: 'open',
      contactsRead: 5,
      learners: 7,
      groups: { safe: { total: 2, accepted: 0 }, decide: { total: 3 }, create: { total: 2 } },
      outlook: { link: 0, create: 0, undecided: 7 },
    });
    expect(await namesIn('safe')).toEqual(['Tom', 'Zoë']);
    expect(await namesIn('decide')).toEqual(['Ana', 'Ari', 'Bo']);
    expect(await namesIn('create')).toEqual(['Left', 'New']);
  });

  it('each proposal says why, and what stands in the way', async () => {
    expect((await proposalOf('Zoë')).chosen?.evidence).toEqual(['email', 'name']);
    expect((await proposalOf('Tom')).chosen?.evidence).toEqual(['name', 'phone']);
    expect((await proposalOf('Ana')).candidates).toMatchObject([
      { evidence: ['name'], obstacle: null },
    ]);
    expect((await proposalOf('Bo')).candidates).toMatchObject([{ obstacle: 'other-code' }]);
    expect((await proposalOf('Ari')).candidates).toMatchObject([{ obstacle: 'archived' }]);
  });

  it('nothing at all is written to Xero, and the profile says what it waits for', async () => {
    await world.pass(30 * MINUTE_MS);
    expect(writes()).toEqual([]);
    const link = await linkOf('New');
    expect(link).toMatchObject({ standing: 'waiting', reviewOf: connectionId });
    expect(link?.reasons).toContain('Matches are to be reviewed first.');
  });

  it('papers that change are nobody’s yet, so none is fetched; they come with the approval', async () => {
    world.bookkeeper.createInvoice({
      contactId: contactNamed('ZOE ANGSTROM').id,
      number: 'WHILE-OPEN',
      date: '2026-03-02',
      lines: [{ description: 'Fee', unitAmount: '20', taxType: 'EXEMPTOUTPUT' }],
    });
    await world.settle();
    const reads = world.emulator.control.log.calls('/Invoices').map(({ path }) => path);
    // That of candidates they are counted, for whoever decides, is another matter.
    expect(reads.filter((path) => /IDs=(?!.*summaryOnly)/.test(path))).toEqual([]);
  });

  it('staff may neither look nor decide', async () => {
    const staff = await world.people.staff();
    const problem = await staff.refusal(api.getMatching, { params: params() });
    expect(problem.code).toBe('permission.missing');
  });

  it('another provider finds nothing at this address', async () => {
    const stranger = await world.neighbours.owner();
    const problem = await stranger.refusal(api.getMatching, { params: params() });
    expect(problem.code).toBe('request.not-found');
  });
});

describe('deciding', () => {
  it('a decision can be taken back until it is approved', async () => {
    await decide('Zoë', { decision: 'create' });
    expect(await proposalOf('Zoë')).toMatchObject({ decision: 'create', decidedBy: owner.name });
    await decide('Zoë', { decision: 'as-proposed' });
    expect(await proposalOf('Zoë')).toMatchObject({
      decision: 'link',
      accepted: false,
      decidedBy: null,
    });
  });

  it('another contact is found by search; one that is proposed to somebody else is refused by name', async () => {
    const { contacts } = await owner.call(api.searchContacts, {
      params: params(),
      query: { search: 'angstrom' },
    });
    expect(contacts.map((one) => one.name)).toEqual(['ZOE ANGSTROM']);
    const { rowVersion } = await proposalOf('Ana');
    const problem = await owner.refusal(api.decideProposal, {
      params: { connectionId, partyId: idOf('Ana') },
      body: { decision: 'link', contactId: contacts[0]?.contactId ?? '', rowVersion },
    });
    expect(problem.code).toBe('matching.contact-unavailable');
    expect(problem.detail).toContain('Zoë Ångström');
  });

  it('of two people who decide about one learner at once the second is told', async () => {
    const { rowVersion } = await proposalOf('Ana');
    const contactId = contactNamed('Ana Silva').id;
    await decide('Ana', { decision: 'link', contactId }, rowVersion);
    const problem = await owner.refusal(api.decideProposal, {
      params: { connectionId, partyId: idOf('Ana') },
      body: { decision: 'create', rowVersion },
    });
    expect(problem.code).toBe('request.conflict');
  });

  it('a learner who is changed meanwhile is proposed anew, and what was accepted is asked again', async () => {
    const params = { connectionId };
    await owner.call(api.acceptProposals, { params, body: { group: 'create', accepted: true } });
    const { version } = await matching();
    await edit('New', { firstName: 'Newer' });
    const problem = await owner.refusal(api.approveMatching, { params, body: { version } });
    expect(problem.code).toBe('matching.changed');
    await world.settle();
    const all = await inGroup('create');
    expect(all.find((one) => one.learner.firstName === 'Newer')).toMatchObject({
      accepted: false,
      isRenewed: true,
    });
    expect((await matching()).groups.create).toEqual({ total: 2, accepted: 1 });
    await edit('New', { firstName: 'New' });
    await world.settle();
  });

  it('a contact that is changed in Xero meanwhile asks the decision on it again', async () => {
    world.bookkeeper.editContact(contactNamed('Ana Silva').id, {
      EmailAddress: 'other@example.com',
    });
    await world.pass(11 * MINUTE_MS);
    expect(await proposalOf('Ana')).toMatchObject({
      decision: null,
      accepted: false,
      isRenewed: true,
    });
  });

  it('who approves what somebody else has changed since is told to look again', async () => {
    const { version } = await matching();
    await decide('Left', { decision: 'leave-out' });
    const problem = await owner.refusal(api.approveMatching, {
      params: params(),
      body: { version },
    });
    expect(problem.code).toBe('matching.changed');
  });
});

describe('the map as a file', () => {
  const send = (csv: string, apply = false) =>
    owner.call(api.importMap, { params: params(), body: { csv, apply } });
  const numberOf = (name: Name) => learners.get(name)?.learnerNumber ?? '';

  it('holds every learner with contact, decision and reasons, and runs no formula', async () => {
    await edit('New', { lastName: '=HYPERLINK("x")' });
    await world.settle();
    const { csv, fileName } = await owner.call(api.exportMap, { params: params() });
    expect(fileName).toMatch(/^matches-.+\.csv$/);
    expect(csv).toContain('Learner number,Learner name,Contact id,Contact name,Decision,Reasons');
    expect(csv).toContain('same e-mail, same name');
    expect(csv).not.toMatch(/(^|,)"?=HYPERLINK/m);
    expect(await send(csv)).toMatchObject({ rows: 7, changes: 0, unchanged: 7, faulty: 0 });
    await edit('New', { lastName: 'Comer' });
    await world.settle();
  });

  it('names faulty rows by line and reason, and takes nothing over while there is one', async () => {
    const contactId = contactNamed('Ana Silva').id;
    const csv = [
      'Learner number;Contact id;Decision',
      `${numberOf('Ana')};${contactId};link`,
      'L99999;;create',
      `${numberOf('Bo')};${contactId};link`,
      `${numberOf('Ari')};;marry`,
      `${numberOf('Ana')};;create`,
    ].join('\n');
    const preview = await send(csv, true);
    expect(preview).toMatchObject({ applied: false, faulty: 4 });
    expect(preview.faults.map((fault) => fault.line)).toEqual([3, 4, 5, 6]);
    expect(preview.faults[1]?.reason).toContain('given to');
    expect(await proposalOf('Ana')).toMatchObject({ decision: null });
  });

  it('is taken over as a whole after a look at it', async () => {
    const contactId = contactNamed('Ana Silva').id;
    const csv = `Decision,Contact id,Learner number\nlink,${contactId},${numberOf('Ana')}\n`;
    expect(await send(csv)).toMatchObject({ changes: 1, applied: false });
    expect(await proposalOf('Ana')).toMatchObject({ decision: null });
    expect(await send(csv, true)).toMatchObject({ changes: 1, applied: true });
    expect(await proposalOf('Ana')).toMatchObject({ decision: 'link', accepted: true });
  });

  it('that is no map is refused in words', async () => {
    const problem = await owner.refusal(api.importMap, {
      params: params(),
      body: { csv: 'a,b\n1,2' },
    });
    expect(problem).toMatchObject({ code: 'import.unreadable' });
    expect(problem.detail).toContain('Learner number, Contact id, Decision');
  });
});

describe('approving', () => {
  beforeAll(async () => {
    for (const group of ['safe', 'create'] as const) {
      await owner.call(api.acceptProposals, { params: params(), body: { group, accepted: true } });
    }
    await decide('Bo', { decision: 'link', contactId: contactNamed('Bo Coded').id });
    const { version, outlook } = await matching();
    expect(outlook).toEqual({ link: 4, codesWritten: 3, create: 1, leftOut: 1, undecided: 1 });
    await owner.call(api.approveMatching, { params: params(), body: { version } });
    await world.settle();
  }, 60_000);

  it('adopts contacts: the learner number goes on, what is lacking is filled in, the rest stays', () => {
    expect(contactNamed('ZOE ANGSTROM')).toMatchObject({
      number: learners.get('Zoë')?.learnerNumber,
      firstName: 'Zoe',
      lastName: 'Ångström',
      email: 'Zoe@Example.com',
      phones: { MOBILE: { number: '0412 000 001' } },
    });
    expect(contactNamed('Phone, Tom')).toMatchObject({
      number: learners.get('Tom')?.learnerNumber,
      email: 'tom@books.example',
    });
  });

  it('leaves another code where nobody said that it gives way, and says so', async () => {
    expect(contactNamed('Bo Coded').number).toBe('C-77');
    const link = await linkOf('Bo');
    expect(link?.standing).toBe('in-step');
    expect(link?.reasons.join(' ')).toContain('has the code “C-77”');
  });

  it('brings old invoices home without any merge', async () => {
    const { items } = await owner.call(api.listLearnerDocuments, {
      params: { learnerId: idOf('Zoë') },
    });
    expect(items.map((paper) => paper.number).sort()).toEqual(['LAST-YEAR', 'WHILE-OPEN']);
  });

  it('creates who was to be created, and nobody else', async () => {
    expect(await linkOf('New')).toMatchObject({ standing: 'in-step', reviewOf: null });
    expect(world.bookkeeper.books.contacts.all()).toHaveLength(6);
  });

  it('turns Sync to Xero off for those left out', async () => {
    const learner = await owner.call(api.getLearner, { params: { learnerId: idOf('Left') } });
    expect(learner.syncToXero).toBe(false);
    expect(await linkOf('Left')).toBeNull();
  });

  it('leaves the undecided to a person, in words; a second approval is refused', async () => {
    const link = await linkOf('Ari');
    expect(link?.standing).toBe('undecided');
    expect(link?.reasons[0]).toContain('“Ari Chived” may be this learner');
    const { state, approvedBy, version } = await matching();
    expect({ state, approvedBy }).toEqual({ state: 'approved', approvedBy: owner.name });
    const problem = await owner.refusal(api.approveMatching, {
      params: params(),
      body: { version },
    });
    expect(problem.code).toBe('matching.not-open');
  });
});

describe('afterwards', () => {
  it('an archived contact that is restored makes its learner’s match safe', async () => {
    world.bookkeeper.restoreContact(contactNamed('Ari Chived').id);
    await world.pass(11 * MINUTE_MS);
    expect(await linkOf('Ari')).toMatchObject({
      standing: 'in-step',
      contactId: contactNamed('Ari Chived').id,
    });
  });

  it('connecting an organisation again asks nothing about those who are linked', async () => {
    const before = world.bookkeeper.books.contacts.all().length;
    await owner.call(api.disconnect, { params: params() });
    const landing = await world.connectXero(owner, { leavesMatchesOpen: true, confirm: true });
    connectionId = landing.connectionId ?? raise('Nothing was connected');
    await world.settle();
    expect((await matching()).state).toBe('approved');
    expect(await linkOf('Zoë')).toMatchObject({ standing: 'in-step' });
    expect(world.bookkeeper.books.contacts.all()).toHaveLength(before);
  });
});
