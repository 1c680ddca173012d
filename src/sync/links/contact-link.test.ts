import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LearnerId, XeroOrgId } from '#contract/ids';
import { HOUR_MS, plus } from '#platform/clock';
import type { ContactFields } from '../push/contact-mapping.ts';
import type { PushOutcome } from '../push/push-outcome.ts';
import { afterPush, type ContactLink, retryDelay } from './contact-link.ts';

const now = new Date('2026-03-02T01:00:00Z');
const fields: ContactFields = {
  name: 'Kim Lee',
  contactNumber: 'L00012',
  firstName: 'Kim',
  lastName: 'Lee',
  email: null,
  mobile: null,
  home: null,
  work: null,
  street: null,
  postal: null,
};
const waiting: ContactLink = {
  xeroOrgId: 'o' as XeroOrgId,
  partyKind: 'learner',
  partyId: 'l' as LearnerId,
  contactId: null,
  contactStatus: null,
  wantedRevision: 3,
  pushedRevision: null,
  base: null,
  seen: null,
  offered: null,
  contactChangedAt: null,
  standing: 'waiting',
  reasons: [],
  bearsNumber: false,
  attempts: 0,
  nextAttemptAt: plus(now, -1),
  uncertainSince: plus(now, -1),
  lastAttemptAt: null,
  lastPushedAt: null,
  isUrgent: true,
  papersDue: false,
  isMatchDue: false,
  replacesCode: false,
  wantsNew: false,
  papersFor: null,
  accepted: {},
  drift: [],
  driftSince: null,
  driftWeighed: null,
};
const known = { contactId: 'c', base: fields, seen: fields, changedAt: now, accepted: {} };
const inStep: PushOutcome = {
  kind: 'in-step',
  how: 'created',
  ...known,
  wasSent: true,
  bearsNumber: false,
  overwritten: [],
  left: [],
};
const outcomes: PushOutcome[] = [
  inStep,
  { kind: 'found', how: 'found', ...known, contactStatus: 'active' },
  { kind: 'moved', ...known, contactStatus: 'active' },
  { kind: 'absent' },
  { kind: 'look-up' },
  { kind: 'name-taken' },
  { kind: 'number-held' },
  { kind: 'without-code', base: fields },
  { kind: 'refused', reasons: ['No.'] },
  { kind: 'uncertain' },
  { kind: 'uncertain', wasAnswered: true },
];
const outcome = fc.constantFrom(...outcomes);

describe('a link after a push', () => {
  it('knows that the contact it found was archived meanwhile, so that it is looked at again', () => {
    for (const kind of ['found', 'moved'] as const) {
      const status = { contactStatus: 'archived' as const };
      const outcome: PushOutcome =
        kind === 'found'
          ? { kind, how: 'created', ...known, ...status }
          : { kind, ...known, ...status };
      expect(afterPush(waiting, 3, outcome, now)).toMatchObject({ ...status, standing: 'waiting' });
    }
  });

  it('is in step once the newest revision is there, with nobody left waiting', () => {
    expect(afterPush(waiting, 3, inStep, now)).toMatchObject({
      standing: 'in-step',
      contactId: 'c',
      pushedRevision: 3,
      uncertainSince: null,
      isUrgent: false,
      lastPushedAt: now,
    });
  });

  it('goes on waiting when somebody said meanwhile that ours is to stand where Xero differs', () => {
    const seen = { ...fields, mobile: '0499' };
    const left = ['mobile'] as const;
    const sent: PushOutcome = { ...inStep, seen, left };
    const asked = { ...waiting, contactId: 'c', base: { ...fields, mobile: '0499' } };
    expect(afterPush(asked, 3, sent, now)).toMatchObject({ standing: 'waiting' });
    expect(afterPush({ ...asked, base: fields }, 3, sent, now).standing).toBe('in-step');
  });

  it('goes on waiting when an edit came meanwhile, and says what was sent', () => {
    expect(afterPush({ ...waiting, wantedRevision: 4 }, 3, inStep, now)).toMatchObject({
      standing: 'waiting',
      pushedRevision: 3,
      isUrgent: true,
    });
    const refused = afterPush(
      { ...waiting, wantedRevision: 4 },
      3,
      { kind: 'refused', reasons: ['No.'] },
      now,
    );
    expect(refused).toMatchObject({ standing: 'waiting', reasons: [] });
  });

  it('never changes what is wanted, and is never in step with less', () => {
    fc.assert(
      fc.property(outcome, fc.nat(5), fc.nat(5), (result, wanted, sent) => {
        const after = afterPush({ ...waiting, wantedRevision: wanted }, sent, result, now);
        expect(after.wantedRevision).toBe(wanted);
        if (after.standing === 'in-step')
          expect(after.pushedRevision ?? -1).toBeGreaterThanOrEqual(wanted);
      }),
    );
  });

  it('stays silent when Sync to Xero was turned off meanwhile', () => {
    fc.assert(
      fc.property(outcome, (result) => {
        expect(afterPush({ ...waiting, standing: null }, 3, result, now).standing).toBeNull();
      }),
    );
  });

  it('keeps the mark of a possible creation until it is known', () => {
    expect(afterPush(waiting, 3, { kind: 'uncertain' }, now).uncertainSince).not.toBeNull();
    expect(afterPush(waiting, 3, { kind: 'absent' }, now).uncertainSince).toBeNull();
    expect(afterPush(waiting, 3, { kind: 'look-up' }, now).uncertainSince).toEqual(now);
  });

  it('is looked for less and less often while Xero answers without naming it', () => {
    const unnamed = { kind: 'uncertain', wasAnswered: true } as const;
    const once = afterPush({ ...waiting, attempts: 0 }, 3, unnamed, now);
    expect(once).toMatchObject({ standing: 'waiting', attempts: 1 });
    expect(once.uncertainSince).not.toBeNull();
    const twice = afterPush(once, 3, unnamed, now);
    expect(twice.nextAttemptAt.getTime()).toBeGreaterThan(once.nextAttemptAt.getTime());
  });

  it('is sent under a new key once the outcome is known, and under the same one until then', () => {
    const before = { ...waiting, lastAttemptAt: plus(now, -1) };
    for (const known of outcomes.filter(({ kind }) => kind !== 'uncertain')) {
      expect(afterPush(before, 3, known, now).lastAttemptAt).toEqual(now);
    }
    expect(afterPush(before, 3, { kind: 'uncertain' }, now).lastAttemptAt).toEqual(plus(now, -1));
  });

  it('waits a little longer each time while its number stands on a contact that is to get another', () => {
    const once = afterPush(waiting, 3, { kind: 'number-held' }, now);
    expect(once).toMatchObject({ standing: 'waiting', uncertainSince: null, attempts: 1 });
    expect(once.reasons[0]).toContain('about to get its own');
    expect(once.nextAttemptAt).toEqual(plus(now, retryDelay(1)));
    const twice = afterPush(once, 3, { kind: 'number-held' }, now);
    expect(twice.nextAttemptAt).toEqual(plus(now, retryDelay(2)));
  });

  it('says when the contact does not bear our code', () => {
    const seen = { ...fields, contactNumber: null };
    const after = afterPush(waiting, 3, { ...inStep, seen } as PushOutcome, now);
    expect(after.reasons[0]).toContain('has no code');
  });
});

describe('the wait between tries', () => {
  it('grows, from seconds to an hour at most', () => {
    fc.assert(
      fc.property(fc.nat(100), (attempts) => {
        expect(retryDelay(attempts)).toBeLessThanOrEqual(retryDelay(attempts + 1));
        expect(retryDelay(attempts)).toBeLessThanOrEqual(HOUR_MS);
      }),
    );
    expect(retryDelay(1)).toBe(15_000);
  });
});
