import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openJournal } from '../../bin/journal.ts';

let folder: string;
let shown: string[];
let now: number;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bursar-journal-'));
  shown = [];
  now = 0;
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const open = () =>
  openJournal(folder, 'web', false, { show: (line) => shown.push(line), now: () => now });
const path = () => join(folder, 'web.log');
const entry = (level: number, msg: string) => JSON.stringify({ level, msg });

it('keeps every line, and shows what a person should see', async () => {
  const journal = open();
  journal.write(entry(30, 'serving'));
  journal.write(entry(40, 'slow'));
  expect(await readFile(path(), 'utf8')).toBe(`${entry(30, 'serving')}\n${entry(40, 'slow')}\n`);
  expect(shown).toEqual(['web: slow']);
});

it('goes on when the file can’t be written, shows all meanwhile, and tries again later', async () => {
  const journal = open();
  await mkdir(path());
  journal.write(entry(30, 'first'));
  journal.write(entry(30, 'second'));
  expect(shown).toEqual([
    expect.stringMatching(/^web: .*web\.log can’t be written \(EISDIR.*\); make room/),
    `web: ${entry(30, 'first')}`,
    `web: ${entry(30, 'second')}`,
  ]);
  await rm(path(), { recursive: true });
  journal.write(entry(30, 'third'));
  expect(shown.at(-1)).toBe(`web: ${entry(30, 'third')}`);
  now = 10_000;
  journal.write(entry(30, 'fourth'));
  expect(await readFile(path(), 'utf8')).toBe(`${entry(30, 'fourth')}\n`);
  expect(shown.at(-1)).toMatch(/web\.log is written again\.$/);
});
