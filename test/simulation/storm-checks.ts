import type pg from 'pg';
import type { ProviderId } from '#contract/ids';
import type { LoggedCall } from '../../emulator/control/log.ts';
import type { Finding, Sides } from './agreement.ts';
import type { Desk } from './desk.ts';

type Row = Record<string, unknown>;

/** The rows of this provider, and its books. */
export async function sidesOf(
  database: pg.Pool,
  desk: Desk,
  providerId: ProviderId,
  now: Date,
): Promise<Sides> {
  const rows = async (table: string) => {
    const sql = `select * from ${table} where provider_id = $1`;
    return (await database.query<Row>(sql, [providerId])).rows;
  };
  return {
    name: desk.name,
    xeroOrgId: desk.xeroOrgId,
    books: desk.keeper.books,
    edited: desk.edited,
    learners: await rows('learners'),
    workplaces: await rows('workplaces'),
    links: await rows('contact_links'),
    documents: await rows('documents'),
    relinkings: (await rows('events')).filter(({ kind }) => kind === 'contact.relinked'),
    payments: await rows('payments'),
    lanes: await rows('lanes'),
    laneCalls: await rows('lane_calls'),
    allocations: await rows('allocations'),
    matchings: await rows('matchings'),
    notices: await rows('notices'),
    runs: await rows('sync_runs'),
    runItems: await rows('sync_run_items'),
    now,
  };
}

/** What of both sides could be compared at all: where it is little, agreement says little. */
export interface Compared {
  inStep: number;
  papers: number;
  payments: number;
}

export function comparedOf({ links, documents, payments }: Sides): Compared {
  const inStep = links.filter(({ standing }) => standing === 'in-step').length;
  return { inStep, papers: documents.length, payments: payments.length };
}

/** I6, as Xero counts: it never had to refuse by itself where nobody else uses the same limits. */
export function refusalsOf(calls: readonly LoggedCall[], shared: ReadonlySet<string>): Finding[] {
  return calls
    .filter(({ status, fault, orgId }) => status === 429 && !fault && !shared.has(String(orgId)))
    .map(({ method, path, orgId }) => ({
      invariant: 'I6',
      what: `Xero refuses a call for ${orgId}: ${method} ${path}`,
    }));
}

/** I8: every row that names an organisation, a contact or a paper names one of its provider's own. */
export async function strangersOf(
  database: pg.Pool,
  { name, xeroOrgId, keeper: { books } }: Desk,
  { providerId, links, documents }: Pick<Sides, 'links' | 'documents'> & { providerId: ProviderId },
): Promise<Finding[]> {
  const found: string[] = [];
  for (const table of await walledTables(database)) {
    const sql = `select count(*)::int as strange from ${table}
      where (provider_id = $1) <> (xero_org_id = $2)`;
    const { rows } = await database.query<{ strange: number }>(sql, [providerId, xeroOrgId]);
    if (rows[0]?.strange) found.push(`${rows[0].strange} rows of ${table}`);
  }
  const isContact = (row: Row) =>
    row.contact_id === null || books.contacts.get(`${row.contact_id}`);
  const kept = [books.invoices, books.creditNotes, books.prepayments, books.overpayments];
  const isPaper = (row: Row) => kept.some((rows) => rows.get(String(row.xero_id)));
  if (![...links, ...documents].every(isContact)) found.push('a contact');
  if (!documents.every(isPaper)) found.push('a paper');
  return found.map((what) => ({
    invariant: 'I8',
    what: `${name} has, or others have of it: ${what}`,
  }));
}

let walled: readonly string[] | null = null;

/** The tables whose rows belong to a provider and name an organisation; choices name any that could be. */
async function walledTables(database: pg.Pool): Promise<readonly string[]> {
  if (walled) return walled;
  const { rows } = await database.query<{ name: string }>(
    `select a.table_name as name from information_schema.columns a
      join information_schema.columns b on a.table_name = b.table_name and b.table_schema = 'public'
      join information_schema.tables t on t.table_name = a.table_name and t.table_type = 'BASE TABLE'
      where a.table_schema = 'public' and t.table_schema = 'public'
        and a.column_name = 'provider_id' and b.column_name = 'xero_org_id'
        and a.table_name <> 'connection_choices'
      order by 1`,
  );
  walled = rows.map(({ name }) => name);
  return walled;
}
