import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ordinaryFamilyName, ordinaryGivenName, ordinaryPlace } from './name-case.ts';

describe('family names', () => {
  it.each([
    ['JONES', 'Jones'],
    ["O'BRIEN", "O'Brien"],
    ['O’BRIEN', 'O’Brien'],
    ["D'ANGELO", "D'Angelo"],
    ['MCDONALD', 'McDonald'],
    ['MCKAY-SMITH', 'McKay-Smith'],
    ['MCA', 'Mca'],
    ['MACEY', 'Macey'],
    ['VAN DER BERG', 'van der Berg'],
    ['DE SOUZA', 'de Souza'],
    ['VAN', 'Van'],
    ['LE', 'Le'],
    ['SMITH III', 'Smith III'],
    ['NGUYỄN', 'Nguyễn'],
    ['ÅBERG', 'Åberg'],
  ])('%s becomes %s', (given, expected) => {
    expect(ordinaryFamilyName(given)).toBe(expected);
  });
});

describe('given names', () => {
  it.each([
    ['MARY-ANNE', 'Mary-Anne'],
    ['RODGER MICHAEL', 'Rodger Michael'],
    ['J.P.', 'J.P.'],
    ['MS', 'Ms'],
    ['VAN ANH', 'Van Anh'],
  ])('%s becomes %s', (given, expected) => {
    expect(ordinaryGivenName(given)).toBe(expected);
  });
});

describe('places', () => {
  it.each([
    ['THE UNIVERSITY OF SYDNEY', 'The University of Sydney'],
    ['100 TO 200 HASON ST', '100 to 200 Hason St'],
    ['UNIT 1,LEVEL 3', 'Unit 1,Level 3'],
    ['THE QUADRANGLE A14', 'The Quadrangle A14'],
    ['PO BOX 17', 'PO Box 17'],
    ['21ST AVENUE', '21st Avenue'],
    ["ST JOHN'S WOOD", "St John's Wood"],
    ['THE', 'The'],
  ])('%s becomes %s', (given, expected) => {
    expect(ordinaryPlace(given)).toBe(expected);
  });
});

describe('any text', () => {
  const text = fc.string({ unit: 'grapheme', maxLength: 40 });
  const cases = [ordinaryFamilyName, ordinaryGivenName, ordinaryPlace];

  it('that has a small letter is left as it was written', () => {
    fc.assert(
      fc.property(text, (given) => {
        for (const cased of cases) expect(cased(`${given}a`)).toBe(`${given}a`);
      }),
    );
  });

  it('keeps its letters: only their case may differ', () => {
    const letters = fc.string({ unit: fc.constantFrom(..."ABCÉÖ'’- .ØMCO1"), maxLength: 30 });
    fc.assert(
      fc.property(letters, (given) => {
        for (const cased of cases) expect(cased(given).toUpperCase()).toBe(given);
      }),
    );
  });
});
