import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Emulator } from '../server.ts';
import { type Json, startConnected } from '../testing.ts';

const KEY = 'emulator-webhook-key';
const QUARTER_MS = 15 * 60_000;

interface Received {
  readonly isSignedRight: boolean;
  readonly body: Json;
}

/** A listener as an app would have it; how it answers can be changed. */
class Listener {
  readonly received: Received[] = [];
  headers: IncomingHttpHeaders = {};
  body = '';
  status = 200;
  checksSignatures = true;
  readonly #server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const raw = Buffer.concat(chunks);
      const expected = createHmac('sha256', KEY).update(raw).digest('base64');
      const isSignedRight = request.headers['x-xero-signature'] === expected;
      this.received.push({ isSignedRight, body: JSON.parse(raw.toString()) });
      const status = isSignedRight || !this.checksSignatures ? this.status : 401;
      response.writeHead(status, this.headers as Record<string, string>).end(this.body);
    });
  });

  async open(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/webhooks`;
  }

  get events(): Json[] {
    return this.received.flatMap(({ body }) => body.events);
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

let emulator: Emulator;
let listener: Listener;
beforeEach(async () => {
  ({ emulator } = await startConnected({ webhookTimeoutMs: 500 }));
  listener = new Listener();
  emulator.control.webhooks.configure(await listener.open());
});
afterEach(async () => {
  listener.close();
  await emulator.close();
});

const makeContact = (name: string) => emulator.control.bookkeeper().createContact({ Name: name });
const deliver = () => emulator.control.webhooks.deliverDue();

describe('intent to receive', () => {
  it('sends empty payloads, some wrongly signed, before anything else', async () => {
    const contact = makeContact('Ana');
    expect(await deliver()).toBe(1);
    const probes = listener.received.slice(0, -1);
    expect(probes.length).toBeGreaterThan(1);
    expect(new Set(probes.map((probe) => probe.isSignedRight))).toEqual(new Set([true, false]));
    expect(probes[0]?.body).toMatchObject({
      events: [],
      firstEventSequence: 0,
      lastEventSequence: 0,
    });
    expect(listener.events[0].resourceId).toBe(contact.id);
  });

  it('keeps everything back from a listener that takes wrong signatures', async () => {
    listener.checksSignatures = false;
    makeContact('Ana');
    expect(await deliver()).toBe(0);
    expect(listener.events).toEqual([]);
    expect(emulator.control.webhooks.subscription()?.status).toBe('unverified');
    expect(emulator.control.webhooks.pending()).toBe(0);
    listener.checksSignatures = true;
    expect(await deliver()).toBe(1);
  });
});

describe('events', () => {
  it('carry what Xero sends, for contacts and for invoices with their payments', async () => {
    const keeper = emulator.control.bookkeeper();
    const contact = makeContact('Ana');
    const invoice = keeper.createInvoice({
      contactId: contact.id,
      lines: [{ description: 'Fee', unitAmount: 50 }],
    });
    keeper.pay(invoice.id, 20);
    await deliver();
    const kinds = listener.events.map((event) => `${event.eventCategory} ${event.eventType}`);
    expect(kinds).toEqual(['CONTACT CREATE', 'INVOICE CREATE', 'INVOICE UPDATE']);
    expect(listener.events[1]).toEqual({
      resourceUrl: `${emulator.url}/api.xro/2.0/Invoices/${invoice.id}`,
      resourceId: invoice.id,
      tenantId: keeper.books.orgId,
      tenantType: 'ORGANISATION',
      eventCategory: 'INVOICE',
      eventType: 'CREATE',
      eventDateUtc: '2026-11-22T09:00:00.000',
    });
    const [last] = listener.received.slice(-1);
    expect(last?.body).toMatchObject({ firstEventSequence: 1, lastEventSequence: 3 });
  });

  it('tell of subscriptions too, which belong to the app', async () => {
    emulator.control.webhooks.reportSubscription('CREATE');
    await deliver();
    const [event] = listener.events;
    expect(event).toMatchObject({
      tenantId: 'emulator-client-id',
      tenantType: 'APPLICATION',
      eventCategory: 'SUBSCRIPTION',
      eventType: 'CREATE',
    });
    expect(event.resourceUrl).toBe(
      `${emulator.url}/appstore/2.0/subscriptions/${event.resourceId}`,
    );
  });

  it('can leave out what payments cause', async () => {
    emulator.control.switches.paymentEvents = false;
    const keeper = emulator.control.bookkeeper();
    const contact = makeContact('Ana');
    const invoice = keeper.createInvoice({
      contactId: contact.id,
      lines: [{ description: 'Fee', unitAmount: 50 }],
    });
    await deliver();
    keeper.pay(invoice.id, 20);
    expect(emulator.control.webhooks.pending()).toBe(0);
  });

  it('come only for organisations that are connected', async () => {
    emulator.control.people.disconnect(emulator.control.bookkeeper().books.orgId);
    makeContact('Ana');
    expect(emulator.control.webhooks.waiting()).toBe(0);
  });

  it('can be repeated, turned round, cut into small payloads and lost', async () => {
    const { switches } = emulator.control.webhooks;
    Object.assign(switches, { repeats: 1, isReordered: true, maxEvents: 2 });
    for (const name of ['A', 'B', 'C']) makeContact(name);
    expect(await deliver()).toBe(3);
    expect(listener.events).toHaveLength(6);
    Object.assign(switches, { repeats: 0, dropNext: 1 });
    makeContact('D');
    expect(await deliver()).toBe(0);
    expect(emulator.control.webhooks.waiting()).toBe(0);
    expect(listener.events).toHaveLength(6);
    switches.sequenceGap = 3;
    makeContact('E');
    await deliver();
    expect(listener.received.at(-1)?.body.firstEventSequence).toBe(8);
  });
});

describe('failures', () => {
  beforeEach(async () => {
    await emulator.control.webhooks.verify();
    listener.received.length = 0;
  });

  it('are repeated once at once, then every quarter of an hour', async () => {
    listener.status = 500;
    makeContact('Ana');
    expect(await deliver()).toBe(0);
    expect(listener.received).toHaveLength(2);
    expect(emulator.control.webhooks.pending()).toBe(0);
    emulator.clock.advance(QUARTER_MS);
    expect(emulator.control.webhooks.pending()).toBe(1);
    listener.status = 200;
    expect(await deliver()).toBe(1);
    expect(emulator.control.webhooks.waiting()).toBe(0);
  });

  it.each([
    ['a cookie', { headers: { 'set-cookie': 'a=b' } }, 'set a cookie'],
    ['a body', { body: 'thanks' }, 'sent a body'],
    ['a redirect', { status: 302 }, 'status 302'],
  ])('include %s in the answer', async (_name, behaviour, outcome) => {
    Object.assign(listener, behaviour);
    makeContact('Ana');
    expect(await deliver()).toBe(0);
    expect(emulator.control.webhooks.deliveries().at(-1)?.outcome).toBe(outcome);
  });

  it('of a whole day switch the webhook off; its events wait and come later', async () => {
    listener.status = 503;
    makeContact('Ana');
    for (let i = 0; i <= 96; i++) {
      await deliver();
      emulator.clock.advance(QUARTER_MS);
    }
    expect(emulator.control.webhooks.subscription()?.status).toBe('disabled');
    const told = emulator.control.webhooks.deliveries().map(({ outcome }) => outcome);
    expect(told.at(-1)).toBe('disabled after a day of failures');
    makeContact('Ben');
    expect(await deliver()).toBe(0);
    listener.status = 200;
    expect((await emulator.control.webhooks.verify())?.isShown).toBe(true);
    listener.received.length = 0;
    expect(await deliver()).toBe(2);
    expect(listener.received[0]?.body.events).toHaveLength(2);
  });

  it('forget events after a month', async () => {
    listener.status = 503;
    makeContact('Ana');
    await deliver();
    emulator.clock.advance(32 * 86_400_000);
    await deliver();
    expect(emulator.control.webhooks.waiting()).toBe(0);
  });
});
