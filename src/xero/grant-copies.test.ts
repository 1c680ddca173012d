import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DAY_MS, plus } from '#platform/clock';
import { silentLogger } from '#platform/logger';
import { createSecretBox } from '#platform/secrets';
import { createGrantCopies, type GrantCopies, isOver } from './grant-copies.ts';

const GRANT = '0190a000-0000-7000-8000-000000000001';
const OTHER = '0190a000-0000-7000-8000-000000000002';
const ISSUED = new Date('2026-03-02T01:00:00.000Z');
const EARLIER = plus(ISSUED, -1);

let base: string;
let folder: string;
let copies: GrantCopies;
const key = { id: 'k1', key: randomBytes(32) };

function copiesWith(keys = [key], logger = silentLogger): GrantCopies {
  return createGrantCopies({ folder, secrets: createSecretBox(keys), logger });
}

const fileOf = (grantId: string) => join(folder, `${grantId}.json`);

beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'bursar-copies-'));
  folder = join(base, 'data', 'grants');
  copies = copiesWith();
});
afterEach(() => rm(base, { recursive: true, force: true }));

describe('a copy', () => {
  it('is handed out when it is newer than the database, and not otherwise', async () => {
    await copies.keep(GRANT, 'refresh-1', ISSUED);
    expect(await copies.newerThan(GRANT, EARLIER)).toBe('refresh-1');
    expect(await copies.newerThan(GRANT, ISSUED)).toBeNull();
    expect(await copies.newerThan(GRANT, plus(ISSUED, 1))).toBeNull();
    expect(await copies.newerThan(OTHER, EARLIER)).toBeNull();
  });

  it('gives way to the next, whole', async () => {
    await copies.keep(GRANT, 'refresh-1', ISSUED);
    await copies.keep(GRANT, 'refresh-2', plus(ISSUED, 1));
    expect(await copies.newerThan(GRANT, EARLIER)).toBe('refresh-2');
    expect(await readdir(folder)).toEqual([`${GRANT}.json`]);
  });

  it('stands sealed in a file and a folder that are the owner’s alone', async () => {
    await copies.keep(GRANT, 'refresh-1', ISSUED);
    expect(await readFile(fileOf(GRANT), 'utf8')).not.toContain('refresh-1');
    expect((await stat(fileOf(GRANT))).mode & 0o777).toBe(0o600);
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
  });

  it('is gone once dropped, also when it was never there', async () => {
    await copies.keep(GRANT, 'refresh-1', ISSUED);
    await copies.drop(GRANT);
    await copies.drop(OTHER);
    expect(await readdir(folder)).toEqual([]);
  });
});

describe('nothing is handed out, and the log says so without the secret,', () => {
  const lines: unknown[][] = [];
  const logger = {
    ...silentLogger,
    warn: (...said: unknown[]) => void lines.push(said),
  } as typeof silentLogger;

  beforeEach(async () => {
    lines.length = 0;
    await copies.keep(GRANT, 'refresh-1', ISSUED);
  });
  afterEach(() => {
    expect(lines).toHaveLength(1);
    const said = lines.flat().map((part) => (part instanceof Object ? Object.values(part) : part));
    expect(said.flat().map(String).join(' ')).not.toContain('refresh-1');
  });

  it('with another key, or without the one that sealed it', async () => {
    const strange = copiesWith([{ id: 'k1', key: randomBytes(32) }], logger);
    expect(await strange.newerThan(GRANT, EARLIER)).toBeNull();
    const later = copiesWith([{ id: 'k2', key: key.key }]);
    expect(await later.newerThan(GRANT, EARLIER)).toBeNull();
  });

  it('from a file of another grant', async () => {
    await rename(fileOf(GRANT), fileOf(OTHER));
    expect(await copiesWith([key], logger).newerThan(OTHER, EARLIER)).toBeNull();
  });

  it('from a file that was given a later date', async () => {
    const text = await readFile(fileOf(GRANT), 'utf8');
    await writeFile(fileOf(GRANT), text.replace('2026-03-02', '2026-03-03'));
    expect(await copiesWith([key], logger).newerThan(GRANT, ISSUED)).toBeNull();
  });

  it('from half a file', async () => {
    const text = await readFile(fileOf(GRANT), 'utf8');
    await writeFile(fileOf(GRANT), text.slice(0, 60));
    expect(await copiesWith([key], logger).newerThan(GRANT, EARLIER)).toBeNull();
  });

  it('where the folder can’t be written, and nobody is held up', async () => {
    const away = join(base, 'file');
    await writeFile(away, '');
    const deps = { folder: join(away, 'grants'), secrets: createSecretBox([key]), logger };
    await createGrantCopies(deps).keep(GRANT, 'refresh-1', ISSUED);
  });
});

describe('sealed with a new key', () => {
  const newKey = { id: 'k2', key: randomBytes(32) };

  it('a copy stays what it was, and needs the old key no more', async () => {
    await copies.keep(GRANT, 'refresh-1', ISSUED);
    expect(await copiesWith([newKey, key]).reseal(GRANT)).toBe('resealed');
    const later = copiesWith([newKey]);
    expect(await later.newerThan(GRANT, EARLIER)).toBe('refresh-1');
    expect(await later.newerThan(GRANT, ISSUED)).toBeNull();
    expect(await readdir(folder)).toEqual([`${GRANT}.json`]);
    expect(await later.reseal(GRANT)).toBeNull();
  });

  it('a copy that opens with none of the keys is left as it is', async () => {
    await copies.keep(GRANT, 'refresh-1', ISSUED);
    expect(await copiesWith([newKey]).reseal(GRANT)).toBe('unreadable');
    expect(await copies.newerThan(GRANT, EARLIER)).toBe('refresh-1');
  });

  it('a copy that is not there is none', async () => {
    expect(await copies.reseal(GRANT)).toBeNull();
  });
});

describe('tidying', () => {
  it('names whole copies with their instant, and what is broken without', async () => {
    await copies.keep(GRANT, 'refresh-1', ISSUED);
    const half = `${OTHER}.json.${OTHER}.half`;
    await writeFile(join(folder, half), '');
    await writeFile(fileOf(OTHER), '{');
    await writeFile(join(folder, 'notes.txt'), 'not ours');
    const found = (await copies.list()).sort((a, b) => a.name.localeCompare(b.name));
    expect(found).toEqual([
      { name: `${GRANT}.json`, grantId: GRANT, issuedAt: ISSUED },
      { name: `${OTHER}.json`, grantId: null, issuedAt: null },
      { name: half, grantId: null, issuedAt: null },
    ]);
    for (const file of found) await copies.remove(file);
    expect(await readdir(folder)).toEqual(['notes.txt']);
  });

  it.each([
    ['of a grant in use', 59, true, false],
    ['that Xero has forgotten', 61, true, true],
    ['of a grant that is gone for a moment', 6, false, false],
    ['of a grant that is gone', 8, false, true],
  ])('a copy %s', (_, days, isGrantThere, over) => {
    const file = { name: '', grantId: GRANT, issuedAt: ISSUED };
    expect(isOver(file, isGrantThere, plus(ISSUED, days * DAY_MS))).toBe(over);
  });
});
