import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PartyId } from '#contract/ids';
import { decideMatches, type Proposal } from './decide-match.ts';
import {
  foldContact,
  foldParty,
  keysOf,
  type MatchContact,
  type MatchParty,
} from './match-person.ts';
import { proposedAmong } from './proposed-among.ts';
import { claimantsOf, wantedByName } from './rivals.ts';

const none: ReadonlySet<string> = new Set();

function learner(id: string, fields: Partial<MatchParty> = {}): MatchParty {
  return {
    partyId: id as PartyId,
    revision: 1,
    number: id,
    companyNames: [],
    firstName: null,
    preferredName: null,
    lastName: null,
    email: null,
    alternativeEmail: null,
    phones: [],
    refExternal: null,
    ...fields,
  };
}

function contact(contactId: string, fields: Partial<MatchContact> = {}): MatchContact {
  return {
    contactId,
    name: '',
    firstName: null,
    lastName: null,
    email: null,
    phones: [],
    code: null,
    status: 'active',
    ...fields,
  };
}

const kim = { firstName: 'Kim', lastName: 'O’Brien', email: 'kim@example.com' };

function proposalFor(
  one: MatchParty,
  contacts: readonly MatchContact[],
  taken: ReadonlySet<string> = none,
): Proposal {
  const proposal = decideMatches([one], contacts, taken).get(one.partyId);
  if (!proposal) throw new Error('Every learner gets a proposal');
  return proposal;
}

describe('the rules of who is whom', () => {
  const kimNamed = contact('x', { name: "KIM O'BRIEN" });

  it.each<[string, Partial<MatchParty>, Partial<MatchContact>, Proposal['group']]>([
    ['the learner number', kim, { name: 'Kim B', code: 'l 1' }, 'safe'],
    ['the number, whose name has nothing in common', kim, { name: 'Acme', code: 'L1' }, 'decide'],
    ['e-mail and name', kim, { name: "O'BRIEN, Kim", email: ' KIM@example.com ' }, 'safe'],
    [
      'the other e-mail and the preferred name',
      { ...kim, preferredName: 'Kimmy', alternativeEmail: 'k@home.example' },
      { name: 'Kimmy O Brien', email: 'k@home.example' },
      'safe',
    ],
    [
      'name and phone, however it is written',
      { ...kim, phones: ['0412 345 678'] },
      { name: 'Kim O’Brien', phones: ['61 412345678'] },
      'safe',
    ],
    [
      'the provider’s own code and name',
      { ...kim, refExternal: 'OLD-7' },
      { name: 'Kim O’Brien', code: 'old-7' },
      'safe',
    ],
    ['the name alone', kim, { name: 'Kim O’Brien' }, 'decide'],
    ['the name with a number behind it', kim, { name: 'Kim O’Brien (2)' }, 'decide'],
    ['the e-mail alone', kim, { name: 'Acme', email: 'kim@example.com' }, 'decide'],
    [
      'the e-mail of the same family',
      kim,
      { name: 'Pat O’Brien', email: 'kim@example.com' },
      'decide',
    ],
    [
      'the e-mail of a family, and a name of other vowels',
      { firstName: 'नीना', lastName: 'शाह', email: 'shah@example.com' },
      { name: 'नाना शाह', email: 'shah@example.com' },
      'decide',
    ],
    [
      'all, but archived',
      kim,
      { name: 'Kim O’Brien', email: 'kim@example.com', code: 'L1', status: 'archived' },
      'decide',
    ],
    [
      'e-mail and name, but another code',
      kim,
      { name: 'Kim O’Brien', email: 'kim@example.com', code: 'C-9' },
      'decide',
    ],
    [
      'the phone alone',
      { ...kim, phones: ['0412 345 678'] },
      { name: 'Acme', phones: ['0412345678'] },
      'create',
    ],
    ['the family name alone', kim, { name: 'Pat O’Brien' }, 'create'],
    ['nothing', kim, { name: 'Acme' }, 'create'],
    [
      'all, but it was merged away',
      kim,
      { name: 'Kim O’Brien', email: 'kim@example.com', status: 'merged' },
      'create',
    ],
  ])('%s', (_, ours, theirs, group) => {
    const proposal = proposalFor(learner('L1', ours), [contact('x', theirs)]);
    expect(proposal.group).toBe(group);
    expect(proposal.contactId).toBe(group === 'safe' ? 'x' : null);
  });

  it('two contacts that are as likely go to a person; the number decides between them', () => {
    const twins = ['x', 'y'].map((id) =>
      contact(id, { name: 'Kim O’Brien', email: 'kim@example.com' }),
    );
    expect(proposalFor(learner('L1', kim), twins)).toMatchObject({ group: 'decide' });
    const numbered = [...twins, contact('z', { name: 'Kim O’Brien', code: 'L1' })];
    expect(proposalFor(learner('L1', kim), numbered)).toMatchObject({
      group: 'safe',
      contactId: 'z',
    });
  });

  it('one contact that two learners claim goes to neither by itself', () => {
    const both = ['L1', 'L2'].map((id) => learner(id, kim));
    const theirs = contact('x', { name: 'Kim O’Brien', email: 'kim@example.com' });
    const proposals = decideMatches(both, [theirs], none);
    expect([...proposals.values()].map((one) => one.group)).toEqual(['decide', 'decide']);
  });

  it('a contact to which somebody else has a claim besides another is nobody’s unasked', () => {
    const phone = '0412 345 678';
    const senior = learner('L1', { ...kim, phones: [phone] });
    const junior = learner('L2', kim);
    const shared = contact('x', { name: 'Kim O’Brien', email: 'kim@example.com' });
    const other = contact('y', { name: 'Kim O’Brien', phones: [phone] });
    const proposals = decideMatches([senior, junior], [shared, other], none);
    expect([...proposals.values()].map((one) => one.group)).toEqual(['decide', 'decide']);
  });

  it('who is proposed stands first and is kept, however many have more in common', () => {
    const phone = '0412 345 678';
    const family = Array.from({ length: 6 }, (_, at) =>
      contact(`a${at}`, { name: 'Pat O’Brien', email: 'kim@example.com', phones: [phone] }),
    );
    const own = contact('x', { name: 'Kim O’Brien', phones: [phone] });
    const proposal = proposalFor(learner('L1', { ...kim, phones: [phone] }), [...family, own]);
    expect(proposal).toMatchObject({ group: 'safe', contactId: 'x' });
    expect(proposal.candidates.map((one) => one.contactId)).toEqual(['x', 'a0', 'a1', 'a2', 'a3']);
    const shuffled = [...proposal.candidates].reverse();
    expect(proposedAmong({ group: 'safe', candidates: shuffled })?.contactId).toBe('x');
    const cutOff = shuffled.filter((one) => one.contactId !== 'x');
    expect(proposedAmong({ group: 'safe', candidates: cutOff })).toBeUndefined();
  });

  it('a contact that is somebody’s already counts only where much speaks for it', () => {
    expect(proposalFor(learner('L1', kim), [kimNamed], new Set(['x'])).group).toBe('create');
    const theirs = contact('x', { name: 'Kim O’Brien', email: 'kim@example.com' });
    const proposal = proposalFor(learner('L1', kim), [theirs], new Set(['x']));
    expect(proposal).toMatchObject({ group: 'decide', candidates: [{ obstacle: 'taken' }] });
  });
});

const word = fc.constantFrom('Kim', 'kím', 'KIM', 'Lee', 'lée', 'Ana', 'Ng');
const email = fc.constantFrom(null, 'a@x.example', 'A@X.example', 'b@x.example');
const phones = fc.constantFrom<readonly string[]>([], ['0412 345 678'], ['+61 412345678']);
const code = fc.constantFrom(null, 'L1', 'l2', 'L 3', 'C-1');
const manyLearners = fc
  .uniqueArray(
    fc.record({ number: fc.integer({ min: 1, max: 9 }), first: word, last: word, email, phones }),
    { selector: (one) => one.number, maxLength: 8 },
  )
  .map((some) =>
    some.map((one) =>
      learner(`L${one.number}`, {
        firstName: one.first,
        lastName: one.last,
        email: one.email,
        phones: one.phones,
      }),
    ),
  );
const manyContacts = fc
  .array(
    fc.record({
      first: word,
      last: word,
      email,
      phones,
      code,
      status: fc.constantFrom<MatchContact['status']>('active', 'active', 'archived', 'merged'),
    }),
    { maxLength: 10 },
  )
  .map((some) =>
    some.map(({ first, last, ...rest }, index) =>
      contact(`contact-${index}`, { ...rest, name: `${first} ${last}` }),
    ),
  );

describe('for any learners and contacts', () => {
  const shuffled = <T>(items: readonly T[]) =>
    fc.shuffledSubarray([...items], { minLength: items.length });

  it('the order in which they come makes no difference', () => {
    const arbitrary = fc
      .tuple(manyLearners, manyContacts)
      .chain(([learners, contacts]) =>
        fc.tuple(
          fc.constant(learners),
          fc.constant(contacts),
          shuffled(learners),
          shuffled(contacts),
        ),
      );
    fc.assert(
      fc.property(arbitrary, ([learners, contacts, otherLearners, otherContacts]) => {
        const one = decideMatches(learners, contacts, none);
        const other = decideMatches(otherLearners, otherContacts, none);
        for (const { partyId } of learners) {
          expect(other.get(partyId)).toEqual(one.get(partyId));
        }
      }),
      { numRuns: 400 },
    );
  });

  it('no contact is proposed to two learners, nor one that is not in use or somebody’s', () => {
    fc.assert(
      fc.property(manyLearners, manyContacts, (learners, contacts) => {
        const taken = new Set(contacts.slice(0, 2).map((one) => one.contactId));
        const proposals = [...decideMatches(learners, contacts, taken).values()];
        const proposed = proposals.flatMap((proposal) => proposal.contactId ?? []);
        expect(new Set(proposed).size).toBe(proposed.length);
        const statusOf = new Map(contacts.map((one) => [one.contactId, one.status]));
        for (const contactId of proposed) {
          expect(taken.has(contactId)).toBe(false);
          expect(statusOf.get(contactId)).toBe('active');
        }
        expect(proposals).toHaveLength(learners.length);
        for (const { group, contactId, candidates } of proposals) {
          if (group === 'safe') expect(candidates[0]?.contactId).toBe(contactId);
          const reversed = [...candidates].reverse();
          expect([contactId, undefined]).toContain(
            proposedAmong({ group, candidates: reversed })?.contactId,
          );
        }
      }),
      { numRuns: 400 },
    );
  });

  it('some of them, with their rivals, are linked as they would be among all', () => {
    const under = (parties: readonly MatchParty[], contacts: readonly MatchContact[]) => {
      const keys = new Set(parties.flatMap((party) => keysOf(foldParty(party))));
      return contacts.filter((one) => keysOf(foldContact(one)).some((key) => keys.has(key)));
    };
    fc.assert(
      fc.property(manyLearners, manyContacts, fc.nat(8), (all, contacts, count) => {
        const asked = all.slice(0, count);
        const near = under(asked, contacts);
        const alone = decideMatches(asked, near, none);
        const byId = new Map(near.map((one) => [one.contactId, one]));
        const wanted = wantedByName({ proposals: alone, contacts: byId });
        const together = [...asked, ...claimantsOf(all.slice(count), wanted)];
        const some = decideMatches(together, under(together, contacts), none);
        const whole = decideMatches(all, contacts, none);
        for (const { partyId } of asked) {
          expect(some.get(partyId)?.contactId).toBe(whole.get(partyId)?.contactId);
        }
      }),
      { numRuns: 400 },
    );
  });

  it('case, accents and spaces on either side make no difference', () => {
    const disguise = (text: string) => ` ${text.toUpperCase().replaceAll('E', 'É')} `;
    fc.assert(
      fc.property(manyLearners, manyContacts, (learners, contacts) => {
        const one = decideMatches(learners, contacts, none);
        const disguised = contacts.map((each) => ({ ...each, name: disguise(each.name) }));
        expect(decideMatches(learners, disguised, none)).toEqual(one);
      }),
      { numRuns: 300 },
    );
  });
});
