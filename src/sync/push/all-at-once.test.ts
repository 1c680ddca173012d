import { expect, test } from 'vitest';
import { XeroBusyError, XeroConsentError, XeroUncertainError } from '#xero/index';
import { allAtOnce } from './all-at-once.ts';

const busy = new XeroBusyError('minute', new Date('2026-03-02T01:01:00Z'));
const uncertain = new XeroUncertainError('Xero did not answer.');
const consent = new XeroConsentError('token-refused');
const ours = new Error('the database is gone');

async function thrownBy(failures: readonly (Error | null)[]): Promise<unknown> {
  const done: number[] = [];
  const thrown = await allAtOnce(failures, async (failure) => {
    await Promise.resolve();
    done.push(failures.indexOf(failure));
    if (failure) throw failure;
  }).catch((error: unknown) => error);
  expect(done).toHaveLength(failures.length);
  return thrown;
}

test('whatever becomes of one, the others are waited for', async () => {
  expect(await thrownBy([null, null])).toBeUndefined();
  expect(await thrownBy([busy, null, null])).toBe(busy);
});

test('the failure that decides what comes next is told: our own, then a lost consent', async () => {
  expect(await thrownBy([uncertain, busy])).toBe(uncertain);
  expect(await thrownBy([uncertain, consent, busy])).toBe(consent);
  expect(await thrownBy([consent, ours, busy])).toBe(ours);
});
