import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DocumentKind } from '#contract/billing';
import { plus } from '#platform/clock';
import { RESOURCES, type Resource } from '../pull/cursor-store.ts';
import {
  type LaneFacts,
  nameOf,
  noticesToWalk,
  PATIENCE_MAX,
  Patience,
  pausedPatience,
  planLane,
  readyActs,
  restingPatience,
  wornPatience,
} from './lane-plan.ts';

const now = new Date('2026-03-02T01:00:00Z');
const quiet: LaneFacts = {
  now,
  pausedUntil: null,
  pauseSparesPeople: false,
  contactsKnown: true,
  matchDue: false,
  invoicesToCount: false,
  pushes: { forPeople: false, any: false },
  papers: { forPeople: false, any: false },
  notices: { contacts: 0, papers: {} },
  drifts: false,
  resync: false,
  agreement: false,
  aside: new Set(),
  last: new Set(),
  walking: [],
  nextDueAt: plus(now, 600_000),
};
const busy: LaneFacts = {
  ...quiet,
  pushes: { forPeople: true, any: true },
  papers: { forPeople: true, any: true },
  notices: {
    contacts: 3,
    papers: Object.fromEntries(
      DocumentKind.options.map((kind) => [kind, { waiting: 5, fresh: 5 }]),
    ),
  },
  drifts: true,
  resync: true,
  agreement: true,
  walking: ['payments', 'settings', 'all-contacts', 'all-invoices'],
};

const both = (count: number) => ({ waiting: count, fresh: count });

const facts: fc.Arbitrary<LaneFacts> = fc
  .record({
    paused: fc.boolean(),
    pauseSparesPeople: fc.boolean(),
    contactsKnown: fc.boolean(),
    urgentPush: fc.boolean(),
    push: fc.boolean(),
    urgentPapers: fc.boolean(),
    papers: fc.boolean(),
    contacts: fc.nat(3),
    invoices: fc.nat(200),
    drifts: fc.boolean(),
    resync: fc.boolean(),
    walking: fc.subarray([...RESOURCES]),
    last: fc.subarray(['push', 'read-papers', 'pull-contacts', 'sweep payments', 'resync']),
  })
  .map((some) => ({
    ...quiet,
    pausedUntil: some.paused ? plus(now, 30_000) : null,
    pauseSparesPeople: some.pauseSparesPeople,
    contactsKnown: some.contactsKnown,
    pushes: { forPeople: some.urgentPush, any: some.push || some.urgentPush },
    papers: { forPeople: some.urgentPapers, any: some.papers || some.urgentPapers },
    notices: { contacts: some.contacts, papers: { invoice: both(some.invoices) } },
    drifts: some.drifts,
    resync: some.resync,
    walking: some.walking,
    last: new Set(some.last),
  }));

describe('what a lane does next', () => {
  it('follows the written order of urgency', () => {
    expect(readyActs(busy).map(nameOf)).toEqual([
      'push',
      'read-papers',
      'pull-contacts',
      'pull invoice',
      'pull credit-note',
      'pull prepayment',
      'pull overpayment',
      'weigh-drifts',
      ...busy.walking.map((resource) => `sweep ${resource}`),
      'resync',
    ]);
    expect(planLane(busy, {})).toEqual({ do: 'push', forPerson: true });
  });

  it('rests until something is due by itself when there is nothing to do', () => {
    expect(planLane(quiet, {})).toEqual({ do: 'rest', until: quiet.nextDueAt });
  });

  it('never creates a contact before it knows who is there', () => {
    fc.assert(
      fc.property(facts, (some) => {
        const plan = planLane({ ...some, contactsKnown: false }, {});
        expect(plan.do).not.toBe('push');
      }),
    );
  });

  it('while paused rests, but for people where part of the limits is theirs', () => {
    const pausedUntil = plus(now, 30_000);
    const paused = { ...busy, pausedUntil };
    expect(planLane(paused, {})).toMatchObject({ do: 'rest' });
    expect(planLane({ ...paused, pauseSparesPeople: true }, {})).toEqual({
      do: 'push',
      forPerson: true,
    });
    fc.assert(
      fc.property(facts, (some) => {
        const plan = planLane({ ...some, pausedUntil, pauseSparesPeople: false }, {});
        expect(plan).toMatchObject({ do: 'rest' });
        if (plan.do === 'rest') expect(plan.until >= pausedUntil).toBe(true);
      }),
    );
  });

  it('tries nothing that is set aside, in a pause that spares people neither', () => {
    const pausedUntil = plus(now, 900_000);
    const nextDueAt = plus(now, 15_000);
    const spared = { ...busy, pausedUntil, pauseSparesPeople: true, nextDueAt };
    const refused = { ...spared, aside: new Set(['push']) };
    expect(planLane(refused, {})).toEqual({ do: 'read-papers', forPerson: true });
    const none = { ...refused, aside: new Set(['push', 'read-papers']) };
    // What people wait for is tried again as soon as it may be, pause or not.
    expect(planLane(none, {})).toEqual({ do: 'rest', until: nextDueAt });
    expect(planLane({ ...none, pauseSparesPeople: false }, {})).toEqual({
      do: 'rest',
      until: pausedUntil,
    });
  });

  it('puts what Xero fails at again and again behind all else, but lets it have its turn', () => {
    const failing = { ...busy, last: new Set(['push', 'pull invoice']) };
    const names = readyActs(failing).map(nameOf);
    expect(names[0]).toBe('read-papers');
    expect(names.slice(-2)).toEqual(['push', 'pull invoice']);
    expect(new Set(names)).toEqual(new Set(readyActs(busy).map(nameOf)));
    expect(planLane(failing, { push: PATIENCE_MAX })).toMatchObject({ do: 'push' });
  });

  it('never rests into the past, so that it can’t spin', () => {
    fc.assert(
      fc.property(facts, (some) => {
        const plan = planLane(some, {});
        if (plan.do === 'rest') expect(plan.until > some.now).toBe(true);
      }),
    );
  });

  it('reads many changed papers by instant rather than fifty ids a call', () => {
    const many = noticesToWalk('invoice') + 1;
    const notices = { contacts: 0, papers: { invoice: both(many) } };
    expect(planLane({ ...quiet, notices }, {})).toEqual({ do: 'sweep', resource: 'invoices' });
    // What the sweep did not find is asked for by id, or it would sweep for ever.
    const left = { contacts: 0, papers: { invoice: { waiting: many, fresh: 0 } } };
    expect(planLane({ ...quiet, notices: left }, {})).toEqual({
      do: 'pull-papers',
      kind: 'invoice',
    });
  });

  it('reckons with how many of a kind one call can be asked for', () => {
    const plansOf = (kind: DocumentKind, count: number) =>
      planLane({ ...quiet, notices: { contacts: 0, papers: { [kind]: both(count) } } }, {});
    // Five reads by twenty, two by fifty.
    expect(plansOf('credit-note', 100)).toEqual({ do: 'sweep', resource: 'credit-notes' });
    expect(plansOf('invoice', 100)).toEqual({ do: 'pull-papers', kind: 'invoice' });
    for (const kind of DocumentKind.options) {
      expect(plansOf(kind, noticesToWalk(kind)).do).toBe('pull-papers');
      expect(plansOf(kind, noticesToWalk(kind) + 1).do).toBe('sweep');
    }
  });

  it('leaves what is noticed to a walk that is on', () => {
    const walking: LaneFacts = { ...busy, walking: ['contacts', 'invoices', 'payments'] };
    const names = readyActs(walking).map(nameOf);
    expect(names).toContain('sweep invoices');
    expect(names).not.toContain('pull invoice');
    expect(names).not.toContain('pull-contacts');
    expect(names).toContain('pull credit-note');
  });

  it('compares both sides when nothing of papers is walked or read any more', () => {
    const none = { forPeople: false, any: false };
    const isCompared = (some: Partial<LaneFacts>) =>
      readyActs({ ...busy, papers: none, walking: ['contacts'], ...some })
        .map(nameOf)
        .includes('check-agreement');
    expect(isCompared({})).toBe(true);
    expect(isCompared({ walking: ['invoices'] })).toBe(false);
    expect(isCompared({ papers: { forPeople: false, any: true } })).toBe(false);
  });

  it('lets nothing starve: whatever stays ready has its turn soon', () => {
    fc.assert(
      fc.property(facts, stream, (steady, some) => {
        expect(longestWait(steady, some, Number.POSITIVE_INFINITY)).toBeLessThanOrEqual(WAIT_MAX);
      }),
    );
  });

  it('lets nothing starve where a pause ends each run after an act or two', () => {
    fc.assert(
      fc.property(facts, stream, fc.integer({ min: 2, max: 5 }), (steady, some, actsPerRun) => {
        // Of two acts a pause takes one.
        const longest = longestWait(steady, some, actsPerRun);
        expect(longest).toBeLessThanOrEqual(2 * WAIT_MAX + 2);
      }),
    );
  });

  it('keeps the turn of what a pause stopped, and forgets what is done', () => {
    const wait = { ...quiet, resync: true, notices: { contacts: 1, papers: {} } };
    const resync = { do: 'resync' } as const;
    expect(wornPatience(wait, resync, { resync: 6 })).toEqual({ 'pull-contacts': 1 });
    expect(pausedPatience(wait, resync, { resync: 6 })).toEqual({ resync: 6, 'pull-contacts': 1 });
    expect(restingPatience({ ...wait, resync: false }, { resync: 6, 'pull-contacts': 1 })).toEqual({
      'pull-contacts': 1,
    });
  });
});

const stream = fc.array(facts, { minLength: 90, maxLength: 90 });

/**
 * For how many acts what stays ready has waited at most, while others come and go. After so many
 * acts a run meets a pause, and what the next one goes on with is what was written down.
 */
function longestWait(steady: LaneFacts, others: LaneFacts[], actsPerRun: number): number {
  const always = readyActs(union(steady, steady)).map(nameOf);
  const waited = new Map(always.map((name) => [name, 0]));
  let patience: Patience = {};
  let longest = 0;
  for (const [index, some] of others.entries()) {
    const mixed = union(some, steady);
    const plan = planLane(mixed, patience);
    const isPaused = (index + 1) % actsPerRun === 0;
    if (plan.do !== 'rest') {
      patience = (isPaused ? pausedPatience : wornPatience)(mixed, plan, patience);
    }
    for (const name of always) {
      // A walk over what changed is the turn of what is noticed of it.
      const isWalked = WALKED[name]?.some((one) => mixed.walking.includes(one));
      const hasTurn = isWalked || (!isPaused && plan.do !== 'rest' && name === nameOf(plan));
      const now = hasTurn ? 0 : (waited.get(name) ?? 0) + 1;
      waited.set(name, now);
      longest = Math.max(longest, now);
    }
    if (isPaused || plan.do === 'rest') {
      patience = Patience.parse(JSON.parse(JSON.stringify(restingPatience(mixed, patience))));
    }
  }
  return longest;
}

/** Pushes, papers, contacts, papers noticed, drifts, resyncs, and every walk. */
const KINDS = 6 + RESOURCES.length;
const WAIT_MAX = PATIENCE_MAX + KINDS;

const WALKED: Record<string, Resource[]> = {
  'pull invoice': ['invoices'],
  'pull-contacts': ['contacts'],
};

const freshOf = (some: LaneFacts) => some.notices.papers.invoice?.fresh ?? 0;

/** What waits in either. */
function union(a: LaneFacts, b: LaneFacts): LaneFacts {
  return {
    ...quiet,
    pushes: {
      forPeople: a.pushes.forPeople || b.pushes.forPeople,
      any: a.pushes.any || b.pushes.any,
    },
    papers: {
      forPeople: a.papers.forPeople || b.papers.forPeople,
      any: a.papers.any || b.papers.any,
    },
    notices: {
      contacts: a.notices.contacts + b.notices.contacts,
      // Kept on one side of the bound, since the two ways to read papers are one kind of work.
      papers: {
        invoice: both(Math.min(noticesToWalk('invoice'), freshOf(a) + freshOf(b))),
      },
    },
    drifts: a.drifts || b.drifts,
    resync: a.resync || b.resync,
    walking: [...new Set([...a.walking, ...b.walking])],
    last: new Set([...a.last, ...b.last]),
  };
}
