import { describe, expect, test } from 'vitest';
import { LearnerListQuery } from '#contract/learners';
import { consentSearch, learnersSearch, signInSearch } from './search.ts';

describe('what an address says', () => {
  test('about the list is kept where it makes sense and left out elsewhere', () => {
    expect(
      learnersSearch({ search: 'chen', active: true, owing: 'false', sort: 'shoe', page: 3 }),
    ).toEqual({ search: 'chen', active: true, owing: false });
    expect(learnersSearch({ search: 12, sort: 'createdAt', direction: 'desc' })).toEqual({
      search: '12',
      sort: 'createdAt',
      direction: 'desc',
    });
  });

  test('about the list is cut where the API takes no more, and no sooner', () => {
    const long = 'x'.repeat(1_000);
    const { search, campus } = learnersSearch({ search: long, campus: long });
    expect(LearnerListQuery.parse({ search, campus })).toMatchObject({ search, campus });
    expect(LearnerListQuery.safeParse({ search: `${search}x` }).success).toBe(false);
    expect(LearnerListQuery.safeParse({ campus: `${campus}x` }).success).toBe(false);
  });

  test.each([
    ['/settings/people', { next: '/settings/people' }],
    ['//elsewhere.example', {}],
    ['/\\elsewhere.example', {}],
    ['https://elsewhere.example', {}],
    ['javascript:alert(1)', {}],
    [undefined, {}],
  ])('leads after sign-in to these pages alone: %s', (next, expected) => {
    expect(signInSearch({ next })).toEqual(expected);
  });

  test('about a consent is taken only when it is a known outcome', () => {
    expect(consentSearch({ outcome: 'cancelled', connection: 'c1' })).toEqual({
      outcome: 'cancelled',
      connection: 'c1',
    });
    expect(consentSearch({ outcome: '<script>' })).toEqual({});
  });
});
