import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { api } from '#contract/api';
import { PASSWORD } from '../world/people.ts';
import { startWorld, type World } from '../world/world.ts';

let world: World;

beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.close());

function linksTo(email: string): string[] {
  return world.mailbox
    .to(email)
    .flatMap(({ text }) => /\/new-password\/(\S+)/.exec(text)?.[1] ?? []);
}

test('someone who forgot their password gets a link, which works once and ends every session', async () => {
  const staff = await world.people.staff();
  await world.visitor().call(api.forgotPassword, { body: { email: staff.email.toUpperCase() } });
  await world.settle();
  const [token = ''] = linksTo(staff.email);
  expect(token).not.toBe('');
  const password = 'quite another harbour';
  await world.visitor().call(api.resetPassword, { body: { token, password } });
  expect(await staff.refusal(api.me)).toMatchObject({ code: 'session.missing' });
  const old = { email: staff.email, password: PASSWORD };
  expect(await world.visitor().refusal(api.signIn, { body: old })).toMatchObject({
    code: 'session.bad-credentials',
  });
  await world.visitor().signIn(staff.email, password);
  const again = { token, password: 'a third harbour here' };
  expect(await world.visitor().refusal(api.resetPassword, { body: again })).toMatchObject({
    code: 'password.link-ended',
  });
});

test('a password that was set by a link stands in the audit log, and its person is told', async () => {
  const admin = await world.people.admin();
  await world.visitor().call(api.forgotPassword, { body: { email: admin.email } });
  await world.settle();
  const [token = ''] = linksTo(admin.email);
  world.mailbox.empty();
  await world.visitor().call(api.resetPassword, { body: { token, password: PASSWORD } });
  await world.settle();
  const owner = await world.people.owner();
  const { items } = await owner.call(api.listAudit, { query: { area: 'access' } });
  expect(items.find(({ kind }) => kind === 'password.reset')).toMatchObject({
    what: 'Password set by a mailed link',
    actor: { kind: 'person', id: admin.personId, name: admin.name },
    origin: { address: expect.stringMatching(/127\.0\.0\.1|::1/) },
    subject: { kind: 'person', id: admin.personId },
  });
  const [mail, ...more] = world.mailbox.to(admin.email);
  expect(more).toEqual([]);
  expect(mail).toMatchObject({ subject: 'Your password for Bursar was changed' });
  expect(mail?.text).toContain(`${world.url}/forgotten-password`);
  expect(mail?.text).not.toContain(token);
});

test('who asks for a stranger’s link learns nothing, and nothing is sent', async () => {
  const before = world.mailbox.mails().length;
  const email = 'nobody@harbour.example';
  const known = await world.visitor().fetch(api.forgotPassword.path, ask(email));
  expect(known.status).toBe(204);
  await world.settle();
  expect(world.mailbox.mails()).toHaveLength(before);
});

test('nothing that takes its time is done before the answer, for a stranger no less than for somebody known', async () => {
  const { email } = await world.people.admin();
  const done = [];
  for (const asked of [email, 'nobody@harbour.example']) {
    await world.settle();
    const before = await written();
    expect((await world.visitor().fetch(api.forgotPassword.path, ask(asked))).status).toBe(204);
    const after = await written();
    done.push({ mails: after.mails - before.mails, jobs: after.jobs - before.jobs });
  }
  expect(done).toEqual([
    { mails: 0, jobs: 1 },
    { mails: 0, jobs: 1 },
  ]);
  await world.settle();
  expect(linksTo(email)).toHaveLength(1);
});

/** How many mails and jobs the database holds. */
async function written(): Promise<{ mails: number; jobs: number }> {
  const client = new pg.Client({ connectionString: world.config.databaseUrl });
  await client.connect();
  const { rows } = await client.query<{ mails: number; jobs: number }>(
    `select (select count(*)::int from mails) as mails,
       (select count(*)::int from graphile_worker._private_jobs) as jobs`,
  );
  await client.end();
  return rows[0] ?? { mails: 0, jobs: 0 };
}

test('links are not asked for without end', async () => {
  const finance = await world.people.finance();
  const asker = world.visitor();
  const body = { email: finance.email };
  for (let n = 0; n < 10; n += 1) await asker.call(api.forgotPassword, { body });
  expect(await asker.refusal(api.forgotPassword, { body })).toMatchObject({
    code: 'session.too-many-attempts',
  });
  expect(await finance.call(api.me)).toMatchObject({ role: 'finance' });
});

test('an invented link is refused, and a short password too', async () => {
  const visitor = world.visitor();
  const body = { token: 'x'.repeat(24), password: 'quite another harbour' };
  expect(await visitor.refusal(api.resetPassword, { body })).toMatchObject({
    code: 'password.link-ended',
  });
  const short = { token: 'x'.repeat(24), password: 'short' };
  expect(await visitor.refusal(api.resetPassword, { body: short })).toMatchObject({
    code: 'request.invalid',
    fields: [{ field: 'password' }],
  });
});

function ask(email: string): RequestInit {
  return {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email }),
  };
}
