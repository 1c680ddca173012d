import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CONTACT_FIELDS, type ContactFields } from './contact-mapping.ts';
import { sameValue } from './field-value.ts';
import { baseForFound, threeWay } from './three-way.ts';

const text = fc.option(fc.constantFrom('a', 'b', 'c', ' a  ', 'a b'), { nil: null });
const slot = fc.option(
  fc.record({
    lines: fc.array(fc.constantFrom('1 Quay', 'PO Box 7'), { maxLength: 2 }),
    city: fc.constantFrom('', 'Manly'),
    region: fc.constantFrom('', 'NSW'),
    postalCode: fc.constantFrom('', '2095'),
    country: fc.constantFrom('', 'Australia'),
  }),
  { nil: null },
);
const fields: fc.Arbitrary<ContactFields> = fc.record({
  name: fc.constantFrom('A', 'B', 'C'),
  contactNumber: text,
  firstName: text,
  lastName: text,
  email: text,
  mobile: text,
  home: text,
  work: text,
  street: slot,
  postal: slot,
});

/** What Xero says after the merge was sent. */
function sent(theirs: ContactFields, merge: ReturnType<typeof threeWay>): ContactFields {
  return { ...theirs, ...merge.send };
}

describe('three-way merge', () => {
  it('sends nothing when nothing changed here, whatever changed there', () => {
    fc.assert(
      fc.property(fields, fields, (base, theirs) => {
        expect(threeWay(base, base, theirs).send).toEqual({});
      }),
    );
  });

  it('never touches a field that only the bookkeeper changed', () => {
    fc.assert(
      fc.property(fields, fields, fields, (base, ours, theirs) => {
        const after = sent(theirs, threeWay(base, ours, theirs));
        for (const field of CONTACT_FIELDS) {
          if (sameValue(ours[field], base[field])) expect(after[field]).toEqual(theirs[field]);
        }
      }),
    );
  });

  it('never overwrites what the bookkeeper changed, whatever we changed; our code is ours alone', () => {
    fc.assert(
      fc.property(fields, fields, fields, (base, ours, theirs) => {
        const after = sent(theirs, threeWay(base, ours, theirs));
        for (const field of CONTACT_FIELDS) {
          if (field === 'contactNumber' || sameValue(theirs[field], base[field])) continue;
          expect(after[field]).toEqual(theirs[field]);
        }
      }),
    );
  });

  it('brings every field over that we alone changed, and names all others that differ', () => {
    fc.assert(
      fc.property(fields, fields, fields, (base, ours, theirs) => {
        const merge = threeWay(base, ours, theirs);
        const after = sent(theirs, merge);
        for (const field of CONTACT_FIELDS) {
          const agrees = sameValue(after[field], ours[field]);
          expect(merge.left.includes(field)).toBe(!agrees);
          if (sameValue(theirs[field], base[field])) expect(agrees).toBe(true);
        }
      }),
    );
  });

  it('is done after one time: the same merge again sends nothing', () => {
    fc.assert(
      fc.property(fields, fields, fields, (base, ours, theirs) => {
        const after = sent(theirs, threeWay(base, ours, theirs));
        expect(threeWay(base, ours, after).send).toEqual({});
        expect(threeWay(ours, ours, after).send).toEqual({});
      }),
    );
  });

  it('says which code of theirs it replaces', () => {
    fc.assert(
      fc.property(fields, fields, fields, (base, ours, theirs) => {
        const { contactNumber: number } = ours;
        const isReplaced =
          !sameValue(number, base.contactNumber) &&
          !sameValue(theirs.contactNumber, base.contactNumber) &&
          !sameValue(number, theirs.contactNumber);
        const replaced = threeWay(base, ours, theirs).overwritten.map((change) => change.field);
        expect(replaced).toEqual(isReplaced ? ['contactNumber'] : []);
      }),
    );
  });
});

describe('the base for a contact that was found', () => {
  it('clears nothing that the learner’s record leaves empty, and keeps the name', () => {
    fc.assert(
      fc.property(fields, fields, (ours, theirs) => {
        const merge = threeWay(baseForFound(ours, theirs), ours, theirs);
        expect(merge.send).not.toHaveProperty('name');
        for (const value of Object.values(merge.send)) expect(value).not.toBeNull();
        const after = sent(theirs, merge);
        for (const field of CONTACT_FIELDS) {
          if (field === 'name' || ours[field] === null) continue;
          expect(sameValue(after[field], ours[field])).toBe(true);
        }
      }),
    );
  });
});
