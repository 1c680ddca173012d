import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { api } from '#contract/api';
import type { XeroOrgId } from '#contract/ids';
import type { Learner } from '#contract/learners';
import { SECOND_MS } from '#platform/clock';
import { startPostgres } from '#platform/postgres/start-postgres';
import { createWatch } from '../../emulator/coverage/watch.ts';
import { createEmulator, type Emulator } from '../../emulator/server.ts';
import { demoSignIns } from '../../seeds/demo-sign-ins.ts';
import { type Client, createClient } from '../world/client.ts';
import { connectXero, xeroOrgs, xeroUsers } from '../world/connect-xero.ts';
import { freePort } from '../world/free-port.ts';
import { fastestFolder } from '../world/memory-folder.ts';
import { type Product, processesOf, startProduct, until } from './product.ts';

const WEBHOOK_KEY = 'kill-test-webhook-key';

let dataDir: string;
let settings: Record<string, string>;
let xero: Emulator;
let product: Product;
let admin: Client;
const watch = createWatch();

// Xero lives on in this process while all of Bursar is killed, as the real one would.
beforeAll(async () => {
  dataDir = await mkdtemp(join(fastestFolder(), 'bursar-kill-'));
  const port = await freePort();
  xero = await createEmulator({
    onAnswer: watch.hear,
    host: '127.0.0.1',
    seed: 'empty',
    webhookUrl: `http://127.0.0.1:${port}/webhooks/xero`,
    webhookKey: WEBHOOK_KEY,
  });
  settings = {
    DATA_DIR: dataDir,
    PORT: String(port),
    XERO_CLIENT_ID: 'emulator-client-id',
    XERO_CLIENT_SECRET: 'emulator-client-secret',
    XERO_WEBHOOK_KEY: WEBHOOK_KEY,
    XERO_LOGIN_URL: xero.url,
    XERO_IDENTITY_URL: xero.url,
    XERO_API_URL: xero.url,
  };
  product = await startProduct(settings);
  admin = await signedIn();
  expect(await connectXero(xero, admin)).toMatchObject({ outcome: 'connected' });
  await contactsAreKnown(1);
});

afterAll(async () => {
  product?.signal('SIGTERM');
  await product?.ended;
  await xero?.close();
  await rm(dataDir, { recursive: true, force: true });
  watch.refuseGaps();
});

async function signedIn(): Promise<Client> {
  const client = createClient(product.url);
  const one = demoSignIns.find(({ role }) => role === 'admin');
  await client.signIn(one?.email ?? '', one?.password ?? '');
  return client;
}

function addLearner(lastName: string, campus?: string): Promise<Learner> {
  const email = `${lastName.toLowerCase()}@learner.example`;
  const body = { firstName: 'Kim', lastName, email, syncToXero: true, ...(campus && { campus }) };
  return admin.call(api.addLearner, { body });
}

/** Connects other books too, for the learners of the campus North. */
async function connectNorth(): Promise<XeroOrgId> {
  const { people } = xero.control;
  const north = people.addOrganisation('Harbour Training North', 'AU') as XeroOrgId;
  people.setRole(xeroUsers.adviser, north, 'ADVISER');
  const atXero = { organisations: [north], another: true };
  expect(await connectXero(xero, admin, atXero)).toMatchObject({ outcome: 'connected' });
  const campuses = [{ campus: 'North', xeroOrgId: north }];
  const body = { defaultXeroOrgId: xeroOrgs.au, campuses };
  await admin.call(api.setOrganisationRules, { body });
  await contactsAreKnown(2);
  // All papers there are have been read then, so a new one is read by its notice.
  const checked = `select from agreement_checks where xero_org_id = '${north}' and finished_at is not null`;
  await until(async () => ((await ask(checked)).length > 0 ? true : undefined), 'the first check');
  return north;
}

/** Whoever is added before Bursar has looked who is in Xero waits for a person's approval. */
async function contactsAreKnown(organisations: number): Promise<void> {
  const looked = "select from matchings where state = 'none'";
  const isDone = async () => (await ask(looked)).length === organisations;
  await until(async () => ((await isDone()) ? true : undefined), 'the first look');
}

/**
 * The worker stands still, so that what the web process takes in is not acted upon. It is caught
 * between two transactions: one that is open would hold up others, which a dead worker's is not.
 * Nor does it hold a lane, whose end would have to be waited for.
 */
async function freezeWorker(): Promise<void> {
  const signal = (name: NodeJS.Signals): void => {
    for (const pid of processesOf(dataDir, 'worker-main.ts')) process.kill(pid, name);
  };
  await until(async () => {
    signal('SIGSTOP');
    const busy = `select 1 from pg_stat_activity where state like 'idle in transaction%'
      union all select 1 from lanes where lease_owner is not null`;
    if ((await ask(busy)).length === 0) return true;
    signal('SIGCONT');
    return undefined;
  }, 'a moment without a transaction and a run');
}

/** Ends every process of Bursar, its database included, without a word. */
async function killAll(): Promise<void> {
  const scripts = ['supervise.ts', 'web-main.ts', 'worker-main.ts', 'bin/postgres'];
  for (const pid of scripts.flatMap((script) => processesOf(dataDir, script))) {
    process.kill(pid, 'SIGKILL');
  }
  await product.ended;
}

async function restart(): Promise<void> {
  product = await startProduct(settings);
  admin = await signedIn();
}

function contactsOf(learner: Learner, xeroOrgId: XeroOrgId = xeroOrgs.au) {
  const all = [...xero.control.bookkeeper(xeroOrgId).books.contacts.all()];
  return all.filter(({ number }) => number === learner.learnerNumber);
}

async function inStep(learner: Learner): Promise<void> {
  await until(async () => {
    const { link } = await admin.call(api.learnerSync, { params: { learnerId: learner.id } });
    return link?.standing === 'in-step' ? true : undefined;
  }, 'the learner to be in step');
}

async function documentsOf(learner: Learner) {
  const params = { learnerId: learner.id };
  return (await admin.call(api.listLearnerDocuments, { params })).items;
}

async function noticesWaiting(): Promise<number> {
  return (await ask('select from notices')).length;
}

async function ask(query: string): Promise<unknown[]> {
  const postgres = await startPostgres({ dataDir: join(dataDir, 'postgres') });
  const client = new pg.Client({ connectionString: postgres.url });
  try {
    await client.connect();
    return (await client.query(query)).rows;
  } finally {
    await client.end();
    await postgres.stop();
  }
}

describe.skipIf(process.platform !== 'linux')('kill -9 of the server (on Linux alone)', () => {
  it('between saving a learner and pushing it: the contact is made after the restart, once', async () => {
    await freezeWorker();
    const learner = await addLearner('Survivor');
    expect(contactsOf(learner)).toHaveLength(0);
    await killAll();
    expect(contactsOf(learner)).toHaveLength(0);
    await restart();
    await inStep(learner);
    expect(contactsOf(learner)).toHaveLength(1);
  });

  it('between the webhook’s 200 and the read: the invoice arrives after the restart, once', async ({
    annotate,
  }) => {
    const saved = performance.now();
    const learner = await addLearner('Payer');
    await inStep(learner);
    const seconds = ((performance.now() - saved) / SECOND_MS).toFixed(1);
    await annotate(`a learner was in Xero ${seconds} s after saving`);
    console.info(`a learner was in Xero ${seconds} s after saving`);
    await until(async () => ((await noticesWaiting()) === 0 ? true : undefined), 'quiet');
    await freezeWorker();
    xero.control.bookkeeper().createInvoice({
      contactId: contactsOf(learner)[0]?.id ?? '',
      number: 'INV-KILL',
      status: 'AUTHORISED',
      lines: [{ description: 'Course fee', unitAmount: '123.45' }],
    });
    await until(async () => ((await noticesWaiting()) > 0 ? true : undefined), 'the webhook');
    await until(() => (xero.control.webhooks.pending() === 0 ? true : undefined), 'its 200');
    expect(await documentsOf(learner)).toEqual([]);
    await killAll();
    await restart();
    await until(async () => ((await documentsOf(learner)).length > 0 ? true : undefined), 'it');
    await until(async () => ((await noticesWaiting()) === 0 ? true : undefined), 'quiet');
    expect(await documentsOf(learner)).toMatchObject([{ number: 'INV-KILL', kind: 'invoice' }]);
  });

  // In the books of two organisations, so that one kill and one wait for a lease serve both.
  it('while a push and the reading of a noticed paper are under way: each is done once', async () => {
    const north = await connectNorth();
    const reader = await addLearner('Reader', 'North');
    await inStep(reader);
    await until(async () => ((await noticesWaiting()) === 0 ? true : undefined), 'quiet');
    const { faults, log } = xero.control;
    log.clear();
    // Of this paper alone: the first check of agreement may count invoices at the same time.
    const read = { path: '/api.xro/2.0/Invoices', query: 'IDs=', organisation: north };
    faults.add({ ...read, effect: { kind: 'hang' } });
    const creation = { path: '/api.xro/2.0/Contacts*', method: 'PUT', organisation: xeroOrgs.au };
    faults.add({ ...creation, effect: { kind: 'hang', when: 'after' } });
    const pushed = await addLearner('Pushed');
    const paper = xero.control.bookkeeper(north).createInvoice({
      contactId: contactsOf(reader, north)[0]?.id ?? '',
      number: 'INV-READ',
      status: 'AUTHORISED',
      lines: [{ description: 'Course fee', unitAmount: '7' }],
    });
    const underWay = () => faults.list().filter(({ fired }) => fired > 0).length;
    await until(() => (underWay() === 2 ? true : undefined), 'both calls to be under way');
    expect(contactsOf(pushed)).toHaveLength(1);
    await killAll();
    faults.clear();
    await restart();
    await inStep(pushed);
    await until(async () => ((await documentsOf(reader)).length > 0 ? true : undefined), 'it');
    await until(async () => ((await noticesWaiting()) === 0 ? true : undefined), 'quiet');
    expect(await documentsOf(reader)).toMatchObject([{ number: 'INV-READ', kind: 'invoice' }]);
    expect(contactsOf(pushed)).toHaveLength(1);
    const creations = log.calls('/Contacts').filter(({ method }) => method === 'PUT');
    expect(creations).toMatchObject([{ status: 0 }]);
    const [first, ...others] = log.calls(paper.id).map(({ status }) => status);
    expect(first).toBe(0);
    expect(others).toContain(200);
    const params = { learnerId: reader.id };
    const { items } = await admin.call(api.learnerHistory, { params, query: { limit: 50 } });
    expect(items.filter(({ kind }) => kind === 'document.mirrored')).toHaveLength(1);
  });
});
