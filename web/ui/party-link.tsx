import { paths } from '../util/paths.ts';
import { TextLink } from './links.tsx';

interface Party {
  learnerId: string | null;
  learnerName: string | null;
  workplaceId: string | null;
  workplaceName: string | null;
}

/** To the papers of the learner or workplace that a row is about. */
export function PartyLink({ party }: { party: Party }) {
  if (party.learnerId) {
    return (
      <TextLink {...paths.learnerInvoices(party.learnerId)}>
        {party.learnerName ?? 'Learner'}
      </TextLink>
    );
  }
  if (!party.workplaceId) return null;
  return (
    <TextLink {...paths.workplaceInvoices(party.workplaceId)}>
      {party.workplaceName ?? 'Workplace'}
    </TextLink>
  );
}
