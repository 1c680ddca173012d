import { expect, test } from 'vitest';
import { ROLES } from '#contract/permissions';
import { hashKey, keyOfHeader, makeKey, mayMakeKeyFor } from './api-key.ts';

test('a key is long, recognisable, and known only by its hash', () => {
  const one = makeKey();
  expect(one.key).toMatch(/^bur_[A-Za-z0-9_-]{43}$/);
  expect(one.hash).toEqual(hashKey(one.key));
  expect(one.key.startsWith(one.prefix)).toBe(true);
  expect(one.prefix).toHaveLength(10);
  expect(makeKey().key).not.toBe(one.key);
});

test.each([
  ['Bearer KEY', true],
  ['bearer   KEY ', true],
  ['Basic KEY', false],
  ['Bearer KEY KEY', false],
  ['Bearer bur_short', false],
  ['KEY', false],
  ['', false],
])('the header %j holds a key: %s', (header, holdsKey) => {
  const { key } = makeKey();
  expect(keyOfHeader(header.replaceAll('KEY', key))).toBe(holdsKey ? key : null);
});

test('nobody makes a key that may do more than they may', () => {
  const allowed = ROLES.map((maker) => ROLES.filter((role) => mayMakeKeyFor(maker, role)));
  expect(allowed).toEqual([
    ['owner', 'admin', 'finance', 'staff'],
    ['admin', 'finance', 'staff'],
    ['finance'],
    ['staff'],
  ]);
});
