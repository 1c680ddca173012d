import { expect, test } from 'vitest';
import type { XeroOrgId } from '#contract/ids';
import { organisationName } from './organisations.ts';

const organisation = (id: string, isConnected: boolean) => ({
  xeroOrgId: id as XeroOrgId,
  name: `The ${id}`,
  baseCurrency: null,
  isConnected,
});

test('one organisation alone needs no name, unless it is no longer connected', () => {
  expect(organisationName([organisation('north', true)], 'north')).toBeNull();
  const former = [organisation('north', false)];
  expect(organisationName(former, 'north')).toBe('The north (no longer connected)');
});

test('among several each has its name', () => {
  const both = [organisation('north', true), organisation('south', false)];
  expect(organisationName(both, 'north')).toBe('The north');
  expect(organisationName(both, 'south')).toBe('The south (no longer connected)');
  expect(organisationName(both, 'east')).toBeNull();
});
