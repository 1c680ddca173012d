import { api } from '#contract/api';
import type { LearnerId } from '#contract/ids';
import type { Learner } from '#contract/learners';
import { MINUTE_MS, SECOND_MS } from '#platform/clock';
import { ActRefused } from '../../emulator/control/bookkeeper.ts';
import type { FaultEffect } from '../../emulator/control/faults.ts';
import type { ConnectedWorld } from '../world/connected.ts';
import type { Random } from './random.ts';

/** What a storm keeps in mind while it rages. */
export interface Storm {
  readonly world: ConnectedWorld;
  readonly random: Random;
  readonly learnerIds: LearnerId[];
  /** Empties the queue, as if it had been lost. */
  readonly dropJobs: () => Promise<void>;
  /** What was done, to be read when a seed fails. */
  readonly log: string[];
}

type Act = (storm: Storm) => Promise<void> | void;

const FIRST_NAMES = ['Kim', 'Ana', 'Mere', 'Tom', 'Zoë'];
const LAST_NAMES = ['Lee', 'Silva', 'Tane', "O'Hara", 'Nguyễn'];
const PATHS = ['/api.xro/2.0/Contacts*', '/api.xro/2.0/Invoices*', '/api.xro/*', '/connect/token'];
const EFFECTS: FaultEffect[] = [
  { kind: 'reset', when: 'before' },
  { kind: 'reset', when: 'after' },
  { kind: 'truncate' },
  { kind: 'status', status: 500, body: '<html>sorry</html>', contentType: 'text/html' },
  { kind: 'status', status: 500, body: '<html>sorry</html>', when: 'after' },
  { kind: 'status', status: 503, body: 'The Organisation is offline' },
  {
    kind: 'status',
    status: 429,
    body: '',
    headers: { 'retry-after': '17', 'x-rate-limit-problem': 'minute' },
  },
  { kind: 'status', status: 429, body: '', headers: { 'x-rate-limit-problem': 'concurrent' } },
];

const acts: Record<string, { weight: number; act: Act }> = {
  addLearner: { weight: 6, act: addLearner },
  editLearner: { weight: 8, act: editLearner },
  toggleSync: { weight: 2, act: toggleSync },
  syncNow: { weight: 2, act: syncNow },
  editContact: { weight: 3, act: editContact },
  archiveContact: { weight: 1, act: archiveContact },
  restoreContact: { weight: 2, act: restoreContact },
  takeName: { weight: 1, act: takeName },
  raiseInvoice: { weight: 6, act: raiseInvoice },
  pay: { weight: 6, act: pay },
  deletePayment: { weight: 2, act: deletePayment },
  voidInvoice: { weight: 1, act: voidInvoice },
  armFault: { weight: 5, act: armFault },
  disturbWebhooks: { weight: 5, act: disturbWebhooks },
  emptyTheQueue: { weight: 1, act: ({ dropJobs }) => dropJobs() },
  letTimePass: { weight: 6, act: letTimePass },
  settle: { weight: 6, act: ({ world }) => world.settle() },
  editWhileItRuns: {
    weight: 5,
    act: async (storm) => {
      const settling = storm.world.settle();
      await editLearner(storm);
      await editLearner(storm);
      await settling;
    },
  },
  settleOnTwoNodes: {
    weight: 2,
    act: async ({ world }) => {
      await Promise.all([world.settle(), world.settle()]);
    },
  },
};

const hat = Object.entries(acts).flatMap(([name, { weight }]) => Array<string>(weight).fill(name));

/** One thing that happens, chosen by chance. What the books do not allow does not happen. */
export async function somethingHappens(storm: Storm): Promise<void> {
  const name = storm.random.pick(hat);
  storm.log.push(name);
  try {
    await acts[name]?.act(storm);
  } catch (error) {
    if (!(error instanceof ActRefused)) throw error;
  }
}

async function someLearner({ world, random, learnerIds }: Storm): Promise<Learner | null> {
  if (learnerIds.length === 0) return null;
  const learnerId = random.pick(learnerIds);
  return world.owner.call(api.getLearner, { params: { learnerId } });
}

async function addLearner({ world, random, learnerIds }: Storm): Promise<void> {
  const learner = await world.addLearner({
    firstName: random.pick(FIRST_NAMES),
    lastName: random.pick(LAST_NAMES),
  });
  learnerIds.push(learner.id);
}

async function editLearner(storm: Storm): Promise<void> {
  const { world, random } = storm;
  const learner = await someLearner(storm);
  if (!learner) return;
  await world.edit(learner, {
    lastName: random.pick(LAST_NAMES),
    phoneMobile: `0400 ${random.whole(1_000)}`,
    saveAnyway: true,
  });
}

async function toggleSync(storm: Storm): Promise<void> {
  const learner = await someLearner(storm);
  if (!learner) return;
  await storm.world.edit(learner, { syncToXero: !learner.syncToXero });
}

async function syncNow(storm: Storm): Promise<void> {
  const learner = await someLearner(storm);
  if (!learner) return;
  await storm.world.owner.call(api.syncLearnerNow, { params: { learnerId: learner.id } });
}

function someContact({ world, random }: Storm, status = 'ACTIVE') {
  const all = world.bookkeeper.books.contacts.all().filter((one) => one.status === status);
  return all.length === 0 ? null : random.pick(all);
}

function editContact(storm: Storm): void {
  const contact = someContact(storm);
  if (!contact) return;
  const EmailAddress = `desk${storm.random.whole(1_000)}@example.com`;
  storm.world.bookkeeper.editContact(contact.id, { EmailAddress });
}

function archiveContact(storm: Storm): void {
  const contact = someContact(storm);
  if (contact) storm.world.bookkeeper.archiveContact(contact.id);
}

function restoreContact(storm: Storm): void {
  const contact = someContact(storm, 'ARCHIVED');
  if (contact) storm.world.bookkeeper.restoreContact(contact.id);
}

function takeName({ world, random }: Storm): void {
  const Name = `${random.pick(FIRST_NAMES)} ${random.pick(LAST_NAMES)}`;
  world.bookkeeper.createContact({ Name });
}

function raiseInvoice(storm: Storm): void {
  const { world, random } = storm;
  const contact = someContact(storm);
  if (!contact) return;
  world.bookkeeper.createInvoice({
    contactId: contact.id,
    status: random.pick(['DRAFT', 'AUTHORISED', 'AUTHORISED']),
    lines: [
      {
        description: 'Fee',
        unitAmount: `${1 + random.whole(500)}.${10 + random.whole(90)}`,
        taxType: 'EXEMPTOUTPUT',
      },
    ],
  });
}

function someInvoice({ world, random }: Storm, status = 'AUTHORISED') {
  const all = world.bookkeeper.books.invoices.all().filter((one) => one.status === status);
  return all.length === 0 ? null : random.pick(all);
}

function pay(storm: Storm): void {
  const invoice = someInvoice(storm);
  if (!invoice) return;
  storm.world.bookkeeper.pay(invoice.id, `0.${10 + storm.random.whole(90)}`);
}

function deletePayment({ world, random }: Storm): void {
  const kept = world.bookkeeper.books.payments.all().filter((one) => one.status === 'AUTHORISED');
  if (kept.length > 0) world.bookkeeper.deletePayment(random.pick(kept).id);
}

function voidInvoice(storm: Storm): void {
  const invoice = someInvoice(storm);
  if (invoice) storm.world.bookkeeper.void(invoice.id);
}

function armFault({ world, random }: Storm): void {
  world.emulator.control.faults.add({
    path: random.pick(PATHS),
    times: 1 + random.whole(2),
    effect: random.pick(EFFECTS),
  });
}

function disturbWebhooks({ world, random }: Storm): void {
  Object.assign(world.emulator.control.webhooks.switches, {
    dropNext: random.whole(8),
    isReordered: random.chance(0.5),
    repeats: random.whole(4),
  });
  world.emulator.control.switches.paymentEvents = random.chance(0.5);
}

async function letTimePass({ world, random }: Storm): Promise<void> {
  const step = random.pick([SECOND_MS, 7 * SECOND_MS, MINUTE_MS, 4 * MINUTE_MS]);
  world.clock.advance(step + random.whole(900));
}
