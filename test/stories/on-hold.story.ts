import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { api } from '#contract/api';
import { type Context, createContext } from '#entry/context';
import { startWorkerProcess, type WorkerProcess } from '#entry/worker';
import { HOUR_MS } from '#platform/clock';
import type { Config } from '#platform/config';
import { countLiveWorkers } from '#platform/jobs/worker';
import { silentLogger } from '#platform/logger';
import { typeCommand } from '../world/command-line.ts';
import { type ConnectedWorld, startConnectedWorld } from '../world/connected.ts';

const PRODUCT = 'https://bursar.example.org';
const COPY = 'https://staging.example.org';
const PATIENCE = { timeout: 30_000, interval: 50 };

let world: ConnectedWorld;
let copy: Context;
let worker: WorkerProcess | null;

beforeEach(async () => {
  world = await startConnectedWorld();
  worker = null;
  const product = await started({ publicUrl: PRODUCT });
  expect(await product.installation.whyHeld()).toBeNull();
  await product.close();
});
afterEach(async () => {
  await worker?.close();
  await copy.close();
  await world.close();
});

/** Bursar on the same database, with settings of its own. */
function started(settings: Partial<Config>): Promise<Context> {
  const config = { ...world.config, ...settings };
  return createContext(config, { clock: world.clock, logger: silentLogger, poolSize: 4 });
}

/** What waits to be done: a learner for Xero, a mail, and a permission that is due for renewal. */
async function leaveWork(): Promise<void> {
  await world.addLearner({ firstName: 'Mia', lastName: 'Tran' });
  const body = { email: 'new@harbour.example', name: 'New Person', role: 'staff' } as const;
  await world.owner.call(api.invitePerson, { body });
  world.mailbox.empty();
  world.clock.advance(HOUR_MS);
  world.emulator.control.log.clear();
}

test.each([
  ['under another address', { publicUrl: COPY }],
  ['with HOLD on', { publicUrl: PRODUCT, isHeld: true }],
])(
  'A copy that is started %s sends nothing and leaves every permission alone',
  async (_, settings) => {
    copy = await started(settings);
    await leaveWork();
    let beats = 0;
    const whyHeld = () => {
      beats += 1;
      return copy.installation.whyHeld();
    };
    worker = await startWorkerProcess(
      { ...copy, installation: { ...copy.installation, whyHeld } },
      20,
    );
    await expect.poll(() => beats).toBeGreaterThan(3);
    expect(await countLiveWorkers(copy.database)).toBe(0);

    const [grant] = await copy.database.asSystem((tx) =>
      tx.selectFrom('grants').select(['id', 'generation']).execute(),
    );
    await expect(copy.xero.connections.list(grant?.id ?? '', null)).rejects.toMatchObject({
      code: 'xero.down',
    });
    await expect(
      copy.xero.identity.identify('code', copy.xero.identity.newSecrets()),
    ).rejects.toThrow('on hold');
    expect(world.emulator.control.log.calls()).toEqual([]);
    expect(world.mailbox.mails()).toEqual([]);
  },
);

test('Where the Bursar itself has moved, one command lets it go on', async () => {
  copy = await started({ publicUrl: COPY });
  await leaveWork();
  worker = await startWorkerProcess(copy, 20);
  const adopted = await typeCommand({ ...world, context: copy }, 'installation', 'adopt');
  expect(adopted).toMatchObject({
    code: 0,
    out: `The Bursar of this database works at ${COPY} from now on.`,
  });
  await vi.waitFor(() => expect(world.mailbox.to('new@harbour.example')).toHaveLength(1), PATIENCE);
  const contacts = world.bookkeeper.books.contacts;
  await vi.waitFor(() => expect(contacts.all()).toHaveLength(1), PATIENCE);
});
