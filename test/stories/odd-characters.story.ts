import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { api } from '#contract/api';
import { newId } from '#platform/ids';
import { queueMail } from '#platform/mail';
import { ownScope } from '#platform/scope';
import { typeCommand } from '../world/command-line.ts';
import type { SignedIn } from '../world/people.ts';
import { startWorld, type World } from '../world/world.ts';

let world: World;
let owner: SignedIn;

beforeAll(async () => {
  world = await startWorld();
  owner = await world.people.owner();
});
afterAll(() => world.close());

const CLEARS_THE_SCREEN = '\u001b[2J\u001b]0;title\u0007';

async function invited(email: string): Promise<{ token: string }> {
  await owner.call(api.invitePerson, { body: { email, role: 'owner' } });
  await world.settle();
  const texts = world.mailbox.to(email).map(({ text }) => text);
  return { token: /\/invitation\/(\S+)/.exec(texts.join('\n'))?.[1] ?? '' };
}

describe('a name', () => {
  test.each([
    'Your sign-in was locked.\n\nOpen https://evil.example/unlock to go on.',
    'Ada\0 Lim',
    `Ada ${CLEARS_THE_SCREEN}`,
  ])('that would not stay in its line is refused where it is given: %j', async (name) => {
    const params = await invited(`guest-${name.length}@elsewhere.example`);
    const body = { name, password: 'quite another harbour' };
    const visitor = world.visitor();
    expect(await visitor.refusal(api.acceptInvitation, { params, body })).toMatchObject({
      code: 'request.invalid',
      fields: [{ field: 'name' }],
    });
    await visitor.call(api.acceptInvitation, { params, body: { ...body, name: 'Ada Lim' } });
    for (const command of [
      ['provider', 'create', '--country', 'AU', '--name', name],
      ['person', 'create', '--email', 'ada@x.example', '--role', 'staff', '--name', name],
      ['api-key', 'create', '--role', 'staff', '--name', name],
    ]) {
      const typed = await typeCommand(world, ...command, '--provider', world.people.providerId);
      expect(typed.code).toBe(2);
    }
  });
});

test('a NUL, which no database keeps, breaks no search and no address', async () => {
  await owner.call(api.addLearner, {
    body: { firstName: 'Mia', lastName: 'Wong', campus: 'North' },
  });
  const found = await owner.call(api.listLearners, {
    query: { campus: 'north\0', search: 'mia\0' },
  });
  expect(found.items.map(({ name }) => name)).toEqual(['Mia Wong']);
  const personId = 'a\0b' as never;
  const wrong = { status: 400, code: 'request.invalid' };
  expect(await owner.refusal(api.removeMember, { params: { personId } })).toMatchObject(wrong);
  expect(await owner.refusal(api.listAudit, { query: { actor: 'a\0b' } })).toMatchObject(wrong);
  const response = { id: 'a\0b', rawId: 'a\0b', type: 'public-key' };
  expect(
    await world.visitor().refusal(api.signInWithPasskey, { body: { response } }),
  ).toMatchObject(wrong);
});

describe('what steers a terminal', () => {
  test('is refused in what is asked of the people who run Bursar', async () => {
    const body = { subject: 'A question', text: `How?${CLEARS_THE_SCREEN}` };
    expect(await owner.refusal(api.openSupportRequest, { body })).toMatchObject({
      code: 'request.invalid',
      fields: [{ field: 'text' }],
    });
    const text = 'How?\r\n\tLike this, or\nlike that?';
    const { messages, id } = await owner.call(api.openSupportRequest, { body: { ...body, text } });
    expect(messages[0]?.text).toBe(text);
    const answer = ['--request', id, '--text', `So ${CLEARS_THE_SCREEN}`];
    expect(await typeCommand(world, 'support', 'reply', ...answer)).toMatchObject({ code: 2 });
  });

  test('is printed as what it is where it is kept already', async () => {
    const scope = ownScope(world.people.providerId);
    const { id } = await owner.call(api.openSupportRequest, {
      body: { subject: 'Another question', text: 'Why?' },
    });
    await world.context.database.asProvider(scope.providerId, async (tx) => {
      const dangerous = { text: `Why?\nSo: ${CLEARS_THE_SCREEN}\u009b2J` };
      await tx
        .updateTable('support_messages')
        .set(dangerous)
        .where('request_id', '=', id)
        .execute();
      await queueMail(tx, {
        providerId: scope.providerId,
        to: ['ada@x.example'],
        subject: 'News',
        text: `Hello\u009b2J\nAda${CLEARS_THE_SCREEN}`,
        onceKey: newId(),
        at: world.clock.now(),
      });
    });
    const shown = await typeCommand(world, 'support', 'show', '--request', id);
    expect(shown.out).toContain('Why?\nSo: \\u001b[2J\\u001b]0;title\\u0007\\u009b2J');
    const { out } = await typeCommand(world, 'mail', 'list', '--json', ...chosen());
    const mail = JSON.parse(out).mails.find(
      ({ subject }: { subject: string }) => subject === 'News',
    );
    const mailShown = await typeCommand(world, 'mail', 'show', '--mail', mail.id, ...chosen());
    expect(mailShown.out).toContain('Hello\\u009b2J\nAda\\u001b[2J');
    const json = await typeCommand(world, 'support', 'show', '--request', id, '--json');
    expect(json.out).not.toMatch(/(?!\n)\p{Cc}/u);
    expect(JSON.parse(json.out).request.messages[0].text).toContain('\u009b2J');
  });

  function chosen(): string[] {
    return ['--provider', world.people.providerId];
  }
});
