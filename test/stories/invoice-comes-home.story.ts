import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { api } from '#contract/api';
import { displayName, type Learner } from '#contract/learners';
import { MINUTE_MS } from '#platform/clock';
import { xeroOrgs } from '../world/connect-xero.ts';
import { type ConnectedWorld, startConnectedWorld } from '../world/connected.ts';
import { openLive } from '../world/live-stream.ts';

let world: ConnectedWorld;
let learner: Learner;
beforeAll(async () => {
  world = await startConnectedWorld();
  learner = await linkedLearner('Ira', 'Voice');
});
afterAll(() => world.close());

async function linkedLearner(firstName: string, lastName: string): Promise<Learner> {
  const added = await world.addLearner({ firstName, lastName });
  await world.settle();
  return added;
}

function contactIdOf(one: Learner): string {
  const contact = world.bookkeeper.findContact(one.learnerNumber);
  if (!contact) throw new Error(`Xero has no contact ${one.learnerNumber}`);
  return contact.id;
}

const aud = (amountMinor: number) => ({ amountMinor, currency: 'AUD' });
const only = async (one: Learner) => {
  const { items } = await world.documentsOf(one.id);
  expect(items).toHaveLength(1);
  return items[0];
};

describe('an invoice comes home', () => {
  it('arrives with number, dates, lines, tax and sums to the cent', async () => {
    const invoice = world.bookkeeper.createInvoice({
      contactId: contactIdOf(learner),
      number: 'INV-2001',
      reference: 'Cert III',
      date: '2026-03-01',
      dueDate: '2026-03-15',
      lines: [
        { description: 'Tuition', quantity: '1.5', unitAmount: '1234.5678' },
        { description: 'Materials', unitAmount: '0.10' },
      ],
    });
    await world.settle();
    const paper = await only(learner);
    const total = Number(invoice.total ?? 0);
    expect(paper).toMatchObject({
      kind: 'invoice',
      number: 'INV-2001',
      reference: 'Cert III',
      status: 'approved',
      date: '2026-03-01',
      dueDate: '2026-03-15',
      isOverdue: false,
      hasOnlineView: true,
      taxMode: 'exclusive',
      subtotal: aud(185_195),
      tax: aud(18_520),
      total: aud(203_715),
      paid: aud(0),
      due: aud(203_715),
      learnerId: learner.id,
      learnerName: displayName(learner),
    });
    expect(total).not.toBeNaN();
    expect(paper?.lines.map((line) => [line.description, line.quantity, line.unitAmount])).toEqual([
      ['Tuition', '1.5', '1234.5678'],
      ['Materials', '1', '0.1'],
    ]);
  });

  it('shows a part payment, then the rest, then a payment taken back', async () => {
    world.clock.advance(MINUTE_MS);
    world.bookkeeper.pay('INV-2001', { amount: '1000.15', date: '2026-03-02', reference: 'EFT' });
    await world.settle();
    expect(await only(learner)).toMatchObject({
      status: 'part-paid',
      paid: aud(100_015),
      due: aud(103_700),
      payments: [{ date: '2026-03-02', amount: aud(100_015), reference: 'EFT' }],
    });

    world.clock.advance(MINUTE_MS);
    const rest = world.bookkeeper.pay('INV-2001', '1037.00');
    await world.settle();
    expect(await only(learner)).toMatchObject({ status: 'paid', due: aud(0) });

    world.clock.advance(MINUTE_MS);
    world.bookkeeper.deletePayment(rest.id);
    await world.settle();
    const paper = await only(learner);
    expect(paper).toMatchObject({ status: 'part-paid', due: aud(103_700) });
    expect(paper?.payments).toHaveLength(1);
    const history = await world.owner.call(api.learnerHistory, {
      params: { learnerId: learner.id },
    });
    const details = history.items[0]?.details ?? [];
    expect(details.map((change) => change.from)).toContain('1,037.00 AUD on 2026-03-02');
  });

  it('is voided: the paper stays and nothing is owed on it', async () => {
    const one = await linkedLearner('Vo', 'Ided');
    const invoice = world.bookkeeper.createInvoice({
      contactId: contactIdOf(one),
      lines: [{ description: 'Mistake', unitAmount: '24.15' }],
    });
    await world.settle();
    expect(await only(one)).toMatchObject({ status: 'approved' });
    world.clock.advance(MINUTE_MS);
    world.bookkeeper.void(invoice.id);
    await world.settle();
    expect(await only(one)).toMatchObject({ status: 'voided', due: aud(0) });
    expect((await world.documentsOf(one.id)).balances).toEqual([]);
  });

  it('is a draft first, then approved, then overdue by the provider’s own calendar', async () => {
    const one = await linkedLearner('Dra', 'Fted');
    const invoice = world.bookkeeper.createInvoice({
      contactId: contactIdOf(one),
      status: 'DRAFT',
      dueDate: '2026-03-03',
      lines: [{ description: 'Fee', unitAmount: '100' }],
    });
    await world.settle();
    expect(await only(one)).toMatchObject({ status: 'draft', hasOnlineView: false });
    expect((await world.documentsOf(one.id)).balances).toEqual([]);
    world.clock.advance(MINUTE_MS);
    world.bookkeeper.approve(invoice.id);
    await world.settle();
    const { balances } = await world.documentsOf(one.id);
    expect(balances).toMatchObject([
      {
        invoiced: aud(11_000),
        paid: aud(0),
        credited: aud(0),
        due: aud(11_000),
        overdue: aud(0),
        credit: aud(0),
      },
    ]);
    // Midnight in Sydney comes eleven hours before midnight in UTC.
    world.clock.set(new Date('2026-03-03T12:59:00Z'));
    expect(await only(one)).toMatchObject({ isOverdue: false });
    world.clock.set(new Date('2026-03-03T13:01:00Z'));
    expect(await only(one)).toMatchObject({ isOverdue: true });
    expect((await world.documentsOf(one.id)).balances[0]?.overdue).toEqual(aud(11_000));
  });

  it('keeps currencies apart', async () => {
    const one = await linkedLearner('Many', 'Moneys');
    const contactId = contactIdOf(one);
    world.bookkeeper.run(({ books }) =>
      books.currencies.put({ id: 'USD', description: 'US Dollar' }),
    );
    world.bookkeeper.createInvoice({
      contactId,
      lines: [{ description: 'Home', unitAmount: '10', taxType: 'EXEMPTOUTPUT' }],
    });
    world.bookkeeper.createInvoice({
      contactId,
      currency: 'USD',
      lines: [{ description: 'Abroad', unitAmount: '20', taxType: 'EXEMPTOUTPUT' }],
    });
    await world.settle();
    const { balances } = await world.documentsOf(one.id);
    expect(balances.map((balance) => balance.due)).toEqual([
      { amountMinor: 1_000, currency: 'AUD' },
      { amountMinor: 2_000, currency: 'USD' },
    ]);
  });

  it('is seen online at the address that Xero gives, asked for when somebody clicks', async () => {
    const paper = await only(learner);
    if (!paper) throw new Error('The paper is gone');
    const { url } = await world.owner.call(api.onlineDocument, {
      params: { documentId: paper.id },
    });
    expect(url).toMatch(/^http/);
    const staff = await world.people.staff();
    const problem = await staff.refusal(api.onlineDocument, { params: { documentId: paper.id } });
    expect(problem.code).toBe('permission.missing');
  });

  it('is moved to a contact of nobody here: our copy goes', async () => {
    const one = await linkedLearner('Mo', 'Ved');
    const invoice = world.bookkeeper.createInvoice({
      contactId: contactIdOf(one),
      status: 'DRAFT',
      lines: [{ description: 'Wrong person', unitAmount: '5' }],
    });
    await world.settle();
    expect(await only(one)).toBeDefined();
    const stranger = world.bookkeeper.createContact({ Name: 'Stranger' });
    world.clock.advance(MINUTE_MS);
    world.bookkeeper.editInvoice(invoice.id, { Contact: { ContactID: stranger.id } });
    await world.settle();
    expect((await world.documentsOf(one.id)).items).toEqual([]);
  });

  it('of a contact that is nobody’s is not kept, nor is a bill', async () => {
    const stranger = world.bookkeeper.createContact({ Name: 'Supplier' });
    world.bookkeeper.createInvoice({
      contactId: stranger.id,
      number: 'NOT-OURS',
      lines: [{ description: 'Private', unitAmount: '1' }],
    });
    world.bookkeeper.createInvoice({
      contactId: contactIdOf(learner),
      type: 'ACCPAY',
      number: 'A-BILL',
      lines: [{ description: 'Bill', unitAmount: '1', accountCode: '400' }],
    });
    await world.settle();
    const all = await world.owner.call(api.listDocuments, { query: { limit: 200 } });
    const numbers = all.items.map((paper) => paper.number);
    expect(numbers).not.toContain('NOT-OURS');
    expect(numbers).not.toContain('A-BILL');
  });

  it('is listed newest first, page by page, and by status', async () => {
    const first = await world.owner.call(api.listDocuments, { query: { limit: 2 } });
    const second = await world.owner.call(api.listDocuments, {
      query: { limit: 200, cursor: first.nextCursor ?? '' },
    });
    const all = await world.owner.call(api.listDocuments, { query: { limit: 200 } });
    expect([...first.items, ...second.items]).toEqual(all.items);
    const dates = all.items.map((paper) => paper.date ?? '');
    expect(dates).toEqual([...dates].sort().reverse());
    const voided = await world.owner.call(api.listDocuments, { query: { status: 'voided' } });
    expect(voided.items.map((paper) => paper.status)).toEqual(['voided']);
    const problem = await world.owner.refusal(api.listDocuments, { query: { cursor: 'nonsense' } });
    expect(problem.code).toBe('request.invalid');
  });

  it('is nothing that the neighbours can see', async () => {
    const neighbour = await world.neighbours.owner();
    const theirs = await neighbour.call(api.listDocuments, {});
    expect(theirs.items).toEqual([]);
    const paper = await only(learner);
    for (const refused of [
      neighbour.refusal(api.listLearnerDocuments, { params: { learnerId: learner.id } }),
      neighbour.refusal(api.learnerSync, { params: { learnerId: learner.id } }),
      neighbour.refusal(api.syncLearnerNow, { params: { learnerId: learner.id } }),
      neighbour.refusal(api.onlineDocument, {
        params: { documentId: paper?.id ?? learner.id } as never,
      }),
    ]) {
      expect((await refused).code).toBe('request.not-found');
    }
  });
});

it('an open page hears of the contact and of each paper, with the learner’s id', async () => {
  const live = await openLive(world.owner, `?provider=${world.people.providerId}`);
  const one = await linkedLearner('Live', 'Page');
  const hears = (topic: string) =>
    live.until((message) => message.topic === topic && message.ids.includes(one.id));
  await hears('sync');
  world.bookkeeper.createInvoice({
    contactId: contactIdOf(one),
    lines: [{ description: 'Fee', unitAmount: '1' }],
  });
  await world.settle();
  await hears('documents');
  live.close();
});

describe('the webhook', () => {
  const deliver = (body: string, signature: string | null) =>
    fetch(`${world.url}/webhooks/xero`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(signature === null ? {} : { 'x-xero-signature': signature }),
      },
      body,
    });
  const sign = (body: string, key = 'emulator-webhook-key') =>
    createHmac('sha256', key).update(body).digest('base64');
  const noticeOf = (resourceId: string, tenantId: string = xeroOrgs.au) =>
    JSON.stringify({
      events: [
        {
          resourceUrl: `https://api.xero.com/api.xro/2.0/Invoices/${resourceId}`,
          resourceId,
          tenantId,
          tenantType: 'ORGANISATION',
          eventCategory: 'INVOICE',
          eventType: 'UPDATE',
          eventDateUtc: '2026-03-04T00:00:00.123',
        },
      ],
      firstEventSequence: 1,
      lastEventSequence: 1,
      entropy: 'x',
    });
  const noticesWaiting = async () => {
    const { lanes } = await world.owner.call(api.syncHealth);
    return lanes[0]?.noticesWaiting;
  };

  it('is refused with 401 when it is signed wrongly, and keeps nothing', async () => {
    const body = noticeOf('11111111-1111-4111-8111-111111111111');
    const wrong = [null, '', 'nonsense', sign(body, 'other key'), sign(`${body} `)];
    for (const signature of wrong) {
      const answer = await deliver(body, signature);
      expect(answer.status).toBe(401);
      expect(await answer.text()).toBe('');
    }
    expect(await noticesWaiting()).toBe(0);
  });

  it('is answered 200 without body or cookie once it is stored', async () => {
    const body = noticeOf('22222222-2222-4222-8222-222222222222');
    const answer = await deliver(body, sign(body));
    expect(answer.status).toBe(200);
    expect(await answer.text()).toBe('');
    expect(answer.headers.get('set-cookie')).toBeNull();
    expect(await noticesWaiting()).toBe(1);
    await world.settle();
    expect(await noticesWaiting()).toBe(0);
  });

  it('passes the intent-to-receive check', async () => {
    const result = await world.emulator.control.webhooks.verify();
    expect(result).toMatchObject({ isShown: true });
    const statuses = result?.probes.map((probe) => [probe.isSignedRight, probe.status]);
    expect(new Set(statuses?.map(String))).toEqual(new Set(['true,200', 'false,401']));
  });

  it('drops notices of organisations that are not connected, and what it does not know', async () => {
    const bodies = [
      noticeOf('33333333-3333-4333-8333-333333333333', xeroOrgs.uk),
      JSON.stringify({ events: [{ nonsense: true }, null, 7] }),
      JSON.stringify({ somethingElse: [] }),
      'not json',
    ];
    for (const body of bodies) expect((await deliver(body, sign(body))).status).toBe(200);
    expect(await noticesWaiting()).toBe(0);
  });

  it('repeated and out of order ends with the paper as it is now, once', async () => {
    const one = await linkedLearner('Rep', 'Eated');
    const invoice = world.bookkeeper.createInvoice({
      contactId: contactIdOf(one),
      lines: [{ description: 'Fee', unitAmount: '40' }],
    });
    world.clock.advance(1_500);
    world.bookkeeper.pay(invoice.id, '10');
    await world.settle();
    const body = noticeOf(invoice.id);
    for (let times = 0; times < 5; times += 1) await deliver(body, sign(body));
    await world.settle();
    expect(await only(one)).toMatchObject({ status: 'part-paid', paid: aud(1_000) });
    const { items } = await world.owner.call(api.learnerHistory, {
      params: { learnerId: one.id },
      query: { limit: 50 },
    });
    const mirrored = items.filter((entry) => entry.kind === 'document.mirrored');
    expect(mirrored).toHaveLength(1);
  });
});
