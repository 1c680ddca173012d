import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldName, naturalKey } from '#platform/folding';
import {
  changesBetween,
  codeKey,
  emptyFields,
  identitiesOf,
  learnerNumberOf,
  numberKey,
  searchTokens,
  searchWords,
  sortKeys,
  withFields,
} from './learner.ts';

const name = fc.oneof(
  fc.constantFrom(
    "O'Brien",
    'D’Angelo',
    'Nguyễn',
    'Åberg',
    'van der Berg',
    'Smith-Jones',
    'Łukasz',
  ),
  fc.string({ unit: 'grapheme', maxLength: 30 }),
);

describe('folding', () => {
  it.each([
    ["O'Brien", 'O’BRIEN'],
    ['Zoë', 'ZOE'],
    ['Nguyễn', 'nguyen'],
    ['Mary-Anne', 'Mary Anne'],
    ['Łukasz Øster', 'lukasz oster'],
    ['Straße', 'STRASSE'],
    ['  van   der Berg', 'VanDerBerg'],
  ])('sees %j and %j as one name', (one, other) => {
    expect(foldName(one)).toBe(foldName(other));
  });

  it('is stable: folding twice is folding once, and case never matters', () => {
    fc.assert(
      fc.property(name, (text) => {
        expect(foldName(foldName(text))).toBe(foldName(text));
        expect(foldName(text.toLowerCase())).toBe(foldName(text));
        expect(foldName(`  ${text} `)).toBe(foldName(text));
      }),
    );
  });

  it('keeps different names apart', () => {
    expect(foldName('Anna')).not.toBe(foldName('Anne'));
    expect(numberKey('1-23')).not.toBe(numberKey('12-3'));
  });
});

describe('orders', () => {
  it('counts numbers as people do', () => {
    const numbers = ['L00010', 'L00002', 'L100000', 'L99999', 'B7', 'L2'];
    const sorted = numbers.toSorted((a, b) => (naturalKey(a) < naturalKey(b) ? -1 : 1));
    expect(sorted).toEqual(['B7', 'L00002', 'L2', 'L00010', 'L99999', 'L100000']);
  });

  it('sorts by family name first and keeps keys short in any script', () => {
    const learner = { firstName: 'Ana', lastName: 'de Silva', learnerNumber: 'L00001' };
    expect(sortKeys(learner).name).toBe('de silva ; ana');
    const long = { ...learner, lastName: '龍'.repeat(100) };
    expect(Buffer.byteLength(sortKeys(long).name)).toBeLessThanOrEqual(240);
  });

  it('makes numbers of five digits and more', () => {
    expect([1, 99_999, 100_000].map(learnerNumberOf)).toEqual(['L00001', 'L99999', 'L100000']);
  });
});

describe('search', () => {
  const mia = {
    firstName: 'Mia-Rose',
    middleName: null,
    lastName: "O'Brien Walsh",
    preferredName: null,
    learnerNumber: 'L00042',
    email: 'mia.rose@example.org',
    refExternal: '2024/017',
  };
  const finds = (search: string) =>
    searchWords(search).every((word) => searchTokens(mia).some((token) => token.startsWith(word)));

  it.each([
    'mia',
    'MIA ROSE',
    'mia-r',
    "o'b",
    'brien',
    'obrienw',
    'walsh mia',
    'l0004',
    '42',
    'mia.rose@',
    'miar',
    '2024/017',
    '17',
    'MIA.ROSE@example.org',
    ' ',
  ])('finds her by %j', (search) => {
    expect(finds(search)).toBe(true);
  });

  it.each(['ose', 'walsh tom', 'l42', 'example.org'])('does not find her by %j', (search) => {
    expect(finds(search)).toBe(false);
  });

  it('bounds what one learner or one search can cost', () => {
    fc.assert(
      fc.property(name, name, (first, last) => {
        const tokens = searchTokens({
          ...mia,
          firstName: first.repeat(9),
          lastName: last.repeat(9),
        });
        expect(tokens.length).toBeLessThanOrEqual(48);
        expect(Math.max(...tokens.map((token) => Array.from(token).length))).toBeLessThanOrEqual(
          60,
        );
        expect(searchWords(`${first} `.repeat(50)).length).toBeLessThanOrEqual(8);
      }),
    );
  });
});

describe('changes', () => {
  it('tells address parts apart and leaves equal fields out', () => {
    const before = withFields(emptyFields, { firstName: 'Mia', isActive: true });
    const street = { ...before.streetAddress, suburb: 'Perth' };
    const after = withFields(before, {
      firstName: undefined,
      streetAddress: street,
      isActive: false,
    });
    expect(changesBetween(before, after)).toEqual([
      { field: 'streetAddress.suburb', from: null, to: 'Perth' },
      { field: 'isActive', from: 'yes', to: 'no' },
    ]);
    expect(changesBetween(before, before)).toEqual([]);
  });

  it('empties a field only when told null', () => {
    const before = withFields(emptyFields, { title: 'Ms' });
    expect(withFields(before, { title: null }).title).toBeNull();
    expect(withFields(before, {}).title).toBe('Ms');
  });
});

describe('identities', () => {
  it('has the name alone when nothing else is known', () => {
    const person = {
      firstName: 'Mia',
      lastName: 'Tran',
      dateOfBirth: null,
      email: null,
      refExternal: null,
    };
    expect(identitiesOf(person)).toEqual(['name tran,mia']);
    expect(identitiesOf({ ...person, email: 'm@x.org', dateOfBirth: '2000-01-01' })).toHaveLength(
      4,
    );
  });

  it('compares codes without leading zeros', () => {
    expect(codeKey('00028')).toBe(codeKey(' 28'));
    expect(codeKey('0')).toBe('code 0');
    expect(codeKey(null)).toBeNull();
  });
});
