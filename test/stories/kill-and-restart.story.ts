import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { api } from '#contract/api';
import type { LearnerId } from '#contract/ids';
import type { Learner } from '#contract/learners';
import { connectXero } from '../world/connect-xero.ts';
import type { SignedIn } from '../world/people.ts';
import { type ProcessWorld, startProcessWorld } from '../world/processes.ts';

/**
 * The real processes, killed with kill -9 at the two moments that matter most. After a restart
 * everything is there, once. A lane held by a dead run is followed within its lease of 20 s.
 */
const WITHIN = { timeout: 45_000, interval: 250 };
const CONTACTS = '/api.xro/2.0/Contacts*';
const INVOICES = '/api.xro/2.0/Invoices*';

let world: ProcessWorld;
let owner: SignedIn;
beforeAll(async () => {
  world = await startProcessWorld();
  await world.startWeb();
  await world.startWorker();
  owner = await world.people.owner();
  await connectXero(world.emulator, owner);
}, 120_000);
afterAll(() => world.close());

function addLearner(firstName: string): Promise<Learner> {
  return owner.call(api.addLearner, {
    body: { firstName, lastName: 'Killed', syncToXero: true, saveAnyway: true },
  });
}

async function standingOf(learnerId: LearnerId): Promise<string | undefined> {
  const { link } = await owner.call(api.learnerSync, { params: { learnerId } });
  return link?.standing;
}

const bookkeeper = () => world.emulator.control.bookkeeper();
const contactsOf = (learner: Learner) =>
  bookkeeper().books.contacts.find('number', learner.learnerNumber.toLowerCase());
const callsTo = (part: string, method: string) =>
  world.emulator.control.log.calls(part).filter((call) => call.method === method);

async function restart(): Promise<void> {
  await world.killAll();
  world.emulator.control.faults.clear();
  await world.startWeb();
  await world.startWorker();
}

it('a learner is in Xero within five seconds of saving', async () => {
  await expect.poll(contactsAreKnown, WITHIN).toBe(true);
  const saved = performance.now();
  const learner = await addLearner('First');
  await expect.poll(() => standingOf(learner.id), { ...WITHIN, interval: 50 }).toBe('in-step');
  expect(performance.now() - saved).toBeLessThan(5_000);
}, 120_000);

async function contactsAreKnown(): Promise<boolean> {
  const { apps } = await owner.call(api.listApps);
  const connectionId = apps.flatMap((app) => app.connections)[0]?.id;
  if (!connectionId) return false;
  const { state } = await owner.call(api.getMatching, { params: { connectionId } });
  return state === 'none';
}

describe('kill -9', () => {
  it('between saving a learner and pushing it', async () => {
    await world.killAll();
    await world.startWeb();
    const learner = await addLearner('Saved');
    await restart();
    await expect.poll(() => standingOf(learner.id), WITHIN).toBe('in-step');
    expect(contactsOf(learner)).toHaveLength(1);
  }, 120_000);

  it('while the push is under way: Xero has it, we had no answer', async () => {
    world.emulator.control.log.clear();
    world.emulator.control.faults.add({
      path: CONTACTS,
      method: 'PUT',
      effect: { kind: 'hang', when: 'after' },
    });
    const learner = await addLearner('Pushed');
    await expect.poll(() => contactsOf(learner).length, WITHIN).toBe(1);
    await restart();
    await expect.poll(() => standingOf(learner.id), WITHIN).toBe('in-step');
    expect(contactsOf(learner)).toHaveLength(1);
    expect(callsTo('/Contacts', 'PUT').filter((call) => call.status === 200)).toHaveLength(0);
  }, 120_000);

  it('between the webhook’s 200 and the read', async () => {
    const learner = await addLearner('Noticed');
    await expect.poll(() => standingOf(learner.id), WITHIN).toBe('in-step');
    await world.killAll();
    await world.startWeb();
    const [contact] = contactsOf(learner);
    const invoice = bookkeeper().createInvoice({
      contactId: contact?.id ?? '',
      lines: [{ description: 'Fee', unitAmount: '100.01', taxType: 'EXEMPTOUTPUT' }],
    });
    await expect.poll(noticesWaiting, WITHIN).toBeGreaterThan(0);
    await restart();
    await expectPaperOnce(learner, invoice.number ?? '');
  }, 120_000);

  it('while the noticed paper is being read', async () => {
    const learner = await addLearner('Read');
    await expect.poll(() => standingOf(learner.id), WITHIN).toBe('in-step');
    world.emulator.control.log.clear();
    world.emulator.control.faults.add({ path: INVOICES, effect: { kind: 'hang' } });
    const [contact] = contactsOf(learner);
    const invoice = bookkeeper().createInvoice({
      contactId: contact?.id ?? '',
      lines: [{ description: 'Fee', unitAmount: '7', taxType: 'EXEMPTOUTPUT' }],
    });
    await expect.poll(noticesWaiting, WITHIN).toBeGreaterThan(0);
    await restart();
    await expectPaperOnce(learner, invoice.number ?? '');
  }, 120_000);
});

async function noticesWaiting(): Promise<number | undefined> {
  return (await owner.call(api.syncHealth)).lanes[0]?.noticesWaiting;
}

async function expectPaperOnce(learner: Learner, number: string): Promise<void> {
  const params = { learnerId: learner.id };
  const numbers = async () => {
    const { items } = await owner.call(api.listLearnerDocuments, { params });
    return items.map((paper) => paper.number);
  };
  await expect.poll(numbers, WITHIN).toEqual([number]);
  const { items } = await owner.call(api.learnerHistory, { params, query: { limit: 50 } });
  expect(items.filter((entry) => entry.kind === 'document.mirrored')).toHaveLength(1);
}
