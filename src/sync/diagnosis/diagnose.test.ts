import { describe, expect, test } from 'vitest';
import type { CheckCode } from '#contract/diagnosis';
import type { LearnerId, XeroOrgId } from '#contract/ids';
import type { ContactLink } from '../links/contact-link.ts';
import { type DiagnosisFacts, diagnose } from './diagnose.ts';

const now = new Date('2026-03-02T01:00:00Z');
const link: ContactLink = {
  xeroOrgId: 'a0a0a0a0-0001-4000-8000-000000000001' as XeroOrgId,
  partyKind: 'learner',
  partyId: '01900000-0000-7000-8000-000000000001' as LearnerId,
  contactId: 'c0c0c0c0-0000-4000-8000-000000000001',
  contactStatus: 'active',
  wantedRevision: 2,
  pushedRevision: 2,
  base: null,
  seen: null,
  offered: null,
  contactChangedAt: null,
  standing: 'in-step',
  reasons: [],
  bearsNumber: false,
  attempts: 0,
  nextAttemptAt: now,
  uncertainSince: null,
  lastAttemptAt: null,
  lastPushedAt: null,
  isUrgent: false,
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
const reading = {
  contactIds: [link.contactId],
  alone: null,
  isForPerson: false,
  kinds: ['invoice'],
  walk: { kind: 'invoice', position: null, page: 1, newestSeen: null },
};
const inStep: DiagnosisFacts = {
  now,
  party: { kind: 'learner', number: 'L00001', syncToXero: true, gaps: [], revision: 2 },
  organisation: { name: 'Harbour Training Pty Ltd', isConnected: true },
  lane: {
    state: 'running',
    stop_reason: null,
    paused_until: null,
    pause_reason: null,
    contacts_known_at: now,
    paper_reading: null,
    set_aside: {},
  },
  link,
  lookedThroughAt: now,
  isReviewOpen: false,
  papers: { here: 3, unread: 0 },
  noticesWaiting: 0,
};

function found(facts: Partial<DiagnosisFacts>, code: CheckCode) {
  return diagnose({ ...inStep, ...facts }).find((check) => check.code === code);
}

const linked = (changes: Partial<ContactLink>): Partial<DiagnosisFacts> => ({
  link: { ...link, ...changes },
});
const lane = (changes: Partial<NonNullable<DiagnosisFacts['lane']>>): Partial<DiagnosisFacts> => ({
  lane: inStep.lane && { ...inStep.lane, ...changes },
});
const off = { party: { ...inStep.party, syncToXero: false } };
const gap = { field: 'lastName', message: 'Xero needs a last name.' };
const soon = new Date(now.getTime() + 60_000);

const refused = (times: number) =>
  lane({
    set_aside: {
      'pull invoice': {
        since: now.toISOString(),
        until: soon.toISOString(),
        times,
        how: 'refused',
        xeroSays: 'No.',
      },
    },
  });

describe('the diagnosis', () => {
  test('of someone in step finds everything fine', () => {
    expect(diagnose(inStep).map(({ state }) => state)).toEqual(Array(10).fill('fine'));
  });

  test.each<[string, Partial<DiagnosisFacts>, CheckCode, string, string | null]>([
    ['Sync to Xero is off', off, 'switched-on', 'problem', 'turn-sync-on'],
    [
      'a field is missing',
      { party: { ...inStep.party, gaps: [gap] } },
      'complete',
      'problem',
      'edit',
    ],
    ['nothing is connected', { organisation: null }, 'placed', 'problem', 'connect'],
    [
      'its organisation is disconnected',
      { organisation: { name: 'Harbour', isConnected: false } },
      'placed',
      'problem',
      'connect',
    ],
    [
      'the permission is gone',
      lane({ stop_reason: 'consent-lost' }),
      'running',
      'problem',
      'connect',
    ],
    ['Xero makes us wait', lane({ paused_until: soon }), 'running', 'waiting', null],
    ['the pause is over', lane({ paused_until: now }), 'running', 'fine', null],
    [
      'someone has to decide',
      linked({ standing: 'undecided', contactId: null }),
      'matched',
      'problem',
      'decide-on-profile',
    ],
    [
      'matches are not approved',
      { ...linked({ standing: 'waiting', contactId: null }), isReviewOpen: true },
      'matched',
      'problem',
      'review-matches',
    ],
    [
      'nobody has looked yet',
      linked({ standing: 'waiting', contactId: null, isMatchDue: true }),
      'matched',
      'waiting',
      null,
    ],
    [
      'the contact is archived',
      linked({ contactStatus: 'archived' }),
      'contact',
      'problem',
      'fix-in-xero',
    ],
    [
      'the person is to be erased',
      linked({ contactStatus: 'erasing' }),
      'contact',
      'problem',
      'fix-in-xero',
    ],
    [
      'Xero refuses it',
      linked({ standing: 'blocked', reasons: ['No.'] }),
      'sent',
      'problem',
      'edit',
    ],
    ['an edit is on its way', linked({ standing: 'waiting' }), 'sent', 'waiting', null],
    ['Xero was changed', linked({ drift: ['email'] }), 'alike', 'problem', 'decide-on-profile'],
    ['papers are about to be read', linked({ papersDue: true }), 'papers', 'waiting', null],
    ['papers are being read', lane({ paper_reading: reading }), 'papers', 'waiting', null],
    ['a paper can’t be read', { papers: { here: 3, unread: 1 } }, 'papers', 'problem', null],
    ['papers can’t be read', { papers: { here: 3, unread: 2 } }, 'papers', 'problem', null],
    ['invoices were refused once', refused(1), 'papers', 'waiting', null],
    ['invoices are refused', refused(2), 'papers', 'problem', null],
    ['what changes in invoices is not read', refused(2), 'heard', 'problem', null],
    ['the first reading is on', { lookedThroughAt: null }, 'papers', 'waiting', null],
    ['it is on, of all', { lookedThroughAt: null }, 'heard', 'waiting', null],
    ['Xero has told of a change', { noticesWaiting: 1 }, 'heard', 'waiting', null],
  ])('says so when %s', (_what, facts, code, state, way) => {
    expect(found(facts, code)).toMatchObject({ state, way });
  });

  test('repeats what Xero says where it refuses to show papers', () => {
    expect(found(refused(2), 'papers')?.words).toEqual([
      '3 papers are here.',
      'Reading invoices does not come about. Xero says: No.',
      'It is tried again by itself.',
    ]);
  });

  test('leaves unasked what an earlier answer makes pointless', () => {
    const states = diagnose({ ...inStep, organisation: null, lane: null, link: null });
    expect(states.filter(({ state }) => state === 'unasked').map(({ code }) => code)).toEqual([
      'running',
      'matched',
      'contact',
      'sent',
      'alike',
      'papers',
      'heard',
    ]);
  });

  test('asks nothing about papers for whoever may not see them', () => {
    const codes = diagnose({ ...inStep, papers: null }).map(({ code }) => code);
    expect(codes).toEqual(diagnose(inStep).flatMap(({ code }) => (code === 'papers' ? [] : code)));
  });

  test('tells that papers of a linked contact come home with Sync to Xero off', () => {
    expect(found(off, 'switched-on')?.words[0]).toContain('still come home');
    expect(found({ ...off, link: null }, 'switched-on')?.words[0]).not.toContain('come home');
  });
});
