import type { PartyKind } from '#contract/ids';
import type { SyncGap } from '#contract/learners';
import { useAction } from '../../api/actions.ts';

/** What became of many whose Sync to Xero was turned. */
export interface ManyTurned {
  changed: number;
  unchanged: number;
  refused: { id: string; name: string; gaps: SyncGap[] }[];
}

/** What was asked for. */
export interface ManyWish {
  ids: string[];
  syncToXero: boolean;
}

/** Turns Sync to Xero for ticked learners or workplaces. */
export function useManySync(
  kind: PartyKind,
  onDone: (turned: ManyTurned, wish: ManyWish) => void,
): { turn: (wish: ManyWish) => void; isPending: boolean } {
  const people = useAction('setManyLearnerSync', {
    onDone: ({ refused, ...turned }, { body }) =>
      onDone(
        { ...turned, refused: refused.map(({ learnerId: id, ...one }) => ({ id, ...one })) },
        { ids: body.learnerIds, syncToXero: body.syncToXero },
      ),
  });
  const companies = useAction('setManyWorkplaceSync', {
    onDone: ({ refused, ...turned }, { body }) =>
      onDone(
        { ...turned, refused: refused.map(({ workplaceId: id, ...one }) => ({ id, ...one })) },
        { ids: body.workplaceIds, syncToXero: body.syncToXero },
      ),
  });
  return {
    turn: ({ ids, syncToXero }) =>
      kind === 'learner'
        ? people.mutate({ body: { learnerIds: ids, syncToXero } })
        : companies.mutate({ body: { workplaceIds: ids, syncToXero } }),
    isPending: people.isPending || companies.isPending,
  };
}
