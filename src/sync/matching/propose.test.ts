import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { sql } from 'kysely';
import pg from 'pg';
import { expect, it } from 'vitest';
import type { PartyId, ProviderId, XeroOrgId } from '#contract/ids';
import { emptyAddress } from '#contract/learners';
import { AppError } from '#platform/app-error';
import { type Database, openDatabase, type Tx } from '#platform/database';
import { newId } from '#platform/ids';
import { ownScope } from '#platform/scope';
import type { WireContact } from '#xero/index';
import { pathOf } from '../../../test/simulation/hooks.ts';
import { openGate, openMemory } from '../../../test/simulation/memory/database.ts';
import { readTables } from '../../../test/simulation/memory/tables.ts';
import { MemoryTables } from '../../../test/simulation/memory/transactions.ts';
import { createTestDatabase } from '../../../test/world/database.ts';
import type { LaneRun, SyncDeps } from '../lane/lane-run.ts';
import type { Party } from '../parties/party.ts';
import { contactsByIds, keepContacts } from './contact-store.ts';
import { decideMatches } from './decide-match.ts';
import { decided } from './decide-proposal.ts';
import { importMap } from './map-file.ts';
import { matchPartyOf } from './match-parties.ts';
import { changeMatching, contactsChanged } from './matching-store.ts';
import { acceptGroup, allProposals, findProposal } from './proposal-store.ts';
import { matchLearners } from './propose.ts';
import { isChoiceStanding } from './renew-proposal.ts';
import { saveDecisions } from './touched-store.ts';

// While matches are under review only those are looked at whom a change may concern. Whatever people
// here and in Xero do, what is proposed is what a look at everybody would propose.

const PEOPLE = 7;
const CONTACTS = 8;
const NOW = new Date('2026-03-02T01:00:00.000Z');
const idOf = (kind: number, at: number) =>
  `0000000${kind}-0000-4000-8000-${String(at).padStart(12, '0')}`;
const partyIds = Array.from({ length: PEOPLE }, (_, at) => idOf(1, at) as PartyId);
const contactIds = Array.from({ length: CONTACTS }, (_, at) => idOf(2, at));

// People of a family may be taken for one another; those of two have nothing in common, unless a code
// or a person says so.
const family = fc.constantFrom('Lee', 'Ng', 'Ono');
const first = fc.constantFrom('Kim', 'Kim', 'kím', 'Ana');
const mostly = fc.constantFrom(true, true, false);
const one = fc.record({
  first,
  family,
  hasEmail: mostly,
  hasPhone: fc.boolean(),
});
const person = fc
  .tuple(one, fc.constantFrom(null, null, 'OLD'))
  .map(([{ first: firstName, family: lastName, ...has }, refExternal]) => ({
    firstName,
    lastName,
    email: has.hasEmail ? `${lastName}@x.example` : null,
    phoneMobile: has.hasPhone ? `0412 345 67${lastName.length}` : null,
    refExternal,
  }));
const contact = fc.record({
  one,
  code: fc.constantFrom(null, null, null, 'L0', 'l 1', 'L2', 'C-1', 'old'),
  state: fc.constantFrom('ACTIVE', 'ACTIVE', 'ACTIVE', 'ARCHIVED', 'merged'),
});
const whom = fc.nat(PEOPLE - 1);
const which = fc.nat(CONTACTS - 1);
const told = fc.boolean();
const decision = fc.constantFrom('link', 'link', 'create', 'leave-out', 'as-proposed');
const act = fc.oneof(
  fc.record({ do: fc.constant('edit' as const), whom, person, told }),
  fc.record({ do: fc.constant('leave' as const), whom }),
  fc.record({ do: fc.constant('merge' as const), whom, into: whom }),
  fc.record({ do: fc.constant('contact' as const), which, contact }),
  fc.record({ do: fc.constant('decide' as const), whom, which, decision }),
  // About whom is decided again and again.
  fc.record({ do: fc.constant('decide' as const), whom: fc.nat(1), which: fc.nat(2), decision }),
  fc.record({ do: fc.constant('swap' as const), whom, other: whom }),
  fc.record({ do: fc.constant('undecide' as const), whom }),
  fc.record({ do: fc.constant('accept' as const), group: fc.constantFrom('safe', 'create') }),
  fc.record({ do: fc.constant('upgrade' as const) }),
);
type ContactFields = typeof contact extends fc.Arbitrary<infer T> ? T : never;
type Act = typeof act extends fc.Arbitrary<infer T> ? T : never;

/** Rows alone matter here, not what else belongs to them. */
const TABLES = [
  'xero_contact_keys',
  'xero_contacts',
  'match_proposals',
  'matchings',
  'contact_links',
];

interface Place {
  database: Database;
  /** Takes away what is left of the review before, where wading through it would take time. */
  clear(): void;
  close(): Promise<void>;
}

async function inPostgres(): Promise<Place> {
  const test = await createTestDatabase();
  const owner = new pg.Client({ connectionString: test.ownerUrl });
  await owner.connect();
  for (const table of TABLES) {
    await owner.query(`alter table ${table} disable trigger all`);
  }
  await owner.end();
  const opened = openDatabase(test.ownerUrl, { poolSize: 2 });
  return {
    database: opened,
    clear: () => undefined,
    async close() {
      await opened.close();
      await test.drop();
    },
  };
}

/** Quick enough for thousands of acts. */
async function inMemory(): Promise<Place> {
  const schema = await readFile(pathOf('docs/schema.sql'), 'utf8');
  const tables = new MemoryTables(readTables(schema));
  const empty = tables.picture();
  const opened = openMemory(tables, 'memory', openGate);
  return { database: opened, clear: () => tables.restore(empty), close: opened.close };
}

let database: Database;
let parties: Map<PartyId, Party>;
let deps: SyncDeps;
let scope: ReturnType<typeof ownScope>;
let xeroOrgId: XeroOrgId;
let decisions: number;

const within = <T>(work: (tx: Tx) => Promise<T>) => database.asProvider(scope.providerId, work);

/** A review of an organisation of its own, of which everything is new. */
async function begin(): Promise<void> {
  parties = new Map();
  scope = ownScope(newId<ProviderId>());
  xeroOrgId = newId<XeroOrgId>();
  const getMany = async (_: Tx, __: object, ids: readonly PartyId[]) =>
    ids.flatMap((id) => parties.get(id) ?? []);
  deps = {
    database,
    events: { append: async () => undefined },
    parties: {
      getMany,
      get: async (_: Tx, __: object, id: PartyId) => parties.get(id) ?? null,
    },
  } as unknown as SyncDeps;
  await within((tx) =>
    sql`insert into matchings (provider_id, xero_org_id, state)
      values (${scope.providerId}, ${xeroOrgId}, 'proposing')`.execute(tx),
  );
}

async function want(id: PartyId, standing: 'waiting' | null): Promise<void> {
  const revision = parties.get(id)?.revision ?? 0;
  await within((tx) =>
    sql`insert into contact_links (provider_id, xero_org_id, party_id, wanted_revision, standing,
        next_attempt_at)
      values (${scope.providerId}, ${xeroOrgId}, ${id}, ${revision}, ${standing}, ${NOW})
      on conflict (provider_id, xero_org_id, party_id) do update set
        wanted_revision = excluded.wanted_revision, standing = excluded.standing`.execute(tx),
  );
}

const touchAll = () =>
  within((tx) => tx.updateTable('match_proposals').set({ touched: true }).execute());

async function linksOf(): Promise<{ id: PartyId; revision: number; isWanted: boolean }[]> {
  const rows = await within((tx) =>
    tx
      .selectFrom('contact_links')
      .select(['party_id', 'wanted_revision', 'standing'])
      .where('xero_org_id', '=', xeroOrgId)
      .execute(),
  );
  return rows.map((row) => ({
    id: row.party_id as PartyId,
    revision: row.wanted_revision,
    isWanted: row.standing !== null,
  }));
}

async function edit(at: number, fields: Partial<Party>): Promise<PartyId> {
  const id = partyIds[at] as PartyId;
  const before = parties.get(id);
  const after: Party = {
    kind: 'learner',
    id,
    number: `L${at}`,
    companyNames: [],
    gaps: [],
    preferredName: null,
    phoneHome: null,
    phoneWork: null,
    campus: null,
    streetAddress: emptyAddress,
    postalAddress: emptyAddress,
    syncToXero: true,
    firstName: null,
    lastName: null,
    email: null,
    alternativeEmail: null,
    phoneMobile: null,
    refExternal: null,
    ...before,
    ...fields,
    label: `Number ${at}`,
    revision: (before?.revision ?? 0) + 1,
  };
  parties.set(id, after);
  return id;
}

async function merge(from: number, into: number): Promise<void> {
  const [gone, kept] = [partyIds[from], partyIds[into]].map((id) => parties.get(id as PartyId));
  if (!gone || !kept || from === into) return;
  await want(gone.id, null);
  await want(await edit(into, { email: kept.email, alternativeEmail: gone.email }), 'waiting');
}

async function readFromXero(some: readonly (readonly [at: number, of: ContactFields])[]) {
  const contacts = some.map(([at, of]) => wireOf(at, of));
  await within(async (tx) => {
    const changed = await keepContacts(tx, scope, xeroOrgId, contacts);
    await contactsChanged(tx, scope, xeroOrgId, changed);
  });
}

function wireOf(at: number, { one: who, code, state }: ContactFields): WireContact {
  const rest = { PhoneAreaCode: null, PhoneCountryCode: null };
  const PhoneNumber = `412 345 67${who.family.length}`;
  return {
    ContactID: contactIds[at] ?? '',
    ContactNumber: code,
    ContactStatus: state === 'ACTIVE' ? 'ACTIVE' : 'ARCHIVED',
    Name: `${who.first} ${who.family}`,
    FirstName: null,
    LastName: null,
    EmailAddress: who.hasEmail ? `${who.family}@x.example` : null,
    Addresses: [],
    Phones: who.hasPhone ? [{ PhoneType: 'MOBILE', PhoneNumber, ...rest }] : [],
    MergedToContactID: state === 'merged' ? newId() : null,
    updatedAt: NOW,
  };
}

async function decide({ whom: at, which: of, decision: said }: Act & { do: 'decide' }) {
  await within(async (tx) => {
    const proposal = await findProposal(tx, scope, xeroOrgId, partyIds[at] as PartyId);
    if (!proposal) return;
    const given = { decision: said as 'link', contactId: contactIds[of], replaceCode: false };
    const after = await decided(deps, tx, scope, xeroOrgId, proposal, given);
    await saveDecisions(tx, scope, xeroOrgId, [after]);
    await changeMatching(tx, scope, xeroOrgId, {});
    decisions += 1;
  }).catch((error: unknown) => {
    // What is somebody else's is refused, as it is to people.
    if (!(error instanceof AppError)) throw error;
  });
}

async function map(rows: readonly (readonly [at: number, contactId: string, said: string])[]) {
  const lines = rows.map(([at, contactId, said]) => `L${at},${contactId},${said}`);
  const csv = ['Learner number,Contact id,Decision', ...lines].join('\n');
  const { applied } = await within((tx) => importMap(tx, scope, xeroOrgId, { csv, apply: true }));
  if (applied) decisions += 1;
}

/** Two people change places, by a map: a contact passes from one to the other within one change. */
async function swap(at: number, other: number): Promise<void> {
  const held = await within((tx) => allProposals(tx, scope, xeroOrgId));
  const rowOf = (of: number, from: number) => {
    const contactId = held.find((one) => one.partyId === partyIds[from])?.contactId ?? null;
    return [of, contactId ?? '', contactId ? 'link' : 'create'] as const;
  };
  if (at !== other) await map([rowOf(at, other), rowOf(other, at)]);
}

async function carryOut(one: Act): Promise<void> {
  switch (one.do) {
    case 'edit': {
      const id = await edit(one.whom, one.person);
      // Word of an edit may come later than what was edited can be read.
      if (one.told) await want(id, 'waiting');
      return;
    }
    case 'leave':
      if (parties.has(partyIds[one.whom] as PartyId)) {
        await want(partyIds[one.whom] as PartyId, null);
      }
      return;
    case 'merge':
      return merge(one.whom, one.into);
    case 'contact':
      return readFromXero([[one.which, one.contact]]);
    case 'decide':
      return decide(one as Act & { do: 'decide' });
    case 'swap':
      return swap(one.whom, one.other);
    case 'undecide':
      return map([[one.whom, '', 'undecided']]);
    case 'accept':
      return within((tx) => acceptGroup(tx, scope, xeroOrgId, one.group as 'safe', true));
    case 'upgrade':
      // What the migration makes of proposals that are older than their keys.
      await within((tx) =>
        tx.updateTable('match_proposals').set({ keys: [], touched: true }).execute(),
      );
      return;
  }
}

async function look(): Promise<void> {
  const run = { deps, scope, xeroOrgId, now: () => NOW, record: within } as unknown as LaneRun;
  await matchLearners(run);
}

const kept = () => within((tx) => allProposals(tx, scope, xeroOrgId));

/** What the rules say with everybody and all contacts before them, less what people have decided. */
async function proposedToAll() {
  const contacts = await within((tx) => contactsByIds(tx, scope, xeroOrgId, contactIds));
  const links = (await linksOf()).filter((link) => link.isWanted);
  const wanted = new Map(links.map((link) => [link.id, link.revision]));
  const standing = (await kept()).filter((one) =>
    isChoiceStanding(one, wanted.get(one.partyId), contacts.get(one.contactId ?? ''), new Set()),
  );
  const settled = new Set(standing.map((one) => one.partyId));
  const open = [...wanted.keys()].filter((id) => !settled.has(id));
  const people = open.flatMap((id) => parties.get(id) ?? []).map(matchPartyOf);
  const taken = new Set(standing.flatMap((one) => one.contactId ?? []));
  return { wanted, settled, proposals: decideMatches(people, [...contacts.values()], taken) };
}

async function check(): Promise<void> {
  const left = (await linksOf()).filter((link) => !link.isWanted).map((link) => link.id);
  // Of everybody who has not left word has come by now.
  for (const id of parties.keys()) if (!left.includes(id)) await want(id, 'waiting');
  await look();
  const { wanted, settled, proposals } = await proposedToAll();
  const after = await kept();
  expect(after.map((one) => one.partyId).sort()).toEqual([...wanted.keys()].sort());
  for (const { partyId, group, candidates, contactId, decidedBy } of after) {
    if (settled.has(partyId)) continue;
    const { replacesCode: _, contactId: own, ...whole } = proposals.get(partyId) ?? {};
    expect({ partyId, group, candidates }).toEqual(whole);
    if (decidedBy === null) expect(contactId).toBe(own);
  }
  // Looked at again whole, nothing is other than it was: nothing that people said is asked again.
  await touchAll();
  await look();
  expect(await kept()).toEqual(after);
}

it.each([
  ['in memory', inMemory, 300],
  ['in PostgreSQL', inPostgres, 6],
])(
  'whatever changes, what is proposed is what a look at everybody would propose (%s)',
  async (_, open, numRuns) => {
    const place = await open();
    ({ database } = place);
    decisions = 0;
    const beginning = fc.tuple(
      fc.array(person, { minLength: 4, maxLength: PEOPLE }),
      fc.array(contact, { minLength: 4, maxLength: CONTACTS }),
    );
    const course = fc.array(fc.tuple(act, mostly), { minLength: 6, maxLength: 14 });
    const property = fc.asyncProperty(beginning, course, async ([some, books], all) => {
      place.clear();
      await begin();
      for (const [at, fields] of some.entries()) await want(await edit(at, fields), 'waiting');
      await readFromXero([...books.entries()]);
      await look();
      for (const [each, isLookedAt] of all) {
        await carryOut(each);
        if (isLookedAt) await look();
      }
      await check();
    });
    await fc.assert(property, { numRuns }).finally(place.close);
    expect(decisions).toBeGreaterThan(numRuns);
  },
  120_000,
);
