import { unzipSync } from 'fflate';
import { expect, it } from 'vitest';
import { type ZipEntry, zipOf } from './zip.ts';

const AT = new Date('2026-03-02T01:00:00.000Z');

async function* piecesOf(...pieces: string[]): AsyncGenerator<string> {
  yield* pieces;
}

async function* failing(): AsyncGenerator<string> {
  yield 'the first half';
  throw new Error('the database went away');
}

async function zip(...entries: ZipEntry[]): Promise<Buffer> {
  async function* all() {
    yield* entries;
  }
  const chunks: Uint8Array[] = [];
  for await (const chunk of zipOf(all(), AT)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

it('packs each entry whole, in however many pieces it comes', async () => {
  const long = 'Odile Márchand, ⌘\n'.repeat(60_000);
  const packed = await zip(
    { name: 'empty.txt', pieces: piecesOf() },
    { name: 'csv/a.csv', pieces: piecesOf('a,b\r\n', '', 'c,d\r\n') },
    { name: 'long.txt', pieces: piecesOf(long, long) },
  );
  const files = Object.entries(unzipSync(packed)).map(([name, bytes]) => [
    name,
    Buffer.from(bytes).toString(),
  ]);
  expect(files).toEqual([
    ['empty.txt', ''],
    ['csv/a.csv', 'a,b\r\nc,d\r\n'],
    ['long.txt', long + long],
  ]);
  expect(packed.length).toBeLessThan(long.length / 10);
});

it('lets other work of the process go on while it packs', async () => {
  let turns = 0;
  const ticking = setInterval(() => {
    turns += 1;
  }, 1);
  const many = Array.from({ length: 20 }, (_, n) => `${n} of many words\n`.repeat(50_000));
  await zip({ name: 'large.txt', pieces: piecesOf(...many) });
  clearInterval(ticking);
  expect(turns).toBeGreaterThan(0);
});

it('fails with what its entries fail with', async () => {
  await expect(zip({ name: 'half.txt', pieces: failing() })).rejects.toThrow('went away');
});
