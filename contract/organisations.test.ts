import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { XeroOrgId } from './ids.ts';
import { campusKey, type OrganisationRules, organisationFor } from './organisations.ts';

const [a, b, c] = ['a', 'b', 'c'] as [XeroOrgId, XeroOrgId, XeroOrgId];
const orgId = fc.constantFrom(a, b, c);
const campus = fc.constantFrom('North', ' north', 'SOUTH', 'West  Wing', 'west wing');
const rules: fc.Arbitrary<OrganisationRules> = fc.record({
  defaultXeroOrgId: fc.option(orgId),
  campuses: fc.uniqueArray(fc.record({ campus, xeroOrgId: orgId }), {
    selector: (rule) => campusKey(rule.campus),
  }),
});
const learner = fc.record({ campus: fc.option(campus) });
const connected = fc.uniqueArray(orgId).map((ids) => new Set(ids));

describe('the organisation of a learner', () => {
  it('is that of the campus, however it is spelled, else the default', () => {
    const both = { defaultXeroOrgId: a, campuses: [{ campus: 'West Wing', xeroOrgId: b }] };
    const all = new Set([a, b]);
    expect(organisationFor({ campus: ' WEST  wing' }, both, all)).toBe(b);
    expect(organisationFor({ campus: 'East' }, both, all)).toBe(a);
    expect(organisationFor({ campus: null }, both, all)).toBe(a);
  });

  it('is always one that is connected, or none', () => {
    fc.assert(
      fc.property(learner, rules, connected, (one, by, now) => {
        const found = organisationFor(one, by, now);
        expect(found === null || now.has(found)).toBe(true);
      }),
    );
  });

  it('never becomes another one because one is not connected', () => {
    fc.assert(
      fc.property(learner, rules, connected, (one, by, now) => {
        const everywhere = organisationFor(one, by, new Set([a, b, c]));
        expect([everywhere, null]).toContain(organisationFor(one, by, now));
      }),
    );
  });
});
