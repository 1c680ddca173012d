import { expect, it } from 'vitest';
import type { LearnerId, XeroOrgId } from '#contract/ids';
import { archivedWords, mergedIntoOther, refusalReasons } from '../sync/push/push-outcome.ts';
import { messageOf } from './message.ts';

const learnerId = '0190a000-0000-7000-8000-000000000001' as LearnerId;
const xeroOrgId = 'a0a0a0a0-0001-4000-8000-000000000001' as XeroOrgId;
const mia = { label: 'Mia Wong', number: 'L00012', email: 'mia@wong.example' };
const saidOf = (...messages: string[]) =>
  refusalReasons(messages, mia as Parameters<typeof refusalReasons>[1]);

it.each([
  ['contact.email-refused', saidOf('Email address mia@wong.example must be valid.')],
  ['contact.name-taken', saidOf('The contact name Mia Wong is already assigned.')],
  ['contact.code-taken', saidOf('The contact number L00012 is already assigned.')],
  [
    'contact.merged',
    [mergedIntoOther('learner', { kind: 'learner', label: 'Ben Ito', number: 'L00013' })],
  ],
  ['contact.archived', [archivedWords]],
  ['contact.refused', saidOf('Something new about Mia Wong')],
])('tells of a learner who could not be sent by the cause alone: %s', (cause, reasons) => {
  const message = messageOf({ kind: 'contact.refused', learnerId, xeroOrgId, reasons });
  expect(message).toEqual({ kind: 'sync.failed', data: { learnerId, xeroOrgId, cause } });
});
