import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { displayName, type Learner } from '#contract/learners';
import { useAction } from '../../api/actions.ts';
import { ask } from '../../api/queries.ts';
import { TextLink } from '../../ui/links.tsx';
import { paths } from '../../util/paths.ts';
import { LearnerMatchPicker } from '../matching/LearnerMatchPicker.tsx';
import { Relink } from '../sync/Relink.tsx';
import { SyncCard } from '../sync/SyncCard.tsx';
import { SyncNow } from '../sync/SyncNow.tsx';
import { LearnerSyncSwitch } from './LearnerSyncSwitch.tsx';

/** The learner's side towards Xero: on or off, how it stands and why, and what one can do. */
export function LearnerSyncCard({ learner }: { learner: Learner }) {
  const params = { learnerId: learner.id };
  const asked = ask('learnerSync', { params });
  const sync = useQuery(asked);
  const client = useQueryClient();
  const { act } = useSearch({ from: '/app/learners/$learnerId' });
  const now = useAction('syncLearnerNow');
  const relink = useAction('relinkLearner');
  return (
    <SyncCard
      who="learner"
      sync={sync}
      toggle={<LearnerSyncSwitch learner={learner} />}
      picker={<LearnerMatchPicker learnerId={learner.id} learnerName={displayName(learner)} />}
      correct={
        <TextLink {...paths.editLearner(learner.id)} size="sm">
          Correct the learner
        </TextLink>
      }
      relink={(link) => (
        <Relink
          permission="learners.sync"
          name={displayName(learner)}
          link={link}
          isPending={relink.isPending}
          isAskedFor={act === 'relink'}
          relink={(body, onSuccess) => relink.mutate({ params, body }, { onSuccess })}
        />
      )}
      diagnosis={
        <TextLink {...paths.learnerDiagnosis(learner.id)} size="sm">
          Diagnosis
        </TextLink>
      }
      syncNow={
        <SyncNow
          who="learner"
          link={sync.data?.link ?? null}
          isPending={now.isPending}
          sync={(done) =>
            now.mutate(
              { params },
              {
                onSuccess: (answer) => {
                  client.setQueryData(asked.queryKey, answer);
                  done(answer.link);
                },
              },
            )
          }
        />
      }
    />
  );
}
