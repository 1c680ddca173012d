import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { api } from '#contract/api';
import type { Learner } from '#contract/learners';
import type { RunWish } from '#contract/runs';
import { type ConnectedWorld, startConnectedWorld } from '../world/connected.ts';
import { changeInvoice } from '../world/old-papers.ts';
import { runsBy } from '../world/runs.ts';

let world: ConnectedWorld;
let ruth: Learner;
beforeAll(async () => {
  world = await startConnectedWorld();
  ruth = await world.addLearner({ firstName: 'Ruth', lastName: 'Report' });
  await world.settle();
});
afterAll(async () => {
  // No real Xero says such things today, which is told where its description is at hand.
  await world.close().catch((error: Error) => {
    expect(error.message).toMatch(/"ONHOLD" is not listed/);
  });
});

const { start, runOf, itemsOf } = runsBy(() => world.owner);
const wish: RunWish = { kind: 'resync-papers' };

function raise(contactId: string): string {
  return world.bookkeeper.createInvoice({
    contactId,
    lines: [{ description: 'Fee', unitAmount: '100' }],
  }).id;
}

const numberOf = (id: string) => world.bookkeeper.books.invoices.get(id)?.number;

describe('A resync of papers', () => {
  it('names each paper that it could not read, and why', async () => {
    const contactId = world.bookkeeper.findContact(ruth.learnerNumber)?.id ?? '';
    const held = raise(contactId);
    raise(contactId);
    await world.settle();
    const strange = raise(contactId);
    const nobodys = raise(world.bookkeeper.createContact({ Name: 'Coffee Bar' }).id);
    changeInvoice(world, held, { status: 'ONHOLD' }, 'quiet');
    for (const id of [strange, nobodys]) changeInvoice(world, id, { currency: 'usd' }, 'quiet');

    const run = await start(wish);
    await world.settle();
    const ended = await runOf(run.id);
    expect(ended).toMatchObject({ state: 'finished', done: 4, total: 4 });
    expect(ended.counts).toMatchObject({ failed: 2, found: 1, unchanged: 1, changed: 0 });
    const failed = await world.owner.call(api.listSyncRunItems, {
      params: { runId: run.id },
      query: { outcome: 'failed' },
    });
    const reason = 'It has a form or state in Xero that Bursar can’t read yet.';
    expect(new Set(failed.items.map(({ label }) => label))).toEqual(
      new Set([numberOf(held), numberOf(strange)]),
    );
    expect(failed.items).toMatchObject([
      { subject: 'document', reason },
      { subject: 'document', reason },
    ]);
    const params = { runId: run.id };
    const { csv } = await world.owner.call(api.syncRunReport, { params });
    for (const id of [held, strange]) expect(csv).toContain(`Paper,${numberOf(id)},failed,`);
    expect(csv).not.toContain(numberOf(nobodys));

    for (const id of [held, strange, nobodys]) {
      changeInvoice(world, id, { status: 'AUTHORISED', currency: 'AUD' }, 'quiet');
    }
    const again = await start(wish);
    await world.settle();
    expect((await runOf(again.id)).counts).toMatchObject({ failed: 0 });
    expect((await itemsOf(again.id)).filter((item) => item.outcome === 'failed')).toEqual([]);
  });
});
