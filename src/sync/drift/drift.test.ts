import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Winner } from '#contract/drift';
import type { LearnerId, XeroOrgId } from '#contract/ids';
import type { ContactLink } from '../links/contact-link.ts';
import type { ContactFields } from '../push/contact-mapping.ts';
import { sameValue } from '../push/field-value.ts';
import { threeWay } from '../push/three-way.ts';
import { acceptedAsFound, DRIFT_FIELDS, judge } from './judge.ts';
import { askAgain, leaveApart, pushOurs } from './settle-field.ts';
import { withDrift } from './with-drift.ts';

const now = new Date('2026-03-02T01:00:00Z');
const value = fc.constantFrom('a', 'b', 'c', null);
const winner = fc.constantFrom(...Winner.options);
const sides = fc.record({ base: value, ours: value, theirs: value, winner });
const pair = fc.record({ ours: value, theirs: value });

describe('who wins a field', () => {
  it('never sends over what was changed in Xero while it is to ask', () => {
    fc.assert(
      fc.property(sides, fc.option(pair, { nil: undefined }), (some, accepted) => {
        const verdict = judge({ ...some, accepted, winner: 'ask' });
        if (!sameValue(some.theirs, some.base)) expect(verdict).not.toBe('send');
        expect(['agreed', 'send', 'apart', 'ask']).toContain(verdict);
      }),
    );
  });

  it('sends what was changed here alone, whatever the rule and whatever was accepted', () => {
    fc.assert(
      fc.property(sides, pair, (some, accepted) => {
        fc.pre(!sameValue(some.ours, some.base));
        expect(judge({ ...some, theirs: some.base, accepted })).toBe('send');
      }),
    );
  });

  it('treats both sides alike: what agrees agrees, whoever arrived there first', () => {
    fc.assert(
      fc.property(sides, ({ base, ours, theirs, winner: rule }) => {
        const one = judge({ base, ours, theirs, winner: rule }) === 'agreed';
        const other = judge({ base, ours: theirs, theirs: ours, winner: rule }) === 'agreed';
        expect(one).toBe(other);
        expect(one).toBe(sameValue(ours, theirs));
      }),
    );
  });

  it('forgets a permission to differ as soon as either side says something else', () => {
    fc.assert(
      fc.property(sides, value, value, (some, ours, theirs) => {
        const accepted = { ours: some.ours, theirs: some.theirs };
        const verdict = judge({ ...some, ours, theirs, accepted, winner: 'ask' });
        const isSame = sameValue(ours, some.ours) && sameValue(theirs, some.theirs);
        if (!isSame) expect(verdict).not.toBe('apart');
      }),
    );
  });

  it('follows the rule exactly where it would have asked', () => {
    fc.assert(
      fc.property(sides, fc.option(pair, { nil: undefined }), (some, accepted) => {
        const asked = judge({ ...some, accepted, winner: 'ask' });
        const bursar = judge({ ...some, accepted, winner: 'bursar' });
        const xero = judge({ ...some, accepted, winner: 'xero' });
        expect(bursar).toBe(asked === 'ask' ? 'overwrite' : asked);
        expect(xero).toBe(asked === 'ask' ? 'take' : asked);
      }),
    );
  });
});

const fields: fc.Arbitrary<ContactFields> = fc.record({
  name: fc.constantFrom('A', 'B'),
  contactNumber: fc.constant('L1'),
  firstName: value,
  lastName: value,
  email: value,
  mobile: value,
  home: value,
  work: value,
  street: fc.constant(null),
  postal: fc.constant(null),
});

function linkOf(base: ContactFields, seen: ContactFields): ContactLink {
  return {
    xeroOrgId: 'o' as XeroOrgId,
    partyKind: 'learner',
    partyId: 'l' as LearnerId,
    contactId: 'c',
    contactStatus: 'active',
    wantedRevision: 1,
    pushedRevision: 1,
    base,
    seen,
    offered: null,
    contactChangedAt: now,
    standing: 'in-step',
    reasons: [],
    bearsNumber: false,
    attempts: 0,
    nextAttemptAt: now,
    uncertainSince: null,
    lastAttemptAt: null,
    lastPushedAt: null,
    isUrgent: false,
    papersDue: false,
    isMatchDue: false,
    replacesCode: false,
    wantsNew: false,
    papersFor: null,
    accepted: {},
    drift: [],
    driftSince: null,
    driftWeighed: null,
  };
}

const differ = (a: ContactFields, b: ContactFields) =>
  DRIFT_FIELDS.filter((field) => !sameValue(a[field], b[field]));

describe('the drift of a link', () => {
  it('names each field once: agreed, to be sent, left apart or open', () => {
    fc.assert(
      fc.property(fields, fields, fields, (base, ours, seen) => {
        const link = withDrift(linkOf(base, seen), ours);
        expect(link.drift).toEqual(
          differ(ours, seen).filter((field) => !sameValue(seen[field], base[field])),
        );
        const isToSend = differ(ours, seen).length > link.drift.length;
        expect(link.standing).toBe(isToSend ? 'waiting' : 'in-step');
        expect(withDrift(link, ours)).toEqual(link);
      }),
    );
  });

  it('is empty once both sides say the same, and what was accepted is forgotten', () => {
    fc.assert(
      fc.property(fields, fields, fields, (base, ours, seen) => {
        const apart = leaveApart(withDrift(linkOf(base, seen), ours), ours, DRIFT_FIELDS).link;
        const link = withDrift({ ...apart, seen: ours }, ours);
        expect(link).toMatchObject({ drift: [], accepted: {}, driftSince: null });
      }),
    );
  });

  it('is no question about a contact that was found so', () => {
    fc.assert(
      fc.property(fields, fields, fields, (base, ours, seen) => {
        const accepted = acceptedAsFound(base, ours, seen);
        expect(withDrift({ ...linkOf(base, seen), accepted }, ours).drift).toEqual([]);
      }),
    );
  });

  it('comes to rest when ours is pushed: one write, then both agree', () => {
    fc.assert(
      fc.property(fields, fields, fields, (base, ours, seen) => {
        const open = withDrift(linkOf(base, seen), ours);
        const { link } = pushOurs(open, ours, open.drift);
        expect(link.drift).toEqual([]);
        const { send } = threeWay(link.base ?? base, ours, seen);
        const after = withDrift({ ...link, seen: { ...seen, ...send } }, ours);
        expect(differ(ours, { ...seen, ...send })).toEqual([]);
        expect(threeWay(after.base ?? base, ours, { ...seen, ...send }).send).toEqual({});
      }),
    );
  });

  it('does not pass for sent while ours is still to be pushed', () => {
    const nothing = { email: null, home: null, work: null, street: null, postal: null };
    const named = { name: 'A', contactNumber: 'L1', firstName: 'a', lastName: 'b' };
    const ours: ContactFields = { ...nothing, ...named, mobile: '1' };
    const open = withDrift(linkOf(ours, { ...ours, mobile: '2' }), ours);
    expect(open).toMatchObject({ drift: ['mobile'], pushedRevision: 1, standing: 'in-step' });
    const { link } = pushOurs(open, ours, ['mobile']);
    expect(link).toMatchObject({ drift: [], pushedRevision: null, standing: 'waiting' });
  });

  it('asks again when Xero says yet something else before ours arrives', () => {
    fc.assert(
      fc.property(fields, fields, fields, fields, (base, ours, seen, later) => {
        const open = withDrift(linkOf(base, seen), ours);
        const { link } = pushOurs(open, ours, open.drift);
        const { send } = threeWay(link.base ?? base, ours, later);
        for (const field of open.drift) {
          if (!sameValue(later[field], seen[field])) expect(send).not.toHaveProperty(field);
        }
      }),
    );
  });

  it('can be left apart, and asked about again', () => {
    fc.assert(
      fc.property(fields, fields, fields, (base, ours, seen) => {
        const open = withDrift(linkOf(base, seen), ours);
        const apart = leaveApart(open, ours, open.drift).link;
        expect(apart.drift).toEqual([]);
        expect(Object.keys(apart.accepted).sort()).toEqual([...open.drift].sort());
        expect(askAgain(apart, ours, open.drift).link.drift).toEqual(open.drift);
      }),
    );
  });
});
