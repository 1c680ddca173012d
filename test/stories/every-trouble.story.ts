import { afterEach, beforeEach, expect, test } from 'vitest';
import { api } from '#contract/api';
import { MILD_TROUBLES, TROUBLE_CODES, type TroubleCode } from '#contract/connection-life';
import type { ConnectionState } from '#contract/connections';
import { errorTexts } from '#contract/errors';
import type { ConnectionId } from '#contract/ids';
import type { Learner } from '#contract/learners';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '#platform/clock';
import type { FaultEffect } from '../../emulator/control/faults.ts';
import { xeroOrgs, xeroUsers } from '../world/connect-xero.ts';
import type { SignedIn } from '../world/people.ts';
import { startWorld, type World } from '../world/world.ts';

/** How a trouble comes about, and what ends it. */
interface Trouble {
  state: ConnectionState;
  told: string;
  begin(): unknown;
  end(): unknown;
}

let world: World;
let owner: SignedIn;
let admin: SignedIn;
let connectionId: ConnectionId;
/** Has been in Xero all along. */
let billed: Learner;

beforeEach(async () => {
  world = await startWorld();
  [owner, admin] = [await world.people.owner(), await world.people.admin()];
  await world.people.finance();
  connectionId = (await reconnect()) as ConnectionId;
});
afterEach(() => world.close());

const control = () => world.emulator.control;

async function reconnect(): Promise<ConnectionId | null> {
  const landing = await world.connectXero(admin, { organisations: [xeroOrgs.au] });
  await world.settle();
  return landing.connectionId;
}

/** From now on Xero answers every call to a path so; ended by `faults.clear`. */
function answer(path: string, effect: FaultEffect): void {
  control().faults.add({ path, effect });
}

async function reconnectAfterAll(): Promise<void> {
  control().faults.clear();
  await reconnect();
}

const json = (body: string) => ({ contentType: 'application/json', body });
const app = { id: 'emulator-client-id' };
let kept: { secret: string; sealed: string } = { secret: '', sealed: '' };

/** Seals nothing anew: what is stored no longer opens, as after a key went missing. */
async function tamper(sealed: string): Promise<string> {
  return world.context.database.asSystem(async (tx) => {
    const { sealed_refresh_token: before } = await tx
      .selectFrom('grants')
      .select('sealed_refresh_token')
      .executeTakeFirstOrThrow();
    await tx.updateTable('grants').set({ sealed_refresh_token: sealed }).execute();
    return before;
  });
}

/** Whom the stored permission was given to, in the place of settings that change. */
async function nameApp(clientId: string): Promise<void> {
  await world.context.database.asSystem((tx) =>
    tx.updateTable('grants').set({ client_id: clientId }).execute(),
  );
}

const troubles: Record<Exclude<TroubleCode, 'xero.consent-lost'>, Trouble> = {
  'xero.grant-dead': {
    state: 'needs-consent',
    told: 'Xero renews the permission no more',
    begin: () =>
      answer('/connect/token', {
        kind: 'status',
        status: 400,
        ...json('{"error":"invalid_grant"}'),
      }),
    end: reconnectAfterAll,
  },
  'xero.demo-reset': {
    state: 'needs-consent',
    told: 'Xero resets the demo company',
    async begin() {
      await world.pass(27 * DAY_MS);
      control().troubles.resetDemo(xeroOrgs.au);
    },
    end: reconnect,
  },
  'xero.access-removed': {
    state: 'needs-consent',
    told: 'somebody disconnects Bursar in Xero',
    begin: () => control().people.disconnect(xeroOrgs.au),
    end: reconnect,
  },
  'xero.person-demoted': {
    state: 'needs-consent',
    told: 'whoever connected loses their role in Xero',
    begin: () => control().people.demoteUser(xeroUsers.adviser, xeroOrgs.au),
    end: () => control().people.setRole(xeroUsers.adviser, xeroOrgs.au, 'ADVISER'),
  },
  'xero.scope-missing': {
    state: 'needs-consent',
    told: 'the permission does not cover contacts',
    begin: () =>
      answer('/api.xro/2.0/Contacts', {
        kind: 'status',
        status: 401,
        headers: { 'www-authenticate': 'Bearer error="insufficient_scope"' },
      }),
    end: reconnectAfterAll,
  },
  'xero.token-refused': {
    state: 'needs-consent',
    told: 'Xero refuses a token that it has just given',
    begin: () => answer('/api.xro/*', { kind: 'status', status: 401 }),
    end: reconnectAfterAll,
  },
  'xero.app-refused': {
    state: 'active',
    told: 'the app has another secret at Xero',
    begin() {
      kept = { ...kept, secret: control().putApp(app).secret ?? '' };
      control().putApp({ ...app, secret: 'another one' });
    },
    end: () => control().putApp({ ...app, secret: kept.secret }),
  },
  'xero.key-missing': {
    state: 'active',
    told: 'the key of the stored permission is missing',
    async begin() {
      kept = { ...kept, sealed: await tamper('sealed-with-a-key-that-is-gone') };
    },
    end: () => tamper(kept.sealed),
  },
  'xero.other-app': {
    state: 'active',
    told: 'the settings name another app',
    begin: () => nameApp('another-app'),
    end: () => nameApp(app.id),
  },
  'xero.organisation-offline': {
    state: 'active',
    told: 'Xero takes the organisation offline',
    begin: () => control().troubles.setOffline(xeroOrgs.au, true),
    end: () => control().troubles.setOffline(xeroOrgs.au, false),
  },
  'xero.unreachable': {
    state: 'active',
    told: 'nobody answers at Xero',
    begin: () => answer('/api.xro/*', { kind: 'reset', when: 'before' }),
    end: () => control().faults.clear(),
  },
  'xero.clock-skew': {
    state: 'active',
    told: 'this machine’s clock is off',
    begin: () => control().clock.advance(20 * MINUTE_MS),
    end: () => control().clock.advance(-20 * MINUTE_MS),
  },
  'xero.webhooks-silent': {
    state: 'active',
    told: 'Xero turned its webhook off',
    begin: () => control().troubles.disableWebhooks(app.id),
    end: () => control().webhooks.verify(),
  },
};

function connection() {
  return owner.call(api.getConnection, { params: { connectionId } });
}

async function troubleNow(): Promise<string | null> {
  return (await connection()).trouble?.code ?? null;
}

async function passUntil(code: string | null): Promise<void> {
  for (let quarter = 0; quarter < 24 && (await troubleNow()) !== code; quarter += 1) {
    invoice(`Q${quarter}`);
    await world.pass(15 * MINUTE_MS);
  }
  expect(await troubleNow()).toBe(code);
}

function invoice(reference: string): void {
  const contact = world.bookkeeper.findContact(billed.learnerNumber);
  if (!contact) return;
  world.bookkeeper.createInvoice({
    contactId: contact.id,
    reference,
    lines: [{ description: 'Course fee', quantity: 1, unitAmount: 100 }],
    status: 'AUTHORISED',
  });
}

async function addLearner(firstName: string): Promise<Learner> {
  const body = { firstName, lastName: 'Waits', syncToXero: true, saveAnyway: true } as const;
  const learner = await owner.call(api.addLearner, { body });
  await world.settle();
  return learner;
}

async function standingOf({ id }: Learner): Promise<string | undefined> {
  return (await owner.call(api.learnerSync, { params: { learnerId: id } })).link?.standing;
}

function mails() {
  return world.mailbox.mails().map(({ to, subject }) => ({ to: to.sort(), subject }));
}

test('each kind of trouble is among these, and has words of its own and a way out', () => {
  const codes = TROUBLE_CODES.filter((code) => code !== 'xero.consent-lost');
  expect(Object.keys(troubles).sort()).toEqual([...codes].sort());
  expect(new Set(codes.map((code) => errorTexts[code].title)).size).toBe(codes.length);
  expect(new Set(codes.map((code) => errorTexts[code].way)).size).toBe(codes.length - 1);
});

test.each(
  Object.entries(troubles).map(([code, trouble]) => ({ code: code as TroubleCode, ...trouble })),
)('$code: $told, and nothing is lost', async ({ code, state, begin, end }) => {
  const isMild = MILD_TROUBLES.includes(code);
  if (code === 'xero.demo-reset') world.bookkeeper.setPlan('DEMO');
  await world.pass(HOUR_MS);
  billed = await addLearner('Billed');
  world.mailbox.empty();
  await begin();
  await addLearner('Nudge');
  await passUntil(code);
  const waiting = await addLearner('Wanda');

  const { news } = await owner.call(api.listConnectionNews);
  expect(news).toMatchObject([{ connectionId, state, trouble: { code } }]);
  const to = [admin.email, owner.email].sort();
  const { title, way } = errorTexts[code];
  expect(mails()).toEqual([{ to, subject: `${title} (Harbour Training Pty Ltd)` }]);
  const text = world.mailbox.mails()[0]?.text ?? '';
  expect(text).toContain(way);
  expect(text).toContain(`/settings/connected-apps/${connectionId}`);
  expect(await standingOf(waiting)).toBe(isMild ? 'in-step' : 'waiting');

  await end();
  await passUntil(null);
  expect((await connection()).state).toBe('active');
  // A sweep finds what no notice told of.
  for (let hour = 0; hour < 3 && !(await isInStep(waiting)); hour += 1) await world.pass(HOUR_MS);
  expect(await isInStep(waiting)).toBe(true);
  expect(mails().slice(1)).toEqual([
    { to, subject: 'Xero works again (Harbour Training Pty Ltd)' },
  ]);
});

/** Whether who waited is in Xero, and what was billed meanwhile is here. */
async function isInStep(waiting: Learner): Promise<boolean> {
  const params = { learnerId: billed.id };
  const { items } = await owner.call(api.listLearnerDocuments, { params });
  const isBillHere = items.length === control().bookkeeper(xeroOrgs.au).books.invoices.all().length;
  return isBillHere && (await standingOf(waiting)) === 'in-step';
}
