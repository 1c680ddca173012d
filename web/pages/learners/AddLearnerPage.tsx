import { Paper } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { displayName } from '#contract/learners';
import { useAction } from '../../api/actions.ts';
import { useMay } from '../../api/may.ts';
import { changesOf, emptyValues } from '../../forms/learner-values.ts';
import { SaveLearner } from '../../forms/save-learner.tsx';
import { toastDone } from '../../stores/toast.ts';
import { TextLink } from '../../ui/links.tsx';
import { NotAllowed } from '../../ui/not-allowed.tsx';
import { Page } from '../../ui/page.tsx';
import { paths } from '../../util/paths.ts';

/** Adds a learner; warns when someone similar is here already. */
export function AddLearnerPage() {
  const may = useMay('learners.edit');
  const navigate = useNavigate();
  const [initial] = useState(emptyValues);
  const add = useAction('addLearner', {
    failure: 'inline',
    onDone: (learner) => {
      toastDone(`${displayName(learner)} is added as ${learner.learnerNumber}.`);
      void navigate({ ...paths.learner(learner.id), ignoreBlocker: true });
    },
  });
  return (
    <Page
      title="Add learner"
      width={760}
      above={
        <TextLink {...paths.learners} size="sm">
          Learners
        </TextLink>
      }
      lead="Only a name is needed now. The learner number is made by itself."
    >
      {may.allowed ? (
        <SaveLearner
          initial={initial}
          saveLabel="Add learner"
          isSaving={add.isPending}
          error={add.error}
          save={(values, start, saveAnyway) =>
            add.mutate({ body: { ...changesOf(values, start), saveAnyway } })
          }
          cancel={() => navigate(paths.learners)}
        />
      ) : (
        <Paper>
          <NotAllowed title="Adding learners is not open to you" reason={may.reason} />
        </Paper>
      )}
    </Page>
  );
}
