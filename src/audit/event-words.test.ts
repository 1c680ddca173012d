import { expect, test } from 'vitest';
import type { BursarEvent } from '#events/index';
import { factsOf } from './event-words.ts';

test.each<[string, BursarEvent]>([
  ['connecting began', { kind: 'connection.consent-begun', app: 'xero' }],
  ['connecting failed', { kind: 'connection.consent-failed', app: 'xero', outcome: 'denied' }],
  ['a link was made', { kind: 'connection.invitation-made', invitationId: 'i', app: 'xero' }],
  ['support was asked', { kind: 'support.opened', requestId: 'r', subject: 's', app: 'xero' }],
])('names the app as the catalogue does where %s', (_when, event) => {
  expect(factsOf(event)).toContainEqual({ name: 'App', value: 'Xero' });
});

test('tells an app by its key that the catalogue no longer lists', () => {
  const event: BursarEvent = { kind: 'connection.consent-begun', app: 'ledgers' };
  expect(factsOf(event)).toEqual([{ name: 'App', value: 'ledgers' }]);
});
