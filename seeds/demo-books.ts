import { type Clock, DAY_MS } from '#platform/clock';

const HARBOUR_BOOKS = 'a0a0a0a0-0001-4000-8000-000000000001';
const CALL_DEADLINE_MS = 10_000;

type Fields = Readonly<Record<string, unknown>>;

/** Somebody whom the bookkeeper has known for longer than Bursar, with what was raised for them. */
interface Known {
  readonly contact: Fields;
  readonly invoices?: readonly {
    readonly daysAgo: number;
    readonly description: string;
    readonly amount: string;
    readonly paid?: string;
  }[];
  /** Money that came in without an invoice to go to. */
  readonly overpaid?: string;
}

const mobile = (number: string) => [
  { PhoneType: 'MOBILE', PhoneAreaCode: '', PhoneNumber: number },
];

/** As books are: most are easily told, some go by another name, two could both be meant. */
const KNOWN: readonly Known[] = [
  {
    contact: { Name: 'Amara Okafor', EmailAddress: 'amara.okafor@learner.example' },
    invoices: [
      { daysAgo: 150, description: 'Certificate III, deposit', amount: '480.00', paid: '480.00' },
      { daysAgo: 60, description: 'Certificate III, balance', amount: '960.00', paid: '400.00' },
    ],
  },
  {
    contact: { Name: 'Ben Tran', EmailAddress: 'ben.tran@learner.example' },
    invoices: [{ daysAgo: 90, description: 'First aid course', amount: '165.00', paid: '165.00' }],
  },
  {
    contact: {
      Name: 'Chloe Papadopoulos',
      ContactNumber: 'CP-104',
      EmailAddress: 'chloe.papadopoulos@learner.example',
      Phones: mobile('0491 570 157'),
    },
    invoices: [{ daysAgo: 10, description: 'Diploma, term 1', amount: '2150.00' }],
  },
  {
    contact: {
      Name: "Daniel O'Connor",
      EmailAddress: 'dan.oconnor@learner.example',
      Phones: mobile('0491 570 158'),
    },
    invoices: [{ daysAgo: 45, description: 'White card', amount: '99.50', paid: '50.00' }],
  },
  {
    contact: { Name: 'Jasmine Kaur', Phones: mobile('0491 571 491') },
    invoices: [{ daysAgo: 30, description: 'Certificate II', amount: '640.00' }],
    overpaid: '75.00',
  },
  { contact: { Name: 'Priya Venkat', EmailAddress: 'priya.venkatesan@learner.example' } },
  { contact: { Name: 'Marco Ferrari' } },
  {
    contact: { Name: 'Grace Wilson', EmailAddress: 'grace@wilson.example' },
    invoices: [{ daysAgo: 200, description: 'Barista course', amount: '220.00', paid: '220.00' }],
  },
  { contact: { Name: 'Grace Wilson (Mayfield)', FirstName: 'Grace', LastName: 'Wilson' } },
];

/**
 * Lays contacts and papers of the demo's learners into the books of the emulator at this address,
 * so that connecting finds people who are on both sides. Whom the books know already stays as is.
 *
 * @throws Error when the emulator does not take something else
 */
export async function layDemoBooks(emulatorUrl: string, clock: Clock): Promise<void> {
  const books = `${emulatorUrl}/_emulator/organisations/${HARBOUR_BOOKS}`;
  for (const known of KNOWN) {
    const made = await post(`${books}/contacts`, known.contact);
    if (made.ok) await layPapers(books, clock, known, await idOf(made));
    else if (made.status !== 400) throw await refusal(made);
  }
}

async function layPapers(
  books: string,
  clock: Clock,
  { invoices = [], overpaid }: Known,
  contactId: string,
): Promise<void> {
  const day = (daysAgo: number) =>
    new Date(clock.now().getTime() - daysAgo * DAY_MS).toISOString().slice(0, 10);
  for (const { daysAgo, description, amount, paid } of invoices) {
    const lines = [{ description, unitAmount: amount, taxType: 'EXEMPTOUTPUT' }];
    const dates = { date: day(daysAgo), dueDate: day(daysAgo - 14) };
    const id = await idOf(await post(`${books}/invoices`, { contactId, lines, ...dates }));
    if (paid)
      await idOf(
        await post(`${books}/invoices/${id}/pay`, { amount: paid, date: day(daysAgo - 7) }),
      );
  }
  if (overpaid === undefined) return;
  const entry = { contactId, amount: overpaid, date: day(3) };
  await idOf(await post(`${books}/credits/overpayment`, entry));
}

function post(address: string, body: Fields): Promise<Response> {
  return fetch(address, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(CALL_DEADLINE_MS),
  });
}

async function idOf(response: Response): Promise<string> {
  if (!response.ok) throw await refusal(response);
  return ((await response.json()) as { id: string }).id;
}

async function refusal(response: Response): Promise<Error> {
  return new Error(`The demo’s books cannot be laid: ${await response.text()}`);
}
