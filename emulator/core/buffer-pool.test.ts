import { expect, it } from 'vitest';
import { startConnected } from '../testing.ts';
import { BufferPool } from './buffer-pool.ts';

const SIZE = 100_000;

function isSamePlace(a: Buffer, b: Buffer): boolean {
  return a.buffer === b.buffer && a.byteOffset === b.byteOffset;
}

it('lends a buffer to one at a time and takes it back once', () => {
  const pool = new BufferPool();
  const first = pool.lend(SIZE);
  const second = pool.lend(SIZE);
  expect(isSamePlace(second.bytes, first.bytes)).toBe(false);
  first.release();
  first.release();
  const third = pool.lend(SIZE + 1);
  expect(isSamePlace(third.bytes, first.bytes)).toBe(true);
  expect(third.bytes).toHaveLength(SIZE + 1);
  expect(isSamePlace(pool.lend(SIZE).bytes, first.bytes)).toBe(false);
});

it('keeps no very large ones', () => {
  const pool = new BufferPool();
  const lent = pool.lend(5_000_000);
  lent.release();
  expect(isSamePlace(pool.lend(5_000_000).bytes, lent.bytes)).toBe(false);
});

it('answers many at once with the page that each asked for', async () => {
  const { emulator, api } = await startConnected({ seed: { contacts: 5, invoices: 400 } });
  emulator.control.limits.numbers.concurrent = 100;
  const page = async (number: number) => {
    const { json } = await api('GET', `/Invoices?page=${number}&pageSize=50`);
    return json.Invoices.map((one: { InvoiceID: string }) => one.InvoiceID);
  };
  const numbers = Array.from({ length: 40 }, (_, i) => 1 + (i % 8));
  const pages = await Promise.all(numbers.map(page));
  const ids = emulator.control.bookkeeper().books.invoices.all();
  numbers.forEach((number, i) => {
    expect(pages[i]).toEqual(ids.slice((number - 1) * 50, number * 50).map(({ id }) => id));
  });
  await emulator.close();
});
