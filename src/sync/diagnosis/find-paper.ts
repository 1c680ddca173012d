import { sql } from 'kysely';
import type { FoundPaper } from '#contract/diagnosis';
import type { PartyId, XeroOrgId } from '#contract/ids';
import { plus } from '#platform/clock';
import type { Tx } from '#platform/database';
import type { Scope } from '#platform/scope';
import { isFilterRefused, type OrgClient } from '#xero/index';
import { contactUrl } from '../health/contact-url.ts';
import type { SyncDeps } from '../lane/lane-run.ts';
import { wakeLane } from '../lane/lane-store.ts';
import { paperContacts } from '../matching/merged-contacts.ts';
import { namedParty, type Party } from '../parties/party.ts';
import { CLOCK_DOUBT_MS } from '../pull/cursor-store.ts';
import { isSale, keyOf, type WirePaper } from '../pull/mirror-documents.ts';
import { storeNotices } from '../pull/notice-store.ts';
import { pageOfPapers } from '../pull/read-papers.ts';

type Access = Awaited<ReturnType<SyncDeps['connections']['active']>>[number];

/** Kinds whose papers bear a number of their own, with the name Xero's filter has for it. */
const NUMBERED = { invoice: 'InvoiceNumber', 'credit-note': 'CreditNoteNumber' } as const;
/** Papers of one number that one answer tells of: suppliers' bills may share it. */
const FOUND_MAX = 20;

/**
 * Says where a paper is that somebody misses: here already, on its way from a linked contact, on a
 * contact of nobody here, a purchase, or not in Xero at all. Two calls for each organisation that
 * is connected; one on its way is fetched.
 *
 * @throws XeroError as Xero answers
 */
export async function findMissingPaper(
  deps: SyncDeps,
  scope: Scope,
  number: string,
): Promise<FoundPaper[]> {
  const { database } = deps;
  const active = await database.asProvider(scope.providerId, (tx) =>
    deps.connections.active(tx, scope),
  );
  const found: FoundPaper[] = [];
  for (const access of active) {
    const rows = await rowsOfNumber(deps, access, number);
    found.push(
      ...(await database.asProvider(scope.providerId, (tx) =>
        fatesOf(deps, tx, scope, access, number, rows),
      )),
    );
  }
  return found.slice(0, FOUND_MAX);
}

async function rowsOfNumber(deps: SyncDeps, access: Access, number: string): Promise<WirePaper[]> {
  const client = deps.xero.forOrg(access, 'person');
  const [invoices, notes] = await Promise.all([
    pageOfNumber(client, 'invoice', number),
    notesOfNumber(client, number),
  ]);
  return [...invoices, ...notes];
}

async function pageOfNumber(
  client: OrgClient,
  kind: keyof typeof NUMBERED,
  number: string,
): Promise<WirePaper[]> {
  const where = `${NUMBERED[kind]}==${JSON.stringify(number)}`;
  return (await pageOfPapers(client, kind, { where, page: 1, pageSize: FOUND_MAX })).rows;
}

/** Xero does not filter by their number where there are more than 100,000: then one by its address. */
async function notesOfNumber(client: OrgClient, number: string): Promise<WirePaper[]> {
  try {
    return await pageOfNumber(client, 'credit-note', number);
  } catch (error) {
    if (!isFilterRefused(error)) throw error;
    const note = await client.credit('credit-note', number);
    return note ? [note] : [];
  }
}

async function fatesOf(
  deps: SyncDeps,
  tx: Tx,
  scope: Scope,
  access: Access,
  number: string,
  rows: readonly WirePaper[],
): Promise<FoundPaper[]> {
  const { xeroOrgId, organisationName } = access;
  if (rows.length === 0) {
    const nothing = { kind: null, contactName: null, contactUrl: null, ...NOBODY };
    return [{ organisationName, xeroOrgId, fate: 'unknown', number, ...nothing }];
  }
  const ours = await ownersHere(tx, scope, xeroOrgId, rows);
  const contactIds = rows.map((row) => row.Contact.ContactID);
  const contactOf = await paperContacts(tx, scope, xeroOrgId, contactIds);
  const found: FoundPaper[] = [];
  const toFetch: WirePaper[] = [];
  for (const row of rows) {
    const { kind, xeroId } = keyOf(row);
    const link = contactOf.get(row.Contact.ContactID)?.link ?? null;
    const here = ours.get(xeroId);
    const partyId = here ?? link?.papersFor ?? link?.partyId ?? null;
    const party = partyId && (await deps.parties.get(tx, scope, partyId));
    const fate = !isSale(row) ? 'purchase' : here ? 'here' : link ? 'fetched' : 'stranger';
    if (fate === 'fetched') toFetch.push(row);
    found.push({
      organisationName,
      xeroOrgId,
      fate,
      kind,
      number: ('InvoiceID' in row ? row.InvoiceNumber : row.CreditNoteNumber) ?? number,
      contactName: row.Contact.Name,
      contactUrl: contactUrl(deps.xeroPagesUrl, access.shortCode, row.Contact.ContactID),
      ...(party ? ownerOf(party) : NOBODY),
    });
  }
  await fetchThem(deps, tx, scope, xeroOrgId, toFetch);
  return found;
}

const NOBODY = { learnerId: null, workplaceId: null, partyName: null };

function ownerOf(party: Party) {
  const { learnerId, workplaceId } = namedParty(party.id, party);
  return { learnerId, workplaceId, partyName: party.label };
}

/** Whose the papers are that are here already, by Xero's id. */
async function ownersHere(
  tx: Tx,
  scope: Scope,
  xeroOrgId: XeroOrgId,
  rows: readonly WirePaper[],
): Promise<ReadonlyMap<string, PartyId>> {
  const ids = rows.map((row) => keyOf(row).xeroId);
  const kinds = [...new Set(rows.map((row) => keyOf(row).kind))];
  const { rows: here } = await sql<{ xero_id: string; party_id: PartyId }>`
    select xero_id, party_id from documents
    where provider_id = ${scope.providerId} and xero_org_id = ${xeroOrgId}
      and kind = any(${kinds}) and xero_id = any(${ids}::uuid[]) and party_id is not null`.execute(
    tx,
  );
  return new Map(here.map((row) => [row.xero_id, row.party_id]));
}

/** Has the lane read papers as if Xero had just told of them. */
async function fetchThem(
  deps: SyncDeps,
  tx: Tx,
  scope: Scope,
  xeroOrgId: XeroOrgId,
  rows: readonly WirePaper[],
): Promise<void> {
  const now = deps.clock.now();
  if (rows.length === 0 || !(await wakeLane(tx, scope.providerId, xeroOrgId, now))) return;
  const eventAt = plus(now, CLOCK_DOUBT_MS);
  const notices = rows.map((row) => {
    const { kind, xeroId } = keyOf(row);
    return { kind, resourceId: xeroId, eventAt };
  });
  await storeNotices(tx, scope.providerId, xeroOrgId, notices, now);
}
