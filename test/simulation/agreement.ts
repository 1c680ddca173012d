import type { Contact, Document } from '../../emulator/accounting/model.ts';
import type { Bookkeeper } from '../../emulator/control/bookkeeper.ts';

type Row = Record<string, unknown>;

/** Both sides as they stand when all is quiet. */
export interface Sides {
  readonly name: string;
  readonly xeroOrgId: string;
  readonly books: Bookkeeper['books'];
  /** Rows of this provider, as the database holds them. */
  readonly learners: readonly Row[];
  readonly links: readonly Row[];
  readonly documents: readonly Row[];
  readonly lanes: readonly Row[];
  readonly notices: readonly Row[];
  readonly now: Date;
}

export interface Finding {
  invariant: string;
  what: string;
}

const STATES: Record<Document['status'], readonly string[]> = {
  DRAFT: ['draft'],
  SUBMITTED: ['submitted'],
  AUTHORISED: ['approved', 'part-paid'],
  PAID: ['paid'],
  VOIDED: ['voided'],
  DELETED: ['deleted'],
};
const KINDS = {
  invoice: 'invoice',
  creditNote: 'credit-note',
  prepayment: 'prepayment',
  overpayment: 'overpayment',
} as const;
const OPEN = ['AUTHORISED', 'PAID'];

/** What does not hold between Bursar and the books, in words; nothing when all does. */
export function findingsOf(sides: Sides): Finding[] {
  const papers = papersByContact(sides.books);
  return [
    ...sides.learners.flatMap((learner) => [
      ...oneContact(sides, learner),
      ...linkOf(sides, learner),
      ...owedOf(sides, learner, papers),
    ]),
    ...orphans(sides),
    ...samePapers(sides, papers),
    ...quiet(sides),
  ];
}

function nameOf(learner: Row): string {
  return `${learner.learner_number} ${learner.first_name} ${learner.last_name}`;
}

function linksOf({ links }: Sides, learner: Row): readonly Row[] {
  return links.filter((link) => partyOf(link) === learner.id);
}

/** Whose link or paper it is. */
export function partyOf(row: Row): unknown {
  return row.party_id ?? row.learner_id ?? null;
}

/** I1: one contact per learner, never two. */
function oneContact({ books }: Sides, learner: Row): Finding[] {
  const alike = books.contacts.find('number', String(learner.learner_number).toLowerCase());
  if (alike.length < 2) return [];
  return [{ invariant: 'I1', what: `${nameOf(learner)} has ${alike.length} contacts` }];
}

/** I1: whoever was created for a learner is known as theirs. */
function orphans({ books, links }: Sides): Finding[] {
  const linked = new Set(links.map((link) => link.contact_id));
  return books.contacts
    .all()
    .filter(
      ({ id, createdByApp, status }) => createdByApp && status === 'ACTIVE' && !linked.has(id),
    )
    .filter(({ mergedToId }) => mergedToId === undefined)
    .map(({ name, number }) => ({
      invariant: 'I1',
      what: `the contact ${name} (${number}) was created and is nobody's`,
    }));
}

/** I10: what was wanted is done, or blocked with a reason; what is in step is the same. */
function linkOf(sides: Sides, learner: Row): Finding[] {
  const who = nameOf(learner);
  const [link] = linksOf(sides, learner);
  const isWanted = link !== undefined && link.standing !== null;
  if (isWanted !== learner.sync_to_xero) {
    return [
      {
        invariant: 'I10',
        what: `${who}: Sync to Xero is ${learner.sync_to_xero}, the link ${link?.standing}`,
      },
    ];
  }
  if (!link || !isWanted) return [];
  const found: string[] = [];
  if (link.standing === 'waiting') found.push(`still waits after ${link.attempts} attempts`);
  if (link.uncertain_since !== null) found.push('is still in doubt');
  const isExplained = Array.isArray(link.reasons) && link.reasons.length > 0;
  const needsReason = link.standing === 'blocked';
  if (needsReason && !isExplained) found.push('is blocked without a reason');
  if (link.standing === 'in-step') found.push(...differences(sides, learner, link));
  return found.map((what) => ({ invariant: 'I10', what: `${who} ${what}` }));
}

function differences({ books }: Sides, learner: Row, link: Row): string[] {
  const contact: Contact | undefined = books.contacts.get(String(link.contact_id));
  if (!contact) return ['is in step with a contact that is not there'];
  const found: string[] = [];
  if (contact.status !== 'ACTIVE')
    found.push(`is in step with a contact that is ${contact.status}`);
  if (link.pushed_revision !== learner.revision) {
    found.push(`is in step at revision ${link.pushed_revision}, not ${learner.revision}`);
  }
  const pairs: [string, unknown, unknown][] = [
    ['first name', contact.firstName ?? null, learner.first_name],
    ['last name', contact.lastName ?? null, learner.last_name],
    ['mobile', contact.phones.MOBILE?.number || null, learner.phone_mobile ?? null],
    ['number', contact.number ?? null, numberIn(link)],
  ];
  for (const [field, theirs, ours] of pairs) {
    if (theirs !== ours) found.push(`is in step, but the ${field} is ${theirs}, not ${ours}`);
  }
  return found;
}

type Papers = ReadonlyMap<string, Document[]>;

function papersByContact(books: Bookkeeper['books']): Papers {
  const { invoices, creditNotes, prepayments, overpayments } = books;
  const all = [invoices, creditNotes, prepayments, overpayments].flatMap((rows) => [...rows.all()]);
  const sales = all.filter(({ kind, type }) => kind !== 'invoice' || type === 'ACCREC');
  return Map.groupBy(sales, ({ contactId }) => contactId);
}

/** I3: the papers of every linked contact are here as they are there, and no others. */
function samePapers({ links, documents }: Sides, papers: Papers): Finding[] {
  const linked = links.flatMap((link) => (link.contact_id ? [String(link.contact_id)] : []));
  return linked.flatMap((contactId) => {
    const theirs = papers.get(contactId) ?? [];
    const ours = documents.filter((row) => row.contact_id === contactId);
    const byId = new Map(ours.map((row) => [row.xero_id, row]));
    const known = new Set(theirs.map(({ id }) => id));
    return [
      ...theirs.flatMap((paper) => paperFindings(paper, byId.get(paper.id))),
      ...ours
        .filter((row) => !known.has(String(row.xero_id)))
        .map((row) => ({
          invariant: 'I3',
          what: `${row.kind} ${row.number} is here and not in Xero`,
        })),
    ];
  });
}

function paperFindings(paper: Document, row: Row | undefined): Finding[] {
  const what = `${KINDS[paper.kind]} ${paper.number || paper.id}`;
  if (!row) return [{ invariant: 'I3', what: `${what} (${paper.status}) is missing` }];
  // A draft keeps an amount, though nobody owes it yet.
  const isGone = paper.status === 'VOIDED' || paper.status === 'DELETED';
  const open = !isGone ? paper.total - paper.paid - paper.credited : 0;
  const pairs: [string, unknown, unknown][] = [
    ['total', row.total_minor, paper.total],
    ['paid', row.paid_minor, paper.paid],
    ['credited', row.credited_minor, paper.credited],
    ['open', paper.kind === 'invoice' ? row.due_minor : row.remaining_minor, open],
    ['date of change', (row.changed_in_xero_at as Date).getTime(), paper.updatedAtMs],
  ];
  const found = pairs.flatMap(([field, ours, theirs]) =>
    String(ours) === String(theirs) ? [] : [`${field} is ${ours} here and ${theirs} in Xero`],
  );
  if (!STATES[paper.status].includes(String(row.status))) {
    found.push(`is ${row.status} here and ${paper.status} in Xero`);
  }
  return found.map((one) => ({ invariant: 'I3', what: `${what}: ${one}` }));
}

/** I4: what a learner owes is what the books say, to the cent. */
function owedOf(sides: Sides, learner: Row, papers: Papers): Finding[] {
  const contacts = linksOf(sides, learner).flatMap((link) => link.contact_id ?? []);
  const sums = new Map<string, bigint>();
  const add = (currency: string, minor: bigint) =>
    sums.set(currency, (sums.get(currency) ?? 0n) + minor);
  for (const contactId of contacts) {
    for (const paper of papers.get(String(contactId)) ?? []) {
      if (!OPEN.includes(paper.status)) continue;
      const open = BigInt(paper.total - paper.paid - paper.credited);
      add(paper.currency, paper.kind === 'invoice' ? open : -open);
    }
  }
  for (const row of sides.documents) {
    if (partyOf(row) !== learner.id || ['draft', 'submitted'].includes(String(row.status)))
      continue;
    add(String(row.currency), BigInt(String(row.remaining_minor)) - BigInt(String(row.due_minor)));
  }
  return [...sums].flatMap(([currency, difference]) =>
    difference === 0n
      ? []
      : [
          {
            invariant: 'I4',
            what: `${nameOf(learner)} owes ${difference} ${currency} cents more in Xero`,
          },
        ],
  );
}

/** I9: nothing waits, nobody holds the lane. */
function quiet({ name, lanes, notices, now }: Sides): Finding[] {
  const found: string[] = [];
  if (notices.length > 0) found.push(`${notices.length} notices wait`);
  for (const lane of lanes) {
    const { paused_until: pausedUntil } = lane;
    if (pausedUntil instanceof Date && pausedUntil > now)
      found.push(`paused: ${lane.pause_reason}`);
    if (lane.state !== 'running') found.push(`the lane is ${lane.state} (${lane.stop_reason})`);
  }
  return found.map((what) => ({ invariant: 'I9', what: `${name}: ${what}` }));
}

/** The learner number as agreed for the contact; none where Xero keeps it on a contact that is gone. */
function numberIn({ base }: Row): unknown {
  return (base as { contactNumber?: string | null } | null)?.contactNumber ?? null;
}
