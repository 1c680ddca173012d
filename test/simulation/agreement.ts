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
  readonly workplaces: readonly Row[];
  readonly links: readonly Row[];
  readonly documents: readonly Row[];
  readonly lanes: readonly Row[];
  readonly laneCalls: readonly Row[];
  readonly notices: readonly Row[];
  /** Payments that are here, by the paper they settle. */
  readonly payments: readonly Row[];
  readonly runs: readonly Row[];
  readonly runItems: readonly Row[];
  /** Events that say that a person linked somebody to another contact. */
  readonly relinkings: readonly Row[];
  /** What a bookkeeper changed: id of the contact and field. */
  readonly edited: ReadonlySet<string>;
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
    ...[...sides.learners, ...sides.workplaces].flatMap((party) => [
      ...oneContact(sides, party),
      ...linkOf(sides, party),
      ...owedOf(sides, party, papers),
    ]),
    ...orphans(sides),
    ...samePapers(sides, papers),
    ...papersOfNobody(sides),
    ...quiet(sides),
    ...runsOf(sides),
  ];
}

function numberOf(party: Row): string {
  return String(party.learner_number ?? party.workplace_number);
}

function nameOf(party: Row): string {
  return `${numberOf(party)} ${party.name ?? `${party.first_name} ${party.last_name}`}`;
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
  const alike = books.contacts.find('number', numberOf(learner).toLowerCase());
  if (alike.length < 2) return [];
  return [{ invariant: 'I1', what: `${nameOf(learner)} has ${alike.length} contacts` }];
}

/** I1: whoever was created for a learner is known as theirs, unless a person unlinked it. */
function orphans(sides: Sides): Finding[] {
  const { books, links, edited } = sides;
  const unlinked = sides.relinkings.map(({ data }) => (data as Row).formerContactId);
  const linked = new Set([...links.map((link) => link.contact_id), ...unlinked]);
  return (
    books.contacts
      .all()
      .filter(
        ({ id, createdByApp, status }) => createdByApp && status === 'ACTIVE' && !linked.has(id),
      )
      .filter(({ mergedToId }) => mergedToId === undefined)
      // Without its code nobody can know whose it was, if the answer to its creation was lost.
      .filter(({ id }) => !edited.has(`${id} contactNumber`))
      .map(({ name, number }) => ({
        invariant: 'I1',
        what: `the contact ${name} (${number}) was created and is nobody's; ${whoIs(sides, number)}`,
      }))
  );
}

/** Where the one stands who should have that contact. */
function whoIs(sides: Sides, number: string | undefined): string {
  const party = [...sides.learners, ...sides.workplaces].find((one) => numberOf(one) === number);
  const [link] = party ? linksOf(sides, party) : [];
  if (!party || !link) return 'there is no link';
  const merged = party.merged_into ? ', merged' : '';
  return `the link is ${link.standing}${merged}, to ${link.contact_id}`;
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
  const needsReason = link.standing !== 'in-step' && link.standing !== 'waiting';
  if (needsReason && !isExplained) found.push(`is ${link.standing} without a reason`);
  if (link.standing === 'blocked') found.push(...baseless(sides, link));
  if (link.standing === 'in-step') found.push(...differences(sides, learner, link));
  return found.map((what) => ({ invariant: 'I10', what: `${who} ${what}` }));
}

function differences(sides: Sides, learner: Row, link: Row): string[] {
  const { books } = sides;
  const contact: Contact | undefined = books.contacts.get(String(link.contact_id));
  if (!contact) return ['is in step with a contact that is not there'];
  const found: string[] = [];
  if (contact.status !== 'ACTIVE')
    found.push(`is in step with a contact that is ${contact.status}`);
  if (link.pushed_revision !== learner.revision) {
    found.push(`is in step at revision ${link.pushed_revision}, not ${learner.revision}`);
  }
  found.push(...fieldsApart(learner, link, contact));
  const hasRemark = Array.isArray(link.reasons) && link.reasons.length > 0;
  if (contact.number !== numberOf(learner) && !(hasRemark && isCodeApart(sides, learner, contact)))
    found.push(`is in step, but the number is ${contact.number}, not ${numberOf(learner)}`);
  for (const field of link.drift as string[]) {
    if (isOurMaking(sides, contact) && !sides.edited.has(`${contact.id} ${field}`))
      found.push(`is asked about the ${field}, which nobody changed in Xero`);
  }
  return found;
}

/** Reasons for which a link may wait for a person, in the words that people read. */
const REASONS =
  /archived|asked to erase|no longer has the contact|could not be saved|was merged into|Another (active )?contact in Xero|is linked to another record/;

/** Blocked for something that nobody did, or that is over. */
function baseless({ books }: Sides, link: Row): string[] {
  const reasons = (link.reasons as string[]).join(' ');
  const found = REASONS.test(reasons) ? [] : [`is blocked, since ${reasons}`];
  const contact = books.contacts.get(String(link.contact_id));
  const isActive = contact?.status === 'ACTIVE' && /archived/.test(reasons);
  return isActive ? [...found, 'is blocked as archived, and is not'] : found;
}

/** What such a contact says was agreed, unlike that of one that was in the books before. */
function isOurMaking(sides: Sides, contact: Contact): boolean {
  const { books } = sides;
  if (isChosen(sides, contact)) return false;
  const isMergedInto = books.contacts.all().some(({ mergedToId }) => mergedToId === contact.id);
  return contact.createdByApp !== undefined && !isMergedInto;
}

/** What differs must be known to differ: asked about, or agreed to. */
function fieldsApart(learner: Row, link: Row, contact: Contact): string[] {
  const known = new Set([...(link.drift as string[]), ...Object.keys(link.accepted as Row)]);
  const pairs: [string, unknown, unknown][] = learner.learner_number
    ? [
        ['firstName', contact.firstName ?? null, learner.first_name],
        ['lastName', contact.lastName ?? null, learner.last_name],
        ['mobile', contact.phones.MOBILE?.number || null, learner.phone_mobile ?? null],
        ['email', contact.email || null, learner.email ?? null],
      ]
    : [];
  return pairs.flatMap(([field, theirs, ours]) =>
    theirs === ours || known.has(field)
      ? []
      : [`is in step, but the ${field} is ${theirs}, not ${ours}`],
  );
}

/** A person has linked somebody to it, whosever it was before. */
function isChosen({ relinkings }: Sides, contact: Contact): boolean {
  return relinkings.some(({ data }) => (data as Row).contactId === contact.id);
}

/** It bears the number of somebody who was given another contact since. */
function isLeftBehind({ learners, workplaces, links }: Sides, contact: Contact): boolean {
  const owner = [...learners, ...workplaces].find((party) => numberOf(party) === contact.number);
  return links.some(
    ({ party_id: id, contact_id: has }) => id === owner?.id && has !== null && has !== contact.id,
  );
}

/**
 * The code may be another's: of a contact that was merged away, as the bookkeeper wanted it, or as it
 * was when a person linked it; or it was another's, from whom the bookkeeper has taken it since.
 */
function isCodeApart(sides: Sides, party: Row, contact: Contact): boolean {
  const { books, edited } = sides;
  if (isChosen(sides, contact) || isLeftBehind(sides, contact)) return true;
  const number = numberOf(party);
  const others = books.contacts.find('number', number.toLowerCase());
  const isTakenOff = edited.has(`${contact.id} contactNumber`) || edited.has(`number ${number}`);
  return others.length > 0 || isTakenOff;
}

type Papers = ReadonlyMap<string, Document[]>;

function papersByContact(books: Bookkeeper['books']): Papers {
  const { invoices, creditNotes, prepayments, overpayments } = books;
  const all = [invoices, creditNotes, prepayments, overpayments].flatMap((rows) => [...rows.all()]);
  const sales = all.filter(({ type }) => !/^(ACCPAY|SPEND)/.test(type));
  return Map.groupBy(sales, ({ contactId }) => contactId);
}

/** I3: the papers of every linked contact are here as they are there, and no others. */
function samePapers(sides: Sides, papers: Papers): Finding[] {
  const { links, documents } = sides;
  const linked = links.flatMap((link) => (link.contact_id ? [String(link.contact_id)] : []));
  return linked.flatMap((contactId) => {
    const theirs = papers.get(contactId) ?? [];
    const ours = documents.filter((row) => row.contact_id === contactId);
    const byId = new Map(ours.map((row) => [row.xero_id, row]));
    const known = new Set(theirs.map(({ id }) => id));
    return [
      ...theirs.flatMap((paper) => paperFindings(paper, byId.get(paper.id))),
      ...theirs.flatMap((paper) => paymentFindings(sides, paper, byId.get(paper.id))),
      ...ours
        .filter((row) => !known.has(String(row.xero_id)))
        .map((row) => ({
          invariant: 'I3',
          what: `${row.kind} ${row.number} is here and not in Xero`,
        })),
    ];
  });
}

/** I3: what is here belongs to a contact that somebody is linked to. */
function papersOfNobody({ links, documents }: Sides): Finding[] {
  const linked = new Set(links.map((link) => link.contact_id));
  return documents
    .filter((row) => !linked.has(row.contact_id))
    .map(({ kind, number }) => ({
      invariant: 'I3',
      what: `${kind} ${number} is here, of a contact that is nobody's`,
    }));
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

/** I3: the same payments settle it on both sides. */
function paymentFindings(sides: Sides, paper: Document, row: Row | undefined): Finding[] {
  if (!row) return [];
  const theirs = sides.books.payments
    .all()
    .filter(({ docId, status }) => docId === paper.id && status === 'AUTHORISED')
    .map(({ id, amount }) => `${id} ${amount}`);
  const ours = sides.payments
    .filter((payment) => payment.document_id === row.id)
    .map((payment) => `${payment.xero_id} ${payment.amount_minor}`);
  if (theirs.sort().join() === ours.sort().join()) return [];
  const what = `${KINDS[paper.kind]} ${paper.number || paper.id}: ${ours.length} payments here, ${theirs.length} in Xero`;
  return [{ invariant: 'I3', what }];
}

/** I4: what a learner owes is what the books say, to the cent. */
function owedOf(sides: Sides, learner: Row, papers: Papers): Finding[] {
  // The papers of somebody who was merged go to the one who is kept.
  const contacts = sides.links
    .filter((link) => (link.papers_for ?? partyOf(link)) === learner.id)
    .flatMap((link) => link.contact_id ?? []);
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

/** I9: what is due is done, wherever nothing is said to stand in the way. */
export function dueOf({
  name,
  lanes,
  links,
  notices,
  now,
}: Pick<Sides, 'name' | 'lanes' | 'links' | 'notices' | 'now'>): Finding[] {
  const isFree = lanes.every(
    ({ state, paused_until: until }) =>
      state === 'running' && !(until instanceof Date && until > now),
  );
  if (!isFree) return [];
  const due = links.filter(
    (link) =>
      link.standing === 'waiting' &&
      (link.next_attempt_at as Date) <= now &&
      (!link.match_due || link.contact_id !== null),
  );
  const what = `${name}: ${due.length} pushes and ${notices.length} notices are due and rest`;
  return due.length + notices.length === 0 ? [] : [{ invariant: 'I9', what }];
}

/** I9: nothing waits, nobody holds the lane. */
function quiet({ name, lanes, laneCalls, notices, now }: Sides): Finding[] {
  const found: string[] = [];
  if (laneCalls.length > 0) found.push(`${laneCalls.length} calls of the lane are not taken up`);
  if (notices.length > 0) found.push(`${notices.length} notices wait`);
  for (const lane of lanes) {
    const { paused_until: pausedUntil } = lane;
    if (pausedUntil instanceof Date && pausedUntil > now)
      found.push(`paused: ${lane.pause_reason}`);
    if (lane.state !== 'running') found.push(`the lane is ${lane.state} (${lane.stop_reason})`);
  }
  return found.map((what) => ({ invariant: 'I9', what: `${name}: ${what}` }));
}

/** I10: a run ends, and knows what became of each of its rows. */
function runsOf({ runs, runItems }: Sides): Finding[] {
  const ended = new Set(['finished', 'failed', 'cancelled', 'paused']);
  const open = runs.filter((run) => !ended.has(String(run.state)));
  const done = new Set(runs.filter((run) => run.state === 'finished').map((run) => run.id));
  const undone = runItems.filter((item) => done.has(item.run_id) && item.outcome === null);
  return [
    ...open.map((run) => ({ invariant: 'I10', what: `a run (${run.kind}) is still ${run.state}` })),
    ...undone.map((item) => ({ invariant: 'I10', what: `${item.label} of a run has no outcome` })),
  ];
}
