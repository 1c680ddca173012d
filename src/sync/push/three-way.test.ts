import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CONTACT_FIELDS, type ContactFields } from './contact-mapping.ts';
import { baseForFound, sameValue, threeWay } from './three-way.ts';

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

  it('brings every field that we changed over', () => {
    fc.assert(
      fc.property(fields, fields, fields, (base, ours, theirs) => {
        const after = sent(theirs, threeWay(base, ours, theirs));
        for (const field of CONTACT_FIELDS) {
          if (sameValue(ours[field], base[field])) continue;
          expect(sameValue(after[field], ours[field])).toBe(true);
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

  it('names exactly the fields of theirs that it replaces', () => {
    fc.assert(
      fc.property(fields, fields, fields, (base, ours, theirs) => {
        const { overwritten } = threeWay(base, ours, theirs);
        const bothChanged = CONTACT_FIELDS.filter(
          (field) =>
            !sameValue(ours[field], base[field]) &&
            !sameValue(theirs[field], base[field]) &&
            !sameValue(ours[field], theirs[field]),
        );
        expect(overwritten.map((change) => change.field)).toEqual(bothChanged);
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
