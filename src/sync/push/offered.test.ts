import { expect, it } from 'vitest';
import type { ContactFields } from './contact-mapping.ts';
import { baseWithOffered } from './offered.ts';
import { threeWay } from './three-way.ts';

const agreed: ContactFields = {
  name: 'Ana Lee',
  contactNumber: 'L-1',
  firstName: 'Ana',
  lastName: 'Lee',
  email: null,
  mobile: '1',
  home: null,
  work: null,
  street: null,
  postal: null,
};

it('takes what Xero says for ours where a write with a lost answer had said it', () => {
  const theirs = { ...agreed, mobile: '2', email: 'desk@example.com' };
  const base = baseWithOffered(agreed, { mobile: '2', lastName: 'Silva' }, theirs);
  expect(base).toEqual({ ...agreed, mobile: '2' });
  // A later edit of ours goes out, and so does one back to what it was before.
  expect(threeWay(base, { ...agreed, mobile: '3' }, theirs).send).toEqual({ mobile: '3' });
  expect(threeWay(base, agreed, theirs)).toMatchObject({ send: { mobile: '1' }, left: ['email'] });
});

it('changes nothing where no answer is missing or Xero says something else', () => {
  const theirs = { ...agreed, mobile: '9' };
  expect(baseWithOffered(agreed, null, theirs)).toEqual(agreed);
  expect(baseWithOffered(agreed, { mobile: '2' }, theirs)).toEqual(agreed);
});
