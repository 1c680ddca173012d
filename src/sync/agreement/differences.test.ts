import { expect, it } from 'vitest';
import { type Check, DIFFERENCES_MAX, type Difference } from './check-store.ts';
import { lostPaper, unreadPaper, withFound } from './differences.ts';

const check = { differences: [], differenceCount: 0 } as unknown as Check;
const lost = (index: number): Difference =>
  lostPaper({ kind: 'invoice', xeroId: `${index}`, number: null, partyId: null });

it('keeps what could not be mended, however much was mended before it', () => {
  const mended = Array.from({ length: DIFFERENCES_MAX }, (_, index) => ({
    ...lost(index),
    isMended: true,
  }));
  const after = withFound(withFound(check, mended), [lost(DIFFERENCES_MAX)]);
  expect(after.differenceCount).toBe(DIFFERENCES_MAX + 1);
  expect(after.differences).toHaveLength(DIFFERENCES_MAX);
  expect(after.differences.filter(({ isMended }) => !isMended)).toHaveLength(1);
});

it('says of a paper whose contact can’t be read either that it may be anybody’s', () => {
  const outline = { xeroId: null, number: null, contactId: null, type: null, updatedAt: null };
  const told = unreadPaper('invoice', outline, null);
  expect(told).toMatchObject({ partyId: null, isMended: false });
  expect(told.why).toContain('whose it is');
});
