import { Button, Paper } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import type { Workplace } from '#contract/workplaces';
import { useAction } from '../../api/actions.ts';
import { useMay } from '../../api/may.ts';
import { ask } from '../../api/queries.ts';
import { SaveWorkplace, type WorkplaceForm } from '../../forms/save-workplace.tsx';
import {
  type WorkplaceValues,
  workplaceChanges,
  workplaceValuesOf,
} from '../../forms/workplace-values.ts';
import { toastDone, toastFailure } from '../../stores/toast.ts';
import { TextLink } from '../../ui/links.tsx';
import { Loading } from '../../ui/loading.tsx';
import { NotAllowed } from '../../ui/not-allowed.tsx';
import { Page } from '../../ui/page.tsx';
import { ProblemAlert } from '../../ui/problem.tsx';
import { paths } from '../../util/paths.ts';

/** Changes a workplace; what was typed survives a change that someone else made meanwhile. */
export function EditWorkplacePage() {
  const { workplaceId } = useParams({ from: '/app/workplaces/$workplaceId/edit' });
  const may = useMay('workplaces.edit');
  const workplace = useQuery(ask('getWorkplace', { params: { workplaceId } }));
  const name = workplace.data?.name ?? 'workplace';
  return (
    <Page
      title={`Edit ${name}`}
      width={760}
      above={
        <TextLink {...paths.workplace(workplaceId)} size="sm">
          {workplace.data?.name ?? 'Back to the workplace'}
        </TextLink>
      }
    >
      {!may.allowed && (
        <Paper>
          <NotAllowed title="Editing workplaces is not open to you" reason={may.reason} />
        </Paper>
      )}
      {may.allowed && workplace.error && !workplace.data && (
        <ProblemAlert error={workplace.error} retry={() => workplace.refetch()} />
      )}
      {may.allowed && workplace.isPending && <Loading />}
      {may.allowed && workplace.data && <EditForm key={workplaceId} workplace={workplace.data} />}
    </Page>
  );
}

function EditForm({ workplace }: { workplace: Workplace }) {
  const navigate = useNavigate();
  const client = useQueryClient();
  // The version the typing is based on: live renewal must not slip a newer one under it.
  const [base, setBase] = useState(workplace);
  const [initial] = useState(() => workplaceValuesOf(workplace));
  const edit = useAction('editWorkplace', {
    failure: 'inline',
    onDone: (saved) => {
      toastDone(`${saved.name} is saved.`);
      void navigate({ ...paths.workplace(saved.id), ignoreBlocker: true });
    },
  });
  const takeNewest = async (form: WorkplaceForm) => {
    try {
      const newest = await client.fetchQuery({
        ...ask('getWorkplace', { params: { workplaceId: workplace.id } }),
        staleTime: 0,
      });
      const typed = workplaceChanges(form.getValues(), workplaceValuesOf(base));
      form.setInitialValues(workplaceValuesOf(newest));
      // Taken from this form, what was typed is text as the form holds it.
      form.setValues({ ...workplaceValuesOf(newest), ...(typed as Partial<WorkplaceValues>) });
      setBase(newest);
      edit.reset();
    } catch (error) {
      toastFailure(error);
    }
  };
  return (
    <SaveWorkplace
      initial={initial}
      saveLabel="Save workplace"
      isSaving={edit.isPending}
      error={edit.error}
      save={(values, start, saveAnyway) =>
        edit.mutate({
          params: { workplaceId: workplace.id },
          body: { ...workplaceChanges(values, start), revision: base.revision, saveAnyway },
        })
      }
      cancel={() => navigate(paths.workplace(workplace.id))}
      onConflict={(form) => (
        <Button variant="default" onClick={() => takeNewest(form)}>
          Take the newest version, keep what I typed
        </Button>
      )}
    />
  );
}
