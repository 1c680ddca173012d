import { describe, expect, it } from 'vitest';
import type { XeroOrgId } from '#contract/ids';
import { rulesWith } from './organisation-rules.ts';

const [a, b, c] = ['a', 'b', 'c'] as [XeroOrgId, XeroOrgId, XeroOrgId];
const none = new Set<XeroOrgId>();
const toB = [{ campus: 'North', xeroOrgId: b }];

describe('the rules once an organisation is connected', () => {
  it('make the first one the default', () => {
    const empty = { defaultXeroOrgId: null, campuses: [] };
    expect(rulesWith(empty, a, { others: none, madeWay: null }).defaultXeroOrgId).toBe(a);
  });

  it('make the new one the default of a provider that never kept several', () => {
    const single = { defaultXeroOrgId: a, campuses: [] };
    expect(rulesWith(single, c, { others: none, madeWay: null }).defaultXeroOrgId).toBe(c);
  });

  it('stay as they are when another one comes beside, or one of several comes back', () => {
    const several = { defaultXeroOrgId: a, campuses: toB };
    expect(rulesWith(several, c, { others: new Set([a, b]), madeWay: null })).toEqual(several);
    expect(rulesWith(several, b, { others: none, madeWay: null })).toEqual(several);
  });

  it('hand over what the one had that makes way', () => {
    const several = { defaultXeroOrgId: a, campuses: toB };
    expect(rulesWith(several, c, { others: new Set([a]), madeWay: b })).toEqual({
      defaultXeroOrgId: a,
      campuses: [{ campus: 'North', xeroOrgId: c }],
    });
  });
});
