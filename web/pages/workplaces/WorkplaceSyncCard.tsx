import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { type Workplace, workplaceGaps } from '#contract/workplaces';
import { useAction } from '../../api/actions.ts';
import { useMay } from '../../api/may.ts';
import { ask } from '../../api/queries.ts';
import { toastDone } from '../../stores/toast.ts';
import { TextLink } from '../../ui/links.tsx';
import { paths } from '../../util/paths.ts';
import { MatchPicker } from '../matching/MatchPicker.tsx';
import { Relink } from '../sync/Relink.tsx';
import { SyncCard } from '../sync/SyncCard.tsx';
import { SyncNow } from '../sync/SyncNow.tsx';
import { SyncSwitch } from '../sync/SyncSwitch.tsx';

/** The workplace's side towards Xero: on or off, how it stands and why, and what one can do. */
export function WorkplaceSyncCard({ workplace }: { workplace: Workplace }) {
  const params = { workplaceId: workplace.id };
  const asked = ask('workplaceSync', { params });
  const sync = useQuery(asked);
  const client = useQueryClient();
  const { act } = useSearch({ from: '/app/workplaces/$workplaceId' });
  const now = useAction('syncWorkplaceNow');
  const relink = useAction('relinkWorkplace');
  return (
    <SyncCard
      who="workplace"
      sync={sync}
      toggle={<WorkplaceSyncSwitch workplace={workplace} />}
      picker={<Picker workplace={workplace} />}
      correct={
        <TextLink {...paths.editWorkplace(workplace.id)} size="sm">
          Correct the workplace
        </TextLink>
      }
      relink={(link) => (
        <Relink
          permission="workplaces.sync"
          name={workplace.name ?? workplace.workplaceNumber}
          link={link}
          isPending={relink.isPending}
          isAskedFor={act === 'relink'}
          relink={(body, onSuccess) => relink.mutate({ params, body }, { onSuccess })}
        />
      )}
      diagnosis={
        <TextLink {...paths.workplaceDiagnosis(workplace.id)} size="sm">
          Diagnosis
        </TextLink>
      }
      syncNow={
        <SyncNow
          who="workplace"
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

function WorkplaceSyncSwitch({ workplace }: { workplace: Workplace }) {
  const may = useMay('workplaces.sync');
  const params = { workplaceId: workplace.id };
  const set = useAction('setWorkplaceSync', {
    onDone: (saved) =>
      toastDone(`Sync to Xero is ${saved.syncToXero ? 'on' : 'off'} for ${saved.name}.`, () =>
        set.mutate({ params, body: { syncToXero: !saved.syncToXero } }),
      ),
  });
  return (
    <SyncSwitch
      who="workplace"
      // While the server answers, the switch already stands where it was put.
      isOn={set.isPending ? set.variables.body.syncToXero : workplace.syncToXero}
      gaps={workplaceGaps(workplace)}
      reason={may.reason}
      change={(syncToXero) => set.mutate({ params, body: { syncToXero } })}
      fix={
        <TextLink {...paths.editWorkplace(workplace.id)} size="sm">
          Fill in what is missing
        </TextLink>
      }
    />
  );
}

function Picker({ workplace }: { workplace: Workplace }) {
  const params = { workplaceId: workplace.id };
  const may = useMay('workplaces.sync');
  const match = useQuery({ ...ask('workplaceMatch', { params }), enabled: may.allowed });
  const decide = useAction('decideWorkplaceMatch');
  return (
    <MatchPicker
      who="workplace"
      name={workplace.name ?? workplace.workplaceNumber}
      permission="workplaces.sync"
      match={match}
      isBusy={decide.isPending}
      decide={(body) => decide.mutate({ params, body })}
    />
  );
}
