import { describe, expect, it } from 'vitest';
import { readDelivery } from './webhook-routes.ts';

const event = {
  resourceId: '11111111-1111-4111-8111-AAAAAAAAAAAA',
  tenantId: 'a0a0a0a0-0001-4000-8000-000000000001',
  eventCategory: 'INVOICE',
  eventType: 'UPDATE',
  eventDateUtc: '2026-03-02T01:00:00.123',
};

function read(body: unknown) {
  const remarks: string[] = [];
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const notices = readDelivery(Buffer.from(text), (reason) => remarks.push(reason));
  return { notices, remarks };
}

describe('a delivery', () => {
  it('tells what changed where, with its date taken as UTC', () => {
    expect(read({ events: [event] }).notices).toEqual([
      {
        xeroOrgId: event.tenantId,
        notice: {
          kind: 'invoice',
          resourceId: event.resourceId.toLowerCase(),
          eventAt: new Date('2026-03-02T01:00:00.123Z'),
        },
      },
    ]);
  });

  it('is read whatever the case of its words, and whether or not its date has a zone', () => {
    const contact = {
      ...event,
      tenantId: event.tenantId.toUpperCase(),
      eventCategory: 'Contact',
      eventDateUtc: '2026-03-02T01:00:00Z',
    };
    const [notice] = read({ events: [contact] }).notices;
    expect(notice?.xeroOrgId).toBe(event.tenantId);
    expect(notice?.notice).toMatchObject({
      kind: 'contact',
      eventAt: new Date('2026-03-02T01:00:00Z'),
    });
  });

  it('keeps what it understands of a mixed one', () => {
    const others = [
      null,
      {},
      { ...event, eventCategory: 'SUBSCRIPTION' },
      { ...event, eventDateUtc: 'soon' },
    ];
    expect(read({ events: [...others, event] }).notices).toHaveLength(1);
  });

  it('without events is an intent-to-receive check', () => {
    expect(read({ events: [], firstEventSequence: 0 })).toEqual({ notices: [], remarks: [] });
  });

  it.each(['', 'not json', '[]', '{"events":7}'])(
    'of a form we don’t know is remarked on: %s',
    (body) => {
      const { notices, remarks } = read(body);
      expect(notices).toEqual([]);
      expect(remarks).toHaveLength(1);
    },
  );
});
