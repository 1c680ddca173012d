import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { api } from '#contract/api';
import type { SupportRequestId } from '#contract/support';
import { DAY_MS } from '#platform/clock';
import { queueMail } from '#platform/mail';
import { typeCommand } from '../world/command-line.ts';
import { OPERATOR_EMAIL, startWorld, type World } from '../world/world.ts';

let world: World;

beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.close());

const wish = {
  subject: 'Please add Xero',
  text: 'We need it for our invoices.',
  app: 'xero',
} as const;

describe('somebody asks the people who run Bursar', () => {
  let id: SupportRequestId;
  const params = () => ({ params: { requestId: id } });

  test('and they hear of it by e-mail, with who asks and about what', async () => {
    const staff = await world.people.staff();
    const thread = await staff.call(api.openSupportRequest, { body: wish });
    id = thread.id;
    expect(thread).toMatchObject({ state: 'open', askedBy: 'Sione Vaka', messageCount: 1 });
    await world.settle();
    const [mail] = world.mailbox.to(OPERATOR_EMAIL);
    expect(mail?.subject).toBe('[Harbour Training] Please add Xero');
    expect(mail?.text).toContain('We need it for our invoices.');
    expect(mail?.text).toContain('Asked by: Sione Vaka <staff@harbour.example>');
    expect(mail?.text).toContain('About: Xero');
  });

  test('the operator finds it, answers, and whoever asked gets the answer by e-mail', async () => {
    expect((await typeCommand(world, 'support', 'list')).out).toContain(`${id}  open`);
    const shown = await typeCommand(world, 'support', 'show', '--request', id);
    expect(shown.out).toContain('We need it for our invoices.');
    const answer = ['--request', id, '--text', 'It is in now.\nHave a good day.'];
    expect(await typeCommand(world, 'support', 'reply', ...answer)).toMatchObject({ code: 0 });
    await world.settle();
    const [mail] = world.mailbox.to('staff@harbour.example');
    expect(mail?.subject).toBe('Re: Please add Xero');
    expect(mail?.text).toContain('It is in now.\nHave a good day.');
    expect(mail?.text).toContain(`/settings/support/${id}`);
    expect((await typeCommand(world, 'support', 'list')).out).toBe('Nothing waits for an answer.');
    expect((await typeCommand(world, 'support', 'list', '--all')).out).toContain('answered');
  });

  test('anyone of the provider reads on and writes back, which the operator hears of', async () => {
    world.mailbox.empty();
    const finance = await world.people.finance();
    const { items } = await finance.call(api.listSupportRequests, { query: { state: 'answered' } });
    expect(items.map((one) => one.id)).toEqual([id]);
    const body = { text: 'Thank you, it works.' };
    const thread = await finance.call(api.replyToSupportRequest, { ...params(), body });
    expect(thread.state).toBe('open');
    expect(thread.messages.map(({ from, author }) => `${from}: ${author}`)).toEqual([
      'provider: Sione Vaka',
      'operator: The people who run Bursar',
      'provider: Freya Lind',
    ]);
    await world.settle();
    expect(world.mailbox.to(OPERATOR_EMAIL).map(({ subject }) => subject)).toEqual([
      '[Harbour Training] Re: Please add Xero',
    ]);
  });

  test('closed, nothing more is written on it until somebody opens it again', async () => {
    const owner = await world.people.owner();
    await owner.call(api.closeSupportRequest, params());
    const closed = await owner.call(api.closeSupportRequest, params());
    expect(closed.state).toBe('closed');
    const reply = { ...params(), body: { text: 'One more thing' } };
    expect(await owner.refusal(api.replyToSupportRequest, reply)).toMatchObject({
      code: 'support.closed',
    });
    const answer = ['--request', id, '--text', 'Hello?'];
    const typed = await typeCommand(world, 'support', 'reply', ...answer);
    expect(typed).toMatchObject({ code: 1, err: expect.stringContaining('closed') });
    expect((await owner.call(api.reopenSupportRequest, params())).state).toBe('open');
    await owner.call(api.replyToSupportRequest, reply);
    expect(await typeCommand(world, 'support', 'close', '--request', id)).toMatchObject({
      code: 0,
    });
    expect((await owner.call(api.getSupportRequest, params())).state).toBe('closed');
  });

  test('the neighbours see nothing of it', async () => {
    const owner = await world.neighbours.owner();
    expect((await owner.call(api.listSupportRequests)).items).toEqual([]);
    expect(await owner.refusal(api.getSupportRequest, params())).toMatchObject({
      code: 'request.not-found',
    });
  });
});

describe('requests have limits', () => {
  test('in length, and no subject carries a line break', async () => {
    const owner = await world.neighbours.owner();
    for (const body of [
      { ...wish, subject: 'x'.repeat(151) },
      { ...wish, subject: 'Hello\r\nBcc: thief@evil.example' },
      { ...wish, text: ' ' },
      { ...wish, text: 'x'.repeat(5_001) },
    ]) {
      expect(await owner.refusal(api.openSupportRequest, { body })).toMatchObject({
        code: 'request.invalid',
      });
    }
  });

  test('20 a day and 50 that are not closed; each list is walked page by page', async () => {
    const owner = await world.neighbours.owner();
    const open = () => owner.call(api.openSupportRequest, { body: wish });
    const tooMany = { code: 'support.too-many' };
    for (let day = 0; day < 3; day += 1) {
      for (let n = 0; n < (day < 2 ? 20 : 10); n += 1) await open();
      expect(await owner.refusal(api.openSupportRequest, { body: wish })).toMatchObject(tooMany);
      world.clock.advance(DAY_MS);
    }
    const first = await owner.call(api.listSupportRequests, { query: { limit: 30 } });
    const cursor = first.nextCursor ?? '';
    const second = await owner.call(api.listSupportRequests, { query: { limit: 30, cursor } });
    expect([first.items.length, second.items.length, second.nextCursor]).toEqual([30, 20, null]);
    expect(new Set([...first.items, ...second.items].map(({ id }) => id)).size).toBe(50);
    const forged = { query: { cursor: 'bm90IG91cnM' } };
    expect(await owner.refusal(api.listSupportRequests, forged)).toMatchObject({
      code: 'request.invalid',
    });
  });

  test('60 messages a day over all requests, each of which mails the operator, who may always answer', async () => {
    const owner = await world.neighbours.owner();
    const { items } = await owner.call(api.listSupportRequests, { query: { limit: 3 } });
    const params = (n: number) => ({
      params: { requestId: items[n % items.length]?.id as SupportRequestId },
    });
    const reply = (n: number) => ({ ...params(n), body: { text: `Message ${n}` } });
    await world.settle();
    world.mailbox.empty();
    for (let n = 0; n < 60; n += 1) await owner.call(api.replyToSupportRequest, reply(n));
    const tooMany = { code: 'support.too-many', detail: expect.stringContaining('60 messages') };
    for (let n = 0; n < 3; n += 1) {
      expect(await owner.refusal(api.replyToSupportRequest, reply(n))).toMatchObject(tooMany);
    }
    await owner.call(api.closeSupportRequest, params(2));
    expect(await owner.refusal(api.openSupportRequest, { body: wish })).toMatchObject(tooMany);
    const answer = ['--request', items[0]?.id ?? '', '--text', 'We have read it all.'];
    expect(await typeCommand(world, 'support', 'reply', ...answer)).toMatchObject({ code: 0 });
    await world.settle();
    expect(world.mailbox.to(OPERATOR_EMAIL)).toHaveLength(60);
    world.clock.advance(DAY_MS);
    await owner.call(api.replyToSupportRequest, reply(0));
  });

  test('that many sent at once are counted one after another', async () => {
    const staff = await world.people.staff();
    const { id } = await staff.call(api.openSupportRequest, { body: wish });
    const other = await staff.call(api.openSupportRequest, { body: wish });
    const ids = [id, other.id];
    const body = { text: 'Hello?' };
    const sent = Array.from({ length: 64 }, (_, n) =>
      staff.call(api.replyToSupportRequest, { params: { requestId: ids[n % 2] ?? id }, body }).then(
        () => 1,
        () => 0,
      ),
    );
    const taken = (await Promise.all(sent)).reduce<number>((sum, one) => sum + one, 0);
    expect(taken).toBe(58);
  });
});

test('without a mail server mails wait, and Owners alone read them', async () => {
  const silent = await startWorld({ hasMailServer: false });
  try {
    const staff = await silent.people.staff();
    await staff.call(api.openSupportRequest, { body: wish });
    await silent.pass(DAY_MS);
    expect(silent.mailbox.mails()).toEqual([]);
    const owner = await silent.people.owner();
    const { items } = await owner.call(api.listMails);
    expect(items).toMatchObject([{ to: [OPERATOR_EMAIL], state: 'waiting', attempts: 0 }]);
    expect(items[0]?.text).toContain('We need it for our invoices.');
    expect(await staff.refusal(api.listMails)).toMatchObject({ code: 'permission.missing' });

    await queueSecret(silent);
    const [secret] = (await owner.call(api.listMails)).items;
    expect(secret).toMatchObject({ isConfidential: true, state: 'waiting', text: null });
    const mail = ['--provider', silent.people.providerId, '--mail', secret?.id ?? ''];
    const shown = await typeCommand(silent, 'mail', 'show', ...mail);
    expect(shown.out).toContain('To: someone@harbour.example');
    expect(shown.out).toContain('a link for one');
  } finally {
    await silent.close();
  }
});

/** A mail that lets whoever it is for in, and nobody else. */
function queueSecret(of: World): Promise<void> {
  const { providerId } = of.people;
  return of.context.database.asProvider(providerId, (tx) =>
    queueMail(tx, {
      providerId,
      to: ['someone@harbour.example'],
      subject: 'A new password',
      text: 'a link for one',
      isConfidential: true,
      onceKey: 'secret',
      at: of.clock.now(),
    }),
  );
}

test('a mail that was sent is listed without its text', async () => {
  await world.settle();
  const { items } = await (await world.people.owner()).call(api.listMails);
  expect(items.length).toBeGreaterThan(2);
  expect(items.every(({ state, text }) => state === 'sent' && text === null)).toBe(true);
});
