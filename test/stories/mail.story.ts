import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { api } from '#contract/api';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '#platform/clock';
import { queueMail } from '#platform/mail';
import { startWorld, type World } from '../world/world.ts';

let world: World;

beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.close());

const ADA = 'ada@harbour.example';

async function queue(
  onceKey: string,
  more: { subject?: string; to?: string[]; text?: string } = {},
) {
  const { providerId } = world.people;
  await world.context.database.asProvider(providerId, (tx) =>
    queueMail(tx, {
      providerId,
      to: [ADA],
      subject: 'Xero needs you',
      text: 'Please connect again.\nThank you.',
      at: world.clock.now(),
      onceKey,
      ...more,
    }),
  );
}

describe('a mail', () => {
  test('arrives as text, marked as sent by a program, and once for one key', async () => {
    await queue('once');
    await queue('once', { subject: 'The same again' });
    await world.settle();
    const [mail, ...others] = world.mailbox.to(ADA);
    expect(others).toEqual([]);
    expect(mail).toMatchObject({
      from: '"Bursar" <bursar@bursar.example>',
      to: [ADA],
      subject: 'Xero needs you',
      text: 'Please connect again.\nThank you.',
    });
    expect(mail?.headers).toMatchObject({
      'auto-submitted': 'auto-generated',
      'list-id': `<${world.people.providerId}.bursar.example>`,
    });
  });

  test('gets no second header by a line break in its subject', async () => {
    world.mailbox.empty();
    await queue('headers', { subject: 'Hello\r\nBcc: thief@evil.example\r\n\r\nBody' });
    await world.settle();
    const [mail] = world.mailbox.mails();
    expect(mail?.subject).toBe('Hello Bcc: thief@evil.example Body');
    expect(mail?.headers).not.toHaveProperty('bcc');
    await expect(queue('to', { to: ['a@b.example\r\nBcc: thief@evil.example'] })).rejects.toThrow();
  });

  test('is tried again with growing pauses while the mail server refuses for now', async () => {
    world.mailbox.empty();
    world.mailbox.refuseWith(451);
    await queue('later');
    await world.settle();
    await world.pass(MINUTE_MS);
    world.mailbox.refuseWith(null);
    await world.pass(4 * MINUTE_MS);
    expect(world.mailbox.mails()).toEqual([]);
    await world.pass(1 * MINUTE_MS);
    expect(world.mailbox.mails()).toHaveLength(1);
  });

  test('is given up at once for an address that nobody has, and after a day otherwise', async () => {
    world.mailbox.empty();
    world.mailbox.refuseWith(550);
    await queue('nobody');
    await world.settle();
    world.mailbox.refuseWith(451);
    await queue('busy');
    for (let hour = 0; hour < 30; hour += 1) await world.pass(HOUR_MS);
    world.mailbox.refuseWith(null);
    await world.pass(DAY_MS);
    expect(world.mailbox.mails()).toEqual([]);
    expect(await stateOf('nobody')).toMatchObject({ state: 'failed', attempts: 1 });
    expect(await stateOf('busy')).toMatchObject({ state: 'failed', attempts: 9 });
  });

  test('that failed is told in the inbox to those alone who may see outgoing mail', async () => {
    world.mailbox.refuseWith(550);
    await queue('failed', { subject: 'A new password for Bursar' });
    await world.settle();
    world.mailbox.refuseWith(null);
    const toldTo = async (role: 'owner' | 'admin' | 'finance' | 'staff') => {
      const who = await world.people[role]();
      const { problems } = await who.call(api.syncInbox);
      const { open } = await who.call(api.syncInboxCount);
      return { problems: problems.map(({ code }) => code), open: open > 0 };
    };
    expect(await toldTo('owner')).toEqual({ problems: ['mail.failed'], open: true });
    for (const role of ['admin', 'finance', 'staff'] as const) {
      expect(await toldTo(role)).toEqual({ problems: [], open: false });
    }
  });
});

async function stateOf(onceKey: string) {
  const { providerId } = world.people;
  return world.context.database.asProvider(providerId, (tx) =>
    tx.selectFrom('mails').selectAll().where('once_key', '=', onceKey).executeTakeFirstOrThrow(),
  );
}
