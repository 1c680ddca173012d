import { Button, Paper } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { displayName, type Learner } from '#contract/learners';
import { useAction } from '../../api/actions.ts';
import { useMay } from '../../api/may.ts';
import { ask } from '../../api/queries.ts';
import type { LearnerForm } from '../../forms/learner-fields.tsx';
import { changesOf, keepMine, valuesOf } from '../../forms/learner-values.ts';
import { SaveLearner } from '../../forms/save-learner.tsx';
import { toastDone, toastFailure } from '../../stores/toast.ts';
import { TextLink } from '../../ui/links.tsx';
import { Loading } from '../../ui/loading.tsx';
import { NotAllowed } from '../../ui/not-allowed.tsx';
import { Page } from '../../ui/page.tsx';
import { ProblemAlert } from '../../ui/problem.tsx';
import { paths } from '../../util/paths.ts';

/** Changes a learner; what was typed survives a change that someone else made meanwhile. */
export function EditLearnerPage() {
  const { learnerId } = useParams({ from: '/app/learners/$learnerId/edit' });
  const may = useMay('learners.edit');
  const learner = useQuery(ask('getLearner', { params: { learnerId } }));
  const name = learner.data ? displayName(learner.data) : 'learner';
  return (
    <Page
      title={`Edit ${name}`}
      width={760}
      above={
        <TextLink {...paths.learner(learnerId)} size="sm">
          {learner.data ? name : 'Back to the learner'}
        </TextLink>
      }
    >
      {!may.allowed && (
        <Paper>
          <NotAllowed title="Editing learners is not open to you" reason={may.reason} />
        </Paper>
      )}
      {may.allowed && learner.error && !learner.data && (
        <ProblemAlert error={learner.error} retry={() => learner.refetch()} />
      )}
      {may.allowed && learner.isPending && <Loading />}
      {may.allowed && learner.data && <EditForm key={learnerId} learner={learner.data} />}
    </Page>
  );
}

function EditForm({ learner }: { learner: Learner }) {
  const navigate = useNavigate();
  const client = useQueryClient();
  // The version the typing is based on: live renewal must not slip a newer one under it.
  const [base, setBase] = useState(learner);
  const [initial] = useState(() => valuesOf(learner));
  const edit = useAction('editLearner', {
    failure: 'inline',
    onDone: (saved) => {
      toastDone(`${displayName(saved)} is saved.`);
      void navigate({ ...paths.learner(saved.id), ignoreBlocker: true });
    },
  });
  const takeNewest = async (form: LearnerForm) => {
    try {
      const newest = await client.fetchQuery({
        ...ask('getLearner', { params: { learnerId: learner.id } }),
        staleTime: 0,
      });
      const mine = keepMine(form.getValues(), valuesOf(base), valuesOf(newest));
      form.setInitialValues(valuesOf(newest));
      form.setValues(mine);
      setBase(newest);
      edit.reset();
    } catch (error) {
      toastFailure(error);
    }
  };
  return (
    <SaveLearner
      initial={initial}
      saveLabel="Save learner"
      isSaving={edit.isPending}
      error={edit.error}
      save={(values, start, saveAnyway) =>
        edit.mutate({
          params: { learnerId: learner.id },
          body: { ...changesOf(values, start), revision: base.revision, saveAnyway },
        })
      }
      cancel={() => navigate(paths.learner(learner.id))}
      onConflict={(form) => (
        <Button variant="default" onClick={() => takeNewest(form)}>
          Take the newest version, keep what I typed
        </Button>
      )}
    />
  );
}
