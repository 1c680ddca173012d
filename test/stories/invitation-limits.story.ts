import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { api } from '#contract/api';
import { LINKS_SENT_PER_DAY } from '#contract/connect-invitations';
import { INVITATIONS_PER_DAY } from '#contract/people';
import { DAY_MS } from '#platform/clock';
import type { SignedIn } from '../world/people.ts';
import { startWorld, type World } from '../world/world.ts';

let world: World;
let owner: SignedIn;

beforeAll(async () => {
  world = await startWorld();
  owner = await world.people.owner();
});
afterAll(() => world.close());

beforeEach(async () => {
  await world.settle();
  world.mailbox.empty();
  world.clock.advance(DAY_MS);
  await owner.signIn(owner.email, 'a quiet harbour');
});

function invite(email: string) {
  return owner.call(api.invitePerson, { body: { email, role: 'staff' } });
}

async function takeBack(memberInvitationId: string): Promise<void> {
  await owner.call(api.revokeMemberInvitation, { params: { memberInvitationId } });
}

describe('invitations to work here', () => {
  test('mail only so many strangers a day, those taken back included', async () => {
    for (let index = 0; index < INVITATIONS_PER_DAY; index += 1) {
      const { invitation } = await invite(`stranger${index}@elsewhere.example`);
      await takeBack(invitation.id);
    }
    const body = { email: 'one.more@elsewhere.example', role: 'staff' as const };
    const refusal = await owner.refusal(api.invitePerson, { body });
    expect(refusal).toMatchObject({ code: 'invitation.too-many', status: 429, remedy: 'wait' });
    expect(refusal.detail).toContain(String(INVITATIONS_PER_DAY));
    const neighbour = await world.neighbours.owner();
    await neighbour.call(api.invitePerson, { body });
    world.clock.advance(DAY_MS);
    await owner.signIn(owner.email, 'a quiet harbour');
    await invite(body.email);
  });

  test('send no mail that is still waiting once they are taken back or replaced', async () => {
    const { invitation } = await invite('mistaken@elsewhere.example');
    await takeBack(invitation.id);
    await invite('twice@elsewhere.example');
    await invite('twice@elsewhere.example');
    await invite('meant@elsewhere.example');
    await world.settle();
    expect(world.mailbox.mails().flatMap(({ to }) => to)).toEqual([
      'twice@elsewhere.example',
      'meant@elsewhere.example',
    ]);
  });
});

describe('links for a colleague', () => {
  const make = () => owner.call(api.makeConnectInvitation, { body: { app: 'xero' } });

  test('are mailed to only so many addresses a day, by one link or several', async () => {
    const links = [await make(), await make()];
    const send = async (index: number) => {
      const { invitation, url } = links[index % 2] ?? (await make());
      const body = { url, email: `stranger${index}@elsewhere.example` };
      return { params: { invitationId: invitation.id }, body };
    };
    for (let index = 0; index < LINKS_SENT_PER_DAY; index += 1) {
      await owner.call(api.sendConnectInvitation, await send(index));
    }
    await world.settle();
    const wish = await send(LINKS_SENT_PER_DAY);
    expect(await owner.refusal(api.sendConnectInvitation, wish)).toMatchObject({
      code: 'invitation.too-many',
      status: 429,
    });
    await world.settle();
    expect(world.mailbox.mails()).toHaveLength(LINKS_SENT_PER_DAY);
    world.clock.advance(DAY_MS);
    await owner.signIn(owner.email, 'a quiet harbour');
    await owner.call(api.sendConnectInvitation, wish);
  });

  test('send no mail that is still waiting once they are taken back', async () => {
    const { invitation, url } = await make();
    const params = { invitationId: invitation.id };
    const body = { url, email: 'mistaken@elsewhere.example' };
    await owner.call(api.sendConnectInvitation, { params, body });
    await owner.call(api.revokeConnectInvitation, { params });
    await world.settle();
    expect(world.mailbox.mails()).toEqual([]);
  });
});
