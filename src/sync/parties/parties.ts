import type { LearnerId, PartyId, PartyKind, WorkplaceId } from '#contract/ids';
import type { Learners } from '#learners/index';
import type { Tx } from '#platform/database';
import type { Scope } from '#platform/scope';
import type { Workplaces } from '#workplaces/index';
import { type Party, partyOfLearner, partyOfWorkplace } from './party.ts';

/** A party that is to be in Xero, as far as choosing its organisation needs it. */
export interface Placed {
  id: PartyId;
  revision: number;
  campus: string | null;
}

/** Learners and workplaces as the sync asks for them: as parties, whichever they are. */
export interface Parties {
  get(tx: Tx, scope: Scope, id: PartyId): Promise<Party | null>;
  /** Those that exist here, ordered by id. */
  getMany(tx: Tx, scope: Scope, ids: readonly PartyId[], lock?: 'for-change'): Promise<Party[]>;
  /** By learner number or workplace number, blind to case and spaces. */
  findByNumbers(
    tx: Tx,
    scope: Scope,
    numbers: readonly string[],
  ): Promise<{ id: PartyId; number: string }[]>;
  /** Those of one kind with Sync to Xero on, walked by id: at most `limit` after the one named. */
  idsToSync(
    tx: Tx,
    scope: Scope,
    kind: PartyKind,
    after: PartyId | null,
    limit: number,
  ): Promise<Placed[]>;
  /** Turns Sync to Xero off for those that have it on; locks them. */
  turnSyncOff(
    tx: Tx,
    scope: Scope,
    parties: readonly { partyKind: PartyKind; partyId: PartyId }[],
  ): Promise<void>;
}

export interface PartyRooms {
  learners: Pick<Learners, 'getMany' | 'findByNumbers' | 'idsToSync' | 'turnSyncOff'>;
  workplaces: Pick<Workplaces, 'getMany' | 'findByNumbers' | 'idsToSync' | 'turnSyncOff'>;
}

/** Asks learners first, and workplaces for whoever is none: an id alone does not say what it is. */
export function createParties({ learners, workplaces }: PartyRooms): Parties {
  const getMany: Parties['getMany'] = async (tx, scope, ids, lock) => {
    const people = await learners.getMany(tx, scope, ids as readonly LearnerId[], lock);
    const found = people.map(partyOfLearner);
    if (found.length === ids.length) return found;
    const known = new Set(found.map((party) => party.id));
    const left = ids.filter((id) => !known.has(id)) as WorkplaceId[];
    const companies = await workplaces.getMany(tx, scope, left, lock);
    const all = [...found, ...companies.map(partyOfWorkplace)];
    return all.sort((a, b) => (a.id < b.id ? -1 : 1));
  };
  return {
    getMany,
    get: async (tx, scope, id) => (await getMany(tx, scope, [id]))[0] ?? null,
    async findByNumbers(tx, scope, numbers) {
      const people = await learners.findByNumbers(tx, scope, numbers);
      const companies = await workplaces.findByNumbers(tx, scope, numbers);
      return [
        ...people.map(({ id, learnerNumber }) => ({ id, number: learnerNumber })),
        ...companies.map(({ id, workplaceNumber }) => ({ id, number: workplaceNumber })),
      ];
    },
    idsToSync: (tx, scope, kind, after, limit) =>
      kind === 'learner'
        ? learners.idsToSync(tx, scope, after as LearnerId | null, limit)
        : workplaces.idsToSync(tx, scope, after as WorkplaceId | null, limit),
    async turnSyncOff(tx, scope, parties) {
      const of = (kind: PartyKind) => parties.filter((one) => one.partyKind === kind);
      const people = of('learner').map((one) => one.partyId as LearnerId);
      const companies = of('workplace').map((one) => one.partyId as WorkplaceId);
      await learners.turnSyncOff(tx, scope, people);
      await workplaces.turnSyncOff(tx, scope, companies);
    },
  };
}
