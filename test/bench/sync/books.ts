import { DAY_MS } from '#platform/clock';
import { Dice } from '../../../emulator/seeds/dice.ts';
import { seedInvoice } from '../../../emulator/seeds/papers.ts';
import type { BenchWorld } from './bench-world.ts';
import { addLearners, inventPeople, type Person, runOf, startSyncing } from './learners.ts';

/** The last changes of seeded papers lie within this time before the world begins. */
const SPAN_MS = 700 * DAY_MS;
const PAPER_SPAN_DAYS = 700;

/** Puts a contact into the books for each person, with their number, as after years of use. */
export function layContacts(world: BenchWorld, people: readonly Person[]): void {
  for (const person of people) layContact(world, person, { ContactNumber: person.number });
}

/** The same without numbers: nobody has connected these books to anything yet. */
function layStrangers(world: BenchWorld, people: readonly Person[]): void {
  for (const person of people) layContact(world, person, {});
}

function layContact(
  { bookkeeper }: BenchWorld,
  { firstName, lastName, email }: Person,
  more: { ContactNumber?: string },
): void {
  bookkeeper.createContact({
    Name: `${firstName} ${lastName}`,
    FirstName: firstName,
    LastName: lastName,
    EmailAddress: email,
    ...more,
  });
}

/**
 * Lays papers of the contacts that are there: invoices, bills, credit notes, with what settles
 * them. Their dates of change are spread over two years, as they come about by themselves.
 */
export function layPapers({ bookkeeper, clock }: BenchWorld, invoices: number): void {
  const { books } = bookkeeper;
  const dice = new Dice(1);
  const contacts = books.contacts.all();
  const begin = clock.now().getTime() - SPAN_MS;
  bookkeeper.run((act) => {
    for (let at = 0; at < invoices; at += 1) {
      seedInvoice(act, dice.pick(contacts), at, {
        dice,
        spanDays: PAPER_SPAN_DAYS,
        isVaried: true,
      });
    }
  });
  for (const papers of [books.invoices, books.creditNotes, books.payments]) {
    const rows = [...papers.all()];
    const step = SPAN_MS / Math.max(1, rows.length);
    for (const [index, row] of rows.entries()) {
      const updatedAtMs = Math.floor(begin + index * step);
      (papers as { put(row: object, cause: 'seed'): void }).put({ ...row, updatedAtMs }, 'seed');
    }
  }
}

/** Learners who are in the books already, with Sync to Xero on, before anything is connected. */
export async function addKnownLearners(
  world: BenchWorld,
  count: number,
  { areNumbered = true }: { areNumbered?: boolean } = {},
): Promise<void> {
  const people = inventPeople(count);
  if (areNumbered) layContacts(world, people);
  else layStrangers(world, people);
  await addLearners(world, people);
  const run = await startSyncing(world);
  await world.until(async () => (await runOf(world, run)).state === 'finished');
}

/** A paper as both sides should know it, in one line. */
type PaperLine = string;

/** Papers at Xero that belong to learners here, by id. */
export function papersAtXero({ bookkeeper }: BenchWorld): Map<string, PaperLine> {
  const { invoices, creditNotes, prepayments, overpayments } = bookkeeper.books;
  const sales = [
    ...invoices.all().filter((paper) => paper.type === 'ACCREC'),
    ...creditNotes.all().filter((paper) => paper.type === 'ACCRECCREDIT'),
    ...prepayments.all(),
    ...overpayments.all(),
  ];
  const lineOf = ({ total, paid, credited, reference, updatedAtMs }: (typeof sales)[number]) =>
    [total, paid + credited, reference, Math.floor(updatedAtMs / 1_000)].join(' ');
  return new Map(sales.map((paper) => [paper.id, lineOf(paper)]));
}

/** The same of the papers here. */
async function papersHere({ sql }: BenchWorld): Promise<Map<string, PaperLine>> {
  const { rows } = await sql.query<{ xero_id: string; line: PaperLine }>(
    `select xero_id, concat_ws(' ', total_minor, paid_minor + credited_minor,
       coalesce(reference, ''), floor(extract(epoch from changed_in_xero_at))::bigint) as line
     from documents`,
  );
  return new Map(rows.map((row) => [row.xero_id, row.line]));
}

/** Papers that one side lacks or knows otherwise. */
export async function differingPapers(world: BenchWorld): Promise<string[]> {
  const theirs = papersAtXero(world);
  const ours = await papersHere(world);
  const ids = new Set([...theirs.keys(), ...ours.keys()]);
  return [...ids].filter((id) => theirs.get(id) !== ours.get(id));
}

/** Nothing waits: every learner is in step, every walk over what changed has ended. */
export async function isAtRest({ sql }: BenchWorld): Promise<boolean> {
  const { rows } = await sql.query<{ waiting: boolean }>(
    `select exists (select from contact_links
         where standing = 'waiting' or papers_due or uncertain_since is not null)
       or exists (select from cursors where walking and resource not like 'all-%')
       or exists (select from lanes where paper_reading is not null)
       or exists (select from notices) as waiting`,
  );
  return rows[0]?.waiting === false;
}
