import type { Document } from '../../emulator/accounting/model.ts';
import type { Bookkeeper } from '../../emulator/control/bookkeeper.ts';
import { type Count, type Finding, nameOf, partyOf, type Row, type Sides } from './sides.ts';

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

/** Papers of sales, by the contact whose they are: merged ones count as the one that is left. */
type Papers = ReadonlyMap<string, Document[]>;

export function papersByContact(books: Bookkeeper['books']): Papers {
  const { invoices, creditNotes, prepayments, overpayments } = books;
  const all = [invoices, creditNotes, prepayments, overpayments].flatMap((rows) => [...rows.all()]);
  const sales = all.filter(({ type }) => !/^(ACCPAY|SPEND)/.test(type));
  return Map.groupBy(sales, ({ contactId }) => survivorOf(books, contactId));
}

/** The contact that is left of one that may have been merged, whichever of them its papers name. */
function survivorOf(books: Bookkeeper['books'], contactId: string): string {
  const into = books.contacts.get(contactId)?.mergedToId;
  return into === undefined ? contactId : survivorOf(books, into);
}

/** I3: the papers of every linked contact are here as they are there, and no others. */
export function samePapers(sides: Sides, papers: Papers, count: Count): Finding[] {
  const { links, documents } = sides;
  const linked = links.flatMap((link) => (link.contact_id ? [String(link.contact_id)] : []));
  return linked.flatMap((contactId) => {
    const theirs = papers.get(contactId) ?? [];
    const ours = documents.filter((row) => row.contact_id === contactId);
    const byId = new Map(ours.map((row) => [row.xero_id, row]));
    const known = new Set(theirs.map(({ id }) => id));
    const apart = theirs.flatMap((paper) => paperApart(sides, paper, byId.get(paper.id), count));
    const more = ours.filter((row) => !known.has(String(row.xero_id)));
    return [
      ...apart,
      ...more.map((row) => `${row.kind} ${row.number} is here and not in Xero`),
    ].map((what) => ({ invariant: 'I3', what }));
  });
}

/** I3: what is here belongs to a contact that somebody is linked to. */
export function papersOfNobody({ links, documents }: Sides): Finding[] {
  const linked = new Set(links.map((link) => link.contact_id));
  return documents
    .filter((row) => !linked.has(row.contact_id))
    .map(({ kind, number }) => ({
      invariant: 'I3',
      what: `${kind} ${number} is here, of a contact that is nobody's`,
    }));
}

function paperApart(sides: Sides, paper: Document, row: Row | undefined, count: Count): string[] {
  const what = `${KINDS[paper.kind]} ${paper.number || paper.id}`;
  if (!row) return [`${what} (${paper.status}) is missing`];
  count('papers');
  const pairs = [...sums(paper, row), ...words(paper, row), ...settledBy(sides, paper, row, count)];
  const found = pairs.flatMap(([field, ours, theirs]) =>
    String(ours) === String(theirs) ? [] : [`${field} is ${ours} here and ${theirs} in Xero`],
  );
  if (!STATES[paper.status].includes(String(row.status))) {
    found.push(`is ${row.status} here and ${paper.status} in Xero`);
  }
  return found.map((one) => `${what}: ${one}`);
}

/** What is compared, as it is here and in Xero. */
type Pair = [what: string, ours: unknown, theirs: unknown];

function sums(paper: Document, row: Row): Pair[] {
  // A draft keeps an amount, though nobody owes it yet.
  const isGone = paper.status === 'VOIDED' || paper.status === 'DELETED';
  const open = !isGone ? paper.total - paper.paid - paper.credited : 0;
  return [
    ['currency', row.currency, paper.currency],
    ['total', row.total_minor, paper.total],
    ['sum without tax', row.subtotal_minor, paper.subTotal],
    ['tax', row.tax_minor, paper.totalTax],
    ['paid', row.paid_minor, paper.paid],
    ['credited', row.credited_minor, paper.credited],
    ['open', paper.kind === 'invoice' ? row.due_minor : row.remaining_minor, open],
    ['open of the other kind', paper.kind === 'invoice' ? row.remaining_minor : row.due_minor, 0],
  ];
}

function words(paper: Document, row: Row): Pair[] {
  // Prepayments and overpayments bear no number in Xero.
  const number = ['invoice', 'creditNote'].includes(paper.kind) ? paper.number : '';
  const isInvoice = paper.kind === 'invoice';
  const lines = (row.lines as Row[]).map((line) => lineWords(line.description, line.amountMinor));
  return [
    ['date of change', (row.changed_in_xero_at as Date).getTime(), paper.updatedAtMs],
    ['number', row.number ?? '', number],
    ['reference', row.reference ?? '', paper.reference],
    ['date', dayOf(row.date), paper.day],
    ['due date', dayOf(row.due_date), (isInvoice ? paper.dueDay : null) ?? null],
    ['lines', lines, paper.lines.map((line) => lineWords(line.description, line.amount))],
  ];
}

function lineWords(description: unknown, amount: unknown): string {
  return `${description ?? ''} ${amount}`;
}

/** A day as a text; PostgreSQL's client makes midnight of the place of it. */
function dayOf(value: unknown): string | null {
  if (!(value instanceof Date)) return value === null ? null : String(value).slice(0, 10);
  const [month, day] = [value.getMonth() + 1, value.getDate()];
  return [value.getFullYear(), month, day].map((part) => String(part).padStart(2, '0')).join('-');
}

/** The same payments settle it on both sides, and the same invoices have its credit. */
function settledBy(sides: Sides, paper: Document, row: Row, count: Count): Pair[] {
  const { books } = sides;
  const paid = books.payments
    .all()
    .filter(({ docId, status }) => docId === paper.id && status === 'AUTHORISED')
    .map(({ id, amount, day }) => `${id} ${amount} of ${day}`);
  const payments = sides.payments.filter((payment) => payment.document_id === row.id);
  const ours = payments.map((one) => `${one.xero_id} ${one.amount_minor} of ${dayOf(one.date)}`);
  count('payments', paid.length);
  const pairs: Pair[] = [['payments', ours.sort(), paid.sort()]];
  if (!sides.allocations) return pairs;
  const set = books.allocations
    .all()
    .filter(({ fromId, isDeleted }) => fromId === paper.id && !isDeleted)
    .map(({ invoiceId, amount, day }) => `${amount} to ${invoiceId} of ${day}`);
  const kept = sides.allocations.filter((one) => one.document_id === row.id);
  const here = kept.map(
    (one) => `${one.amount_minor} to ${one.invoice_xero_id} of ${dayOf(one.date)}`,
  );
  count('allocations', set.length);
  return [...pairs, ['allocations', here.sort(), set.sort()]];
}

/**
 * I9: invoices are swept more often than anything else: what changed before the calm began is here
 * long before the rest is. Those that name a contact which was merged away come with the contacts,
 * which are swept less often: whose they are is looked at in the end.
 */
export function freshInvoices({ links, documents, books, calmSince }: Fresh): Finding[] {
  const linked = new Set(links.map((link) => link.contact_id));
  const byId = new Map(documents.map((row) => [row.xero_id, row]));
  return books.invoices
    .all()
    .filter(({ type, contactId }) => type === 'ACCREC' && linked.has(contactId))
    .filter(({ updatedAtMs }) => updatedAtMs <= calmSince.getTime())
    .flatMap((paper) => {
      const row = byId.get(paper.id);
      const changedAt = (row?.changed_in_xero_at as Date | undefined)?.getTime();
      if (row && changedAt === paper.updatedAtMs) return [];
      const what = row ? 'is here as it was before' : 'is not here yet';
      return [{ invariant: 'I9', what: `invoice ${paper.number || paper.id} ${what}` }];
    });
}

type Fresh = Pick<Sides, 'links' | 'documents' | 'books'> & { calmSince: Date };

/** I4: what a learner owes is what the books say, to the cent. */
export function owedOf(sides: Sides, learner: Row, papers: Papers, count: Count): Finding[] {
  // The papers of somebody who was merged go to the one who is kept.
  const contacts = sides.links
    .filter((link) => (link.papers_for ?? partyOf(link)) === learner.id)
    .flatMap((link) => link.contact_id ?? []);
  const owed = new Map<string, bigint>();
  const add = (currency: string, minor: bigint) =>
    owed.set(currency, (owed.get(currency) ?? 0n) + minor);
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
  count('sums owed', owed.size);
  return [...owed].flatMap(([currency, difference]) =>
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
