import { appendFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ProviderId } from '#contract/ids';
import { DAY_MS, HOUR_MS } from '#platform/clock';
import { newId } from '#platform/ids';
import { type Anchors, createAnchors } from './anchors.ts';

let dataDir: string;
let anchors: Anchors;
const mine = newId<ProviderId>();
const theirs = newId<ProviderId>();

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'bursar-anchors-'));
  anchors = createAnchors(dataDir);
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

const hashOf = (position: number) => position.toString(16).padStart(64, '0');
const NEW_YEAR = new Date('2026-01-01T00:00:00.000Z');
const after = (ms: number) => new Date(NEW_YEAR.getTime() + ms);

function add(providerId: ProviderId, position: number, at = NEW_YEAR): Promise<void> {
  const hash = Buffer.from(hashOf(position), 'hex');
  return anchors.add(new Map([[providerId, { position: BigInt(position), hash }]]), at);
}

async function positions(providerId: ProviderId): Promise<number[]> {
  return (await anchors.read(providerId)).map(({ position }) => Number(position));
}

function formerLine(providerId: ProviderId, position: number): string {
  const at = NEW_YEAR.toISOString();
  return `${JSON.stringify({ at, providerId, position: `${position}`, hash: hashOf(position) })}\n`;
}

const former = () => join(dataDir, 'audit-anchors.jsonl');

test('each provider has lines of its own, and reading one opens no other', async () => {
  await add(mine, 1);
  await add(theirs, 1);
  await add(mine, 2);
  expect(await positions(mine)).toEqual([1, 2]);
  await writeFile(join(anchors.path, theirs, '2026-01.jsonl'), 'nothing that can be read');
  expect(await positions(mine)).toEqual([1, 2]);
  expect((await anchors.providers()).sort()).toEqual([mine, theirs].sort());
});

test('the one file of a former Bursar is moved over before anything is added', async () => {
  await writeFile(former(), formerLine(mine, 1) + formerLine(theirs, 7) + formerLine(mine, 2));
  await add(mine, 3);
  expect(await positions(mine)).toEqual([1, 2, 3]);
  expect(await positions(theirs)).toEqual([7]);
  expect(await readdir(dataDir)).toEqual(['audit-anchors']);
});

test('moving that was cut short is done again, and says nothing else', async () => {
  await writeFile(former(), formerLine(mine, 1) + formerLine(mine, 2));
  await anchors.read(mine);
  const next = createAnchors(dataDir);
  await writeFile(former(), formerLine(mine, 1) + formerLine(mine, 2) + formerLine(mine, 3));
  const found = (await next.read(mine)).map(({ position }) => Number(position));
  expect([...new Set(found)]).toEqual([1, 2, 3]);
});

test('a line that a crash cut short takes no other with it', async () => {
  await add(mine, 1);
  await appendFile(join(anchors.path, mine, '2026-01.jsonl'), '{"at":"2026-01-01T');
  anchors = createAnchors(dataDir);
  await add(mine, 2);
  expect(await positions(mine)).toEqual([1, 2]);
});

test('of days long past the last line stays, of the past month and this one every line', async () => {
  const holds = new Map<bigint, string>();
  for (let position = 1; position <= 31 * 24; position += 1) {
    await add(mine, position, after((position - 1) * HOUR_MS));
    holds.set(BigInt(position), hashOf(position));
  }
  await anchors.thin(mine, holds, after(45 * DAY_MS));
  expect(await positions(mine)).toHaveLength(31 * 24);
  await add(mine, 800, after(40 * DAY_MS));
  await anchors.thin(mine, new Map([...holds, [800n, hashOf(800)]]), after(60 * DAY_MS));
  expect(await positions(mine)).toEqual([...days(31), 800]);
  const text = await readFile(join(anchors.path, mine, '2026-01.jsonl'), 'utf8');
  await anchors.thin(mine, holds, after(61 * DAY_MS));
  expect(await readFile(join(anchors.path, mine, '2026-01.jsonl'), 'utf8')).toBe(text);
});

test('a line that does not hold is never the one that stays', async () => {
  await add(mine, 1, NEW_YEAR);
  await add(mine, 2, after(HOUR_MS));
  const last = { at: after(2 * HOUR_MS).toISOString(), position: '2', hash: hashOf(99) };
  await appendFile(join(anchors.path, mine, '2026-01.jsonl'), `${JSON.stringify(last)}\n`);
  const holds = new Map([1, 2].map((position) => [BigInt(position), hashOf(position)]));
  await anchors.thin(mine, holds, after(90 * DAY_MS));
  expect(await anchors.read(mine)).toEqual([{ at: after(HOUR_MS), position: 2n, hash: hashOf(2) }]);
});

/** The position of the last hour of each day. */
function days(count: number): number[] {
  return Array.from({ length: count }, (_, day) => (day + 1) * 24);
}
