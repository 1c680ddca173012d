import type { LearnerId, PartyId } from '#contract/ids';
import type { Learners } from '#learners/index';
import type { Tx } from '#platform/database';
import type { Scope } from '#platform/scope';
import { type Party, partyOfLearner } from './party.ts';

/** Learners and workplaces as the sync asks for them: as parties, whichever they are. */
export interface Parties {
  get(tx: Tx, scope: Scope, id: PartyId): Promise<Party | null>;
  /** Those that exist here, ordered by id. */
  getMany(tx: Tx, scope: Scope, ids: readonly PartyId[]): Promise<Party[]>;
  /** By learner number or workplace number, blind to case and spaces. */
  findByNumbers(
    tx: Tx,
    scope: Scope,
    numbers: readonly string[],
  ): Promise<{ id: PartyId; number: string }[]>;
}

export function createParties(learners: Pick<Learners, 'getMany' | 'findByNumbers'>): Parties {
  const getMany: Parties['getMany'] = async (tx, scope, ids) => {
    if (ids.length === 0) return [];
    const found = await learners.getMany(tx, scope, ids as readonly LearnerId[]);
    return found.map(partyOfLearner);
  };
  return {
    getMany,
    get: async (tx, scope, id) => (await getMany(tx, scope, [id]))[0] ?? null,
    async findByNumbers(tx, scope, numbers) {
      const found = await learners.findByNumbers(tx, scope, numbers);
      return found.map(({ id, learnerNumber }) => ({ id, number: learnerNumber }));
    },
  };
}
