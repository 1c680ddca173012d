import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { emptyAddress, type LearnerFields } from '#contract/learners';
import { emptyFields } from '../learner.ts';
import { fillGaps, withoutFillings } from './fill-gaps.ts';

const street = { ...emptyAddress, streetName: 'High Street', suburb: 'Perth' };
const text = fc.option(fc.constantFrom('a', 'b', 'c'), { nil: null });
const address = fc.constantFrom(emptyAddress, street, { ...emptyAddress, suburb: 'Hobart' });
const person: fc.Arbitrary<LearnerFields> = fc
  .record({
    firstName: text,
    email: text,
    phoneMobile: text,
    streetAddress: address,
    postalAddress: address,
    isActive: fc.boolean(),
    syncToXero: fc.boolean(),
  })
  .map((some) => ({ ...emptyFields, ...some }));

describe('filling gaps', () => {
  it('takes what only the other knows, whole addresses, and neither’s words are overwritten', () => {
    const kept = { ...emptyFields, firstName: 'Ana', email: null, syncToXero: false };
    const other = {
      ...emptyFields,
      firstName: 'Anna',
      email: 'ana@learner.example',
      streetAddress: street,
      syncToXero: true,
    };
    expect(fillGaps(kept, other)).toMatchObject({
      firstName: 'Ana',
      email: 'ana@learner.example',
      streetAddress: street,
      syncToXero: true,
    });
  });

  it('is undone exactly when nobody changed anything since', () => {
    fc.assert(
      fc.property(person, person, (kept, other) => {
        const after = fillGaps(kept, other);
        expect(withoutFillings(after, kept, after)).toEqual(kept);
      }),
    );
  });

  it('leaves alone what was changed since', () => {
    fc.assert(
      fc.property(person, person, (kept, other) => {
        const after = fillGaps(kept, other);
        const since = { ...after, lastName: 'Changed since' };
        expect(withoutFillings(since, kept, after)).toEqual({ ...kept, lastName: 'Changed since' });
      }),
    );
  });
});
