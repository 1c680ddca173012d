import { sql } from 'kysely';
import { z } from 'zod';
import type { PartyId, XeroOrgId } from '#contract/ids';
import type { ReadingStopped } from '#contract/statement';
import type { Tx } from '#platform/database';
import type { Scope } from '#platform/scope';

/** How far the papers of an organisation were read. */
export interface Reading {
  organisationName: string;
  /** What had changed of the party's papers by then is here; null: they were not read to the end. */
  readAt: Date | null;
  /** Why nothing newer is read, or not everything; null: reading goes on. */
  stopped: ReadingStopped | null;
}

/** The organisations whose papers are here as they were when they were disconnected. */
export async function formerOrganisations(tx: Tx, scope: Scope): Promise<ReadonlySet<XeroOrgId>> {
  const { rows } = await sql<{ former: XeroOrgId[] }>`
    select former_organisations(${scope.providerId}) as former`.execute(tx);
  return new Set(rows.flatMap(({ former }) => former));
}

/** Each organisation of which papers of the party may be here, by id. */
export async function readingsOf(
  tx: Tx,
  scope: Scope,
  partyId: PartyId,
  now: Date,
): Promise<ReadonlyMap<string, Reading>> {
  const lanes = await tx
    .selectFrom('lanes')
    .select(['xero_org_id', 'organisation_name', 'paper_reading'])
    .select(['stop_reason', 'paused_until', 'set_aside'])
    .where('provider_id', '=', scope.providerId)
    .execute();
  const walkedAt = await walkedPapersAt(tx, scope);
  const contacts = await contactsOf(tx, scope, partyId);
  return new Map(
    lanes.map((lane) => {
      const isReadAnew = contacts.some(
        (contact) =>
          contact.xero_org_id === lane.xero_org_id && arePapersToCome(contact, lane.paper_reading),
      );
      const failingSince = sinceOf(lane.set_aside);
      const isWaiting = lane.paused_until !== null && lane.paused_until > now;
      const reading: Reading = {
        organisationName: lane.organisation_name,
        readAt: isReadAnew ? null : earlier(walkedAt.get(lane.xero_org_id) ?? null, failingSince),
        stopped: lane.stop_reason
          ? (lane.stop_reason as ReadingStopped)
          : failingSince !== null || isWaiting
            ? 'waiting'
            : null,
      };
      return [lane.xero_org_id, reading];
    }),
  );
}

/** What is swept of papers and of what settles them. */
const WALKED = ['invoices', 'credit-notes', 'prepayments', 'overpayments', 'payments'] as const;

/** When each of an organisation's kinds had been walked to its end; those are left out that were not. */
async function walkedPapersAt(tx: Tx, scope: Scope): Promise<ReadonlyMap<string, Date>> {
  const { rows } = await sql<{ xero_org_id: string; at: Date }>`
    select xero_org_id, min(walked_at) as at from cursors
    where provider_id = ${scope.providerId} and resource = any(${[...WALKED]}::text[])
    group by xero_org_id
    having count(walked_at) = ${WALKED.length}`.execute(tx);
  return new Map(rows.map(({ xero_org_id: xeroOrgId, at }) => [xeroOrgId, at]));
}

type LinkedContact = Awaited<ReturnType<typeof contactsOf>>[number];

/** The contacts whose papers are the party's: its own, and those of learners merged into it. */
function contactsOf(tx: Tx, scope: Scope, partyId: PartyId) {
  return tx
    .selectFrom('contact_links')
    .select(['xero_org_id', 'contact_id', 'papers_due'])
    .where('provider_id', '=', scope.providerId)
    .where('contact_id', 'is not', null)
    .where((is) => is.or([is('party_id', '=', partyId), is('papers_for', '=', partyId)]))
    .execute();
}

/** A reading of the papers of some contacts that is on. */
const PaperReading = z.object({ contactIds: z.array(z.string()) }).nullable();

function arePapersToCome({ contact_id: id, papers_due: isDue }: LinkedContact, reading: unknown) {
  return isDue || (PaperReading.parse(reading)?.contactIds.includes(id ?? '') ?? false);
}

/** What did not come about when last tried, by its name. */
const Failing = z.record(z.string(), z.object({ since: z.coerce.date() }));
/** Readings of papers and of what settles them, not of contacts. */
const OF_PAPERS =
  /^(read-papers$|pull |sweep ((all-)?(invoices|credit-notes|prepayments|overpayments)|payments)$)/;

/** Since when Xero fails at, or refuses, a reading of papers; null: it does not. */
function sinceOf(setAside: unknown): Date | null {
  return Object.entries(Failing.parse(setAside))
    .filter(([name]) => OF_PAPERS.test(name))
    .reduce<Date | null>((first, [, { since }]) => earlier(first, since) ?? since, null);
}

/** The earlier one, where both are there; else the first. */
function earlier(a: Date | null, b: Date | null): Date | null {
  return a !== null && b !== null && b < a ? b : a;
}
