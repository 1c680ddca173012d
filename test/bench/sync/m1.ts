import { setTimeout as sleep } from 'node:timers/promises';
import { api } from '#contract/api';
import type { ConnectionId } from '#contract/ids';
import { SECOND_MS } from '#platform/clock';
import { decideMatches } from '../../../src/sync/matching/decide-match.ts';
import type { MatchContact, MatchParty } from '../../../src/sync/matching/match-person.ts';
import { inventPeople } from '../people.ts';
import { type BenchWorld, startBenchWorld } from './bench-world.ts';
import { atMost, exactly, type Figure, type Goal, told } from './goal.ts';
import { addLearners, runOf, startSyncing } from './learners.ts';

const CONTACTS_PER_LEARNER = 2;
const SECONDS_MAX = 10;
const LOOK_MS = 5;

/**
 * Who in the books is whom here, for everybody at once. In real time, since Xero has no part in it:
 * from the moment at which all contacts are kept until every proposal is, read, decided and written.
 */
export const m1: Goal = {
  id: 'M1',
  title: 'Who is whom',
  async run({ learners: count }): Promise<Figure[]> {
    const invented = inventPeople({ learners: count, contacts: count * CONTACTS_PER_LEARNER });
    const people = apart(invented.learners.map(plain));
    const contacts = invented.contacts.map(plain);
    const world = await startBenchWorld();
    try {
      layContacts(world, contacts);
      await addLearners(world, people.map(personOf));
      const run = await startSyncing(world);
      await world.until(async () => (await runOf(world, run)).state === 'finished');
      const { connectionId } = await world.connectXero(world.owner, { leavesMatchesOpen: true });
      if (connectionId === null) throw new Error('Connecting took no effect');
      const matching = () => world.owner.call(api.getMatching, { params: { connectionId } });
      const [seconds] = await Promise.all([
        timeProposing(world),
        world.until(async () => (await matching()).state === 'open'),
      ]);
      const { groups } = await matching();
      const proposals = Object.values(groups).reduce((sum, { total }) => sum + total, 0);
      const edited = await timeOfEdit(world, connectionId);
      const changed = await timeOfChange(world);
      return [
        exactly('learners with a proposal', proposals, count),
        told('contacts', contacts.length),
        atMost('from contacts to proposals', seconds, SECONDS_MAX, { unit: 's' }),
        told('of which deciding', secondsToDecide(people, contacts), { unit: 's' }),
        ...inWords('one learner edited', edited),
        ...inWords('a contact of nobody changed', changed),
      ];
    } finally {
      await world.close();
    }
  },
};

/** E-mails as they pass everywhere: the invented names have letters that no address has. */
function plain<One extends MatchParty | MatchContact>(one: One): One {
  return { ...one, email: one.email?.replace(/[^\w.@-]/g, 'x') ?? null };
}

/** Two of one name and e-mail are one person to an import. */
function apart(people: readonly MatchParty[]): MatchParty[] {
  const met = new Set<string>();
  return people.map((one) => {
    if (one.email === null || met.has(one.email)) return { ...one, email: null };
    met.add(one.email);
    return one;
  });
}

function personOf({ number, firstName, lastName, email, phones }: MatchParty) {
  const [mobile = ''] = phones;
  return {
    number,
    firstName: firstName ?? '',
    lastName: lastName ?? '',
    email: email ?? '',
    mobile,
  };
}

/** Xero has no two active contacts of one name. */
function layContacts({ bookkeeper }: BenchWorld, contacts: readonly MatchContact[]): void {
  const names = new Set<string>();
  for (const [index, contact] of contacts.entries()) {
    const name = contact.name.toLowerCase();
    const { id } = bookkeeper.createContact({
      Name: names.has(name) ? `${contact.name} ${index}` : contact.name,
      ...(contact.firstName && { FirstName: contact.firstName }),
      ...(contact.lastName && { LastName: contact.lastName }),
      ...(contact.email && { EmailAddress: contact.email }),
      ...(contact.code && { ContactNumber: contact.code }),
      Phones: contact.phones.map((PhoneNumber) => ({ PhoneType: 'MOBILE', PhoneNumber })),
    });
    names.add(name);
    if (contact.status === 'archived') bookkeeper.archiveContact(id);
  }
}

/** Seconds between the two moves of the matching that everybody can see. */
async function timeProposing({ sql }: BenchWorld): Promise<number> {
  const reaching = async (wanted: string) => {
    const look = async () => (await sql.query('select state from matchings')).rows[0]?.state;
    while ((await look()) !== wanted) await sleep(LOOK_MS);
    return performance.now();
  };
  const began = await reaching('proposing');
  return ((await reaching('open')) - began) / SECOND_MS;
}

interface Taken {
  seconds: number;
  /** Of this process, Xero's part included. */
  busySeconds: number;
}

function inWords(what: string, { seconds, busySeconds }: Taken): Figure[] {
  return [
    told(`${what}: until proposals are so`, seconds, { unit: 's' }),
    told(`${what}: of which busy`, busySeconds, { unit: 's' }),
  ];
}

/** What one edit takes while everybody's match waits for a yes, from the request on. */
async function timeOfEdit(world: BenchWorld, connectionId: ConnectionId): Promise<Taken> {
  const query = { group: 'safe' as const, limit: 1 };
  const params = { connectionId };
  const { items } = await world.owner.call(api.listProposals, { params, query });
  const learnerId = items[0]?.learner.learnerId;
  if (!learnerId) throw new Error('Nobody is proposed a contact');
  const { revision } = await world.owner.call(api.getLearner, { params: { learnerId } });
  return timed(world, async () => {
    const body = { revision, phoneMobile: '0499 123 456' };
    await world.owner.call(api.editLearner, { params: { learnerId }, body });
  });
}

/** What a change in Xero takes that concerns no learner: of a contact that nobody is like. */
async function timeOfChange(world: BenchWorld): Promise<Taken> {
  const { id } = world.bookkeeper.createContact({ Name: 'Nobody At All' });
  await world.rest();
  return timed(world, async () => {
    world.bookkeeper.editContact(id, { FirstName: 'Nobody' });
  });
}

async function timed(world: BenchWorld, act: () => Promise<void>): Promise<Taken> {
  await world.rest();
  const began = performance.now();
  const cpu = process.cpuUsage();
  await act();
  await world.rest();
  const { user, system } = process.cpuUsage(cpu);
  return {
    seconds: (performance.now() - began) / SECOND_MS,
    busySeconds: (user + system) / 1_000_000,
  };
}

function secondsToDecide(
  learners: readonly MatchParty[],
  contacts: readonly MatchContact[],
): number {
  const began = performance.now();
  decideMatches(learners, contacts, new Set());
  return (performance.now() - began) / SECOND_MS;
}
