import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ProviderId } from '#contract/ids';
import { type AuditGround, layAuditGround } from './audit.fixture.ts';
import { tampers } from './tampering.fixture.ts';

const ROUNDS = Number(process.env.BURSAR_TAMPER_ROUNDS ?? 200);
const SEED = Number(process.env.BURSAR_TAMPER_SEED ?? 20_260_302);
const LENGTH = 24;

let ground: AuditGround;
let providerId: ProviderId;

beforeAll(async () => {
  ground = await layAuditGround();
  providerId = await ground.addProvider();
  await ground.append(providerId, LENGTH);
  await ground.sealAll();
  await keepLastAnchor();
  await ground.superuser.query(`create table kept_events as select * from events`);
  await ground.superuser.query(`create table kept_chain as select * from audit_chain`);
});
afterAll(() => ground.close());

/** A small generator with a seed (mulberry32), so that a failure can be repeated. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Transactions of other tests may have the log sealed in parts, each noted; the end is what counts. */
async function keepLastAnchor(): Promise<void> {
  const folder = join(ground.audit.anchorsPath, providerId);
  const [month = ''] = await readdir(folder);
  const lines = (await readFile(join(folder, month), 'utf8')).trimEnd().split('\n');
  await writeFile(join(folder, month), `${lines.at(-1)}\n`);
}

async function undo(): Promise<void> {
  await ground.superuser.query(`
    begin;
    delete from audit_chain; delete from events; delete from audit_erasures;
    insert into events (provider_id, id, seq, at, kind, actor, subject_kind, subject_id, data, xid)
      overriding system value
      select provider_id, id, seq, at, kind, actor, subject_kind, subject_id, data, xid
      from kept_events;
    insert into audit_chain select * from kept_chain;
    commit`);
}

async function verdict() {
  const [found] = await ground.audit.verify([providerId], { alsoVanished: true });
  return found;
}

it('finds nothing wrong with a log as it was sealed', async () => {
  expect(await verdict()).toMatchObject({ entries: BigInt(LENGTH), fault: null });
});

it(`finds and locates each of ${ROUNDS} edits, deletes, reorders, inserts and cut tails (seed ${SEED})`, async () => {
  const random = randomFrom(SEED);
  const pick = (max: number) => 1 + Math.floor(random() * max);
  for (let round = 0; round < ROUNDS; round += 1) {
    const tamper = tampers[round % tampers.length] ?? tampers[0];
    if (!tamper) throw new Error('There is no way to tamper');
    const hand = { client: ground.superuser, providerId, length: LENGTH, pick };
    const { how, position } = await tamper(hand);
    const { fault } = (await verdict()) ?? {};
    // An entry put in is told by itself or by the first that no longer fits.
    const isPutIn = how.startsWith('put an entry in') && position !== null;
    const places = isPutIn ? [position - 1n, position] : [position];
    expect(places, `round ${round}: ${how}`).toContain(fault?.position);
    await undo();
  }
  expect(await verdict()).toMatchObject({ fault: null });
}, 300_000);
