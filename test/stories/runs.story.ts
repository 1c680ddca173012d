import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { api } from '#contract/api';
import type { LearnerId, SyncRunId } from '#contract/ids';
import type { RunWish } from '#contract/runs';
import { MINUTE_MS, SECOND_MS } from '#platform/clock';
import { ownScope } from '#platform/scope';
import { type ConnectedWorld, startConnectedWorld } from '../world/connected.ts';
import { runsBy } from '../world/runs.ts';

let world: ConnectedWorld;
beforeAll(async () => {
  world = await startConnectedWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  // A fresh minute of Xero's limits for each story.
  await world.pass(2 * MINUTE_MS);
  world.emulator.control.log.clear();
});

const calls = (method?: string) =>
  world.emulator.control.log
    .calls('/api.xro/2.0/')
    .filter((call) => method === undefined || call.method === method);

/** Learners of one family name, imported in one go, with Sync to Xero off. */
async function importMany(family: string, count: number, first = (n: number) => `P${n}`) {
  const lines = Array.from(
    { length: count },
    (_, n) => `${first(n)},${family},p${n}@${family}.example`,
  );
  const content = Buffer.from(['First name,Last name,Email', ...lines].join('\n'));
  const scope = ownScope(world.people.providerId);
  await world.context.learners.importFromFiles(scope, [{ name: 'people.csv', content }]);
  const { items } = await world.owner.call(api.listLearners, {
    query: { search: family, limit: 200 },
  });
  return items.map((row) => row.id);
}

const { start, runOf, itemsOf, steer } = runsBy(() => world.owner);

describe('Sync to Xero for all that match', () => {
  it('goes by the list’s filter, in growing batches, and ends with a notice', async () => {
    await importMany('Herder', 320);
    const run = await start({ kind: 'sync-on', learners: { filter: { search: 'herder' } } });
    expect(run).toMatchObject({
      state: 'running',
      total: 320,
      done: 0,
      startedBy: world.owner.name,
    });
    await world.settle();
    expect(await runOf(run.id)).toMatchObject({
      state: 'finished',
      done: 320,
      counts: { added: 320, changed: 0, unchanged: 0, failed: 0 },
    });
    // 50, 100, then the rest: nobody was looked up, nobody was sent twice.
    expect(calls('PUT').map((call) => call.status)).toEqual([200, 200, 200]);
    const mails = await mailsAbout(run.id);
    expect(mails).toEqual([
      expect.objectContaining({
        recipients: [world.owner.email],
        subject: 'Turning Sync to Xero on has finished',
      }),
    ]);

    const again = await start({ kind: 'sync-on', learners: { filter: { search: 'herder' } } });
    await world.settle();
    expect((await runOf(again.id)).counts).toMatchObject({ unchanged: 320, added: 0, changed: 0 });
    expect(calls('PUT')).toHaveLength(3);
  });

  it('names those who are not ready, and lets the others go', async () => {
    const [good, bad] = await importMany('Gapsen', 2);
    await removeFirstName(bad);
    const run = await start({
      kind: 'sync-on',
      learners: { ids: [good, bad].filter((id) => id !== undefined) },
    });
    await world.settle();
    expect((await runOf(run.id)).counts).toMatchObject({ added: 1, failed: 1 });
    const failed = (await itemsOf(run.id)).find((item) => item.outcome === 'failed');
    expect(failed).toMatchObject({ subjectId: bad, reason: 'Xero needs a first name.' });
  });

  it('can be paused, goes on, and is cancelled for those whose turn has not come', async () => {
    await importMany('Pausig', 3);
    const run = await start({ kind: 'sync-off', learners: { filter: { search: 'pausig' } } });
    expect(await steer(run.id, 'pause')).toMatchObject({ state: 'paused' });
    await world.settle();
    expect(await runOf(run.id)).toMatchObject({ state: 'paused', done: 0 });
    const twice = await world.owner.refusal(api.steerSyncRun, {
      params: { runId: run.id, act: 'pause' },
    });
    expect(twice.code).toBe('run.wrong-state');
    await steer(run.id, 'resume');
    await world.settle();
    expect(await runOf(run.id)).toMatchObject({ state: 'finished', done: 3 });

    const other = await start({ kind: 'sync-on', learners: { filter: { search: 'pausig' } } });
    await steer(other.id, 'cancel');
    await world.settle();
    expect(await runOf(other.id)).toMatchObject({ state: 'cancelled', counts: { added: 0 } });
    expect(await runOf(other.id)).toMatchObject({ done: 3, total: 3, counts: { skipped: 3 } });
    expect((await itemsOf(other.id)).map((item) => item.outcome)).toEqual(Array(3).fill('skipped'));
  });

  it('says of each what became of them, also of those who were on their way when it was paused', async () => {
    await importMany('Halfway', 3);
    const run = await start({ kind: 'sync-on', learners: { filter: { search: 'halfway' } } });
    await world.context.tick();
    await steer(run.id, 'pause');
    expect((await runOf(run.id)).waitingFor).toBe(
      '3 on their way to Xero already are sent all the same.',
    );
    await world.settle();
    expect(await runOf(run.id)).toMatchObject({ state: 'paused', done: 3, waitingFor: null });
  });

  it('is for those who may sync, and says so when nobody matches', async () => {
    const staff = await world.people.staff();
    const body: RunWish = { kind: 'sync-on', learners: { filter: {} } };
    expect((await staff.refusal(api.startSyncRun, { body })).code).toBe('permission.missing');
    const nobody: RunWish = { kind: 'sync-on', learners: { filter: { search: 'qqqq' } } };
    const problem = await world.owner.refusal(api.startSyncRun, { body: nobody });
    expect(problem.code).toBe('run.nothing-to-do');
  });
});

describe('A resync', () => {
  it('of learners goes by the days on which they were changed here', async () => {
    const learner = await world.addLearner({ firstName: 'Dana', lastName: 'Dated' });
    await world.settle();
    const day = (at: Date) => at.toLocaleDateString('en-CA', { timeZone: 'Australia/Sydney' });
    const today = day(world.clock.now());
    const none: RunWish = { kind: 'resync-learners', to: '2025-12-31' };
    expect((await world.owner.refusal(api.startSyncRun, { body: none })).code).toBe(
      'run.nothing-to-do',
    );
    const learners = { filter: { search: 'Dated' } };
    const run = await start({ kind: 'resync-learners', learners, from: today, to: today });
    expect((await runOf(run.id)).range).toMatch(/, changed from \d+ \w+ 2026 to /);
    await world.settle();
    const items = await itemsOf(run.id);
    expect(items.map(({ subjectId }) => subjectId)).toEqual([learner.id]);
    const backward = { kind: 'resync-learners' as const, from: '2026-02-02', to: '2026-02-01' };
    expect((await world.owner.refusal(api.startSyncRun, { body: backward })).code).toBe(
      'request.invalid',
    );
  });

  it('finds what Xero no longer says, repairs it, and changes nothing the second time', async () => {
    const learner = await world.addLearner({ firstName: 'Rhea', lastName: 'Resync' });
    await world.settle();
    const contact = world.bookkeeper.findContact(learner.learnerNumber);
    await forgetPush(learner.id);
    const run = await start({ kind: 'resync-learners', learners: { ids: [learner.id] } });
    await world.settle();
    expect(await runOf(run.id)).toMatchObject({ state: 'finished', counts: { changed: 1 } });
    expect(world.bookkeeper.findContact(learner.learnerNumber)?.id).toBe(contact?.id);
    const again = await start({ kind: 'resync-learners', learners: { ids: [learner.id] } });
    await world.settle();
    expect((await runOf(again.id)).counts).toMatchObject({ changed: 0, unchanged: 1 });
  });

  it('of papers goes by their dates, and counts what it found, added and changed', async () => {
    const learner = await world.addLearner({ firstName: 'Paula', lastName: 'Papers' });
    await world.settle();
    const contact = world.bookkeeper.findContact(learner.learnerNumber);
    world.emulator.control.webhooks.switches.dropNext = 10;
    for (const date of ['2026-01-15', '2026-02-15', '2026-03-01']) {
      world.bookkeeper.createInvoice({
        contactId: contact?.id ?? '',
        date,
        lines: [{ description: 'Fee', unitAmount: '100' }],
      });
    }
    const wish: RunWish = { kind: 'resync-papers', from: '2026-02-01', to: '2026-02-28' };
    const run = await start(wish);
    await world.settle();
    expect(await runOf(run.id)).toMatchObject({
      state: 'finished',
      range: 'Papers from 1 Feb 2026 to 28 Feb 2026',
      total: 1,
      counts: { found: 0, added: 1, changed: 0, failed: 0 },
    });
    const again = await start(wish);
    await world.settle();
    expect((await runOf(again.id)).counts).toMatchObject({ found: 1, added: 0, unchanged: 1 });
  });

  it('of everything goes over learners and papers, and its report opens in a spreadsheet', async () => {
    await world.addLearner({ firstName: '=cmd', lastName: 'Formula' });
    await world.settle();
    const run = await start({ kind: 'resync-everything' });
    await world.settle();
    const ended = await runOf(run.id);
    expect(ended).toMatchObject({ state: 'finished', counts: { failed: 0, changed: 0 } });
    expect(ended.done).toBe(ended.total);
    const { csv, fileName } = await world.owner.call(api.syncRunReport, {
      params: { runId: run.id },
    });
    expect(fileName).toMatch(/^bursar-resync-everything-2026-03-02\.csv$/);
    expect(csv).toContain("'=cmd Formula");
    expect(csv).not.toMatch(/(^|,|\n)=/);
  });

  it('ends with Xero’s words when Xero refuses what it asks for', async () => {
    refuseOnce('/api.xro/2.0/Invoices');
    const run = await start({ kind: 'resync-papers' });
    await world.settle();
    expect(await runOf(run.id)).toMatchObject({ state: 'failed', failure: 'Too wide' });
  });

  it('that fails leaves nobody without an outcome', async () => {
    await importMany('Failsen', 60);
    const on = await start({ kind: 'sync-on', learners: { filter: { search: 'failsen' } } });
    await world.pass(MINUTE_MS);
    expect((await runOf(on.id)).state).toBe('finished');
    refuseOnce('/api.xro/2.0/Contacts', 1);
    const filter = { search: 'failsen' };
    const run = await start({ kind: 'resync-learners', learners: { filter } });
    await world.settle();
    const failed = await runOf(run.id);
    expect(failed).toMatchObject({ state: 'failed', failure: 'Too wide', done: 60, total: 60 });
    expect(failed.counts).toMatchObject({ unchanged: 50, skipped: 10 });
  });

  it('waits while Xero asks us to, says so, and goes on by itself', async () => {
    beBusyOnce('/api.xro/2.0/Invoices');
    const run = await start({ kind: 'resync-papers' });
    await world.settle();
    const waiting = await runOf(run.id);
    expect(waiting.state).toBe('running');
    expect(waiting.waitingFor).toMatch(/limit of calls a minute/);
    await world.pass(MINUTE_MS);
    expect(await runOf(run.id)).toMatchObject({ state: 'finished', waitingFor: null });
  });

  it('has its turn although many others wait for Xero', async () => {
    await importMany('Patient', 1);
    beBusyOnce('/api.xro/2.0/Invoices');
    const waiting = await start({ kind: 'resync-papers' });
    await world.settle();
    await copyRun(waiting.id, 50);
    await world.pass(SECOND_MS);
    const run = await start({ kind: 'sync-off', learners: { filter: { search: 'patient' } } });
    for (let turn = 0; turn < 3; turn += 1) await world.pass(SECOND_MS);
    expect((await runOf(waiting.id)).state).toBe('running');
    expect((await runOf(run.id)).state).toBe('finished');
    await dropCopies(waiting.id);
  });

  it('needs a connected organisation', async () => {
    const kea = await world.neighbours.owner();
    const body: RunWish = { kind: 'resync-everything' };
    expect((await kea.refusal(api.startSyncRun, { body })).code).toBe('run.nothing-to-do');
    expect((await kea.call(api.listSyncRuns)).items).toEqual([]);
    const { items } = await world.owner.call(api.listSyncRuns, { query: { limit: 1 } });
    const runId = items[0]?.id ?? '';
    const foreign = await kea.refusal(api.getSyncRun, { params: { runId } });
    expect(foreign.code).toBe('request.not-found');
  });
});

/** Xero refuses one call to this path, after so many that pass. */
function refuseOnce(path: string, skip = 0): void {
  const body = '{"Message":"Too wide"}';
  answerOnce(path, { status: 400, body, contentType: 'application/json' }, skip);
}

/** Xero answers one call to this path that it has had enough for the next 50 seconds. */
function beBusyOnce(path: string): void {
  const headers = { 'retry-after': '50', 'x-rate-limit-problem': 'minute' };
  answerOnce(path, { status: 429, headers });
}

interface Answer {
  status: number;
  body?: string;
  contentType?: string;
  headers?: Record<string, string>;
}

function answerOnce(path: string, answer: Answer, skip = 0): void {
  const effect = { kind: 'status' as const, ...answer };
  world.emulator.control.faults.add({ path, skip, times: 1, effect });
}

function inProvider<T>(work: Parameters<typeof world.context.database.asProvider<T>>[1]) {
  return world.context.database.asProvider(world.people.providerId, work);
}

function mailsAbout(runId: string) {
  return inProvider((tx) =>
    tx
      .selectFrom('mails')
      .select(['recipients', 'subject'])
      .where('once_key', '=', `sync-run:${runId}`)
      .execute(),
  );
}

/** Runs like this one, which wait as it does. */
async function copyRun(runId: SyncRunId, count: number) {
  await inProvider(async (tx) => {
    const row = await tx
      .selectFrom('sync_runs')
      .selectAll()
      .where('id', '=', runId)
      .executeTakeFirstOrThrow();
    const values = Array.from({ length: count }, () => ({
      ...row,
      id: randomUUID(),
      lane_work: false,
      range: JSON.stringify(row.range),
      walk: null,
      started_by: JSON.stringify(row.started_by),
    }));
    await tx.insertInto('sync_runs').values(values).execute();
  });
}

async function dropCopies(runId: SyncRunId) {
  await inProvider((tx) =>
    tx
      .deleteFrom('sync_runs')
      .where('state', '=', 'running')
      .where('lane_work', '=', false)
      .where('id', '!=', runId)
      .execute(),
  );
}

/** As after a restore from an old copy: our row no longer knows what Xero was told. */
async function forgetPush(learnerId: LearnerId) {
  await inProvider((tx) =>
    tx
      .updateTable('contact_links')
      .set({ base: JSON.stringify({ ...emptyBase, name: 'Somebody else' }) })
      .where('party_id', '=', learnerId)
      .execute(),
  );
  const contact = world.bookkeeper.findContact(
    (await world.owner.call(api.getLearner, { params: { learnerId } })).learnerNumber,
  );
  world.emulator.control.webhooks.switches.dropNext = 1;
  world.bookkeeper.editContact(contact?.id ?? '', { FirstName: 'Rosa' });
}

const emptyBase = {
  contactNumber: null,
  firstName: 'Rosa',
  lastName: null,
  email: null,
  mobile: null,
  home: null,
  work: null,
  street: null,
  postal: null,
};

async function removeFirstName(learnerId: LearnerId | undefined) {
  if (!learnerId) throw new Error('Nobody was imported');
  const { revision } = await world.owner.call(api.getLearner, { params: { learnerId } });
  await world.owner.call(api.editLearner, {
    params: { learnerId },
    body: { firstName: null, revision, saveAnyway: true },
  });
}
