import { Paper } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useAction } from '../../api/actions.ts';
import { useMay } from '../../api/may.ts';
import { SaveWorkplace } from '../../forms/save-workplace.tsx';
import { emptyWorkplaceValues, workplaceChanges } from '../../forms/workplace-values.ts';
import { toastDone } from '../../stores/toast.ts';
import { TextLink } from '../../ui/links.tsx';
import { NotAllowed } from '../../ui/not-allowed.tsx';
import { Page } from '../../ui/page.tsx';
import { paths } from '../../util/paths.ts';

/** Adds a workplace; warns when one like it is here already. */
export function AddWorkplacePage() {
  const may = useMay('workplaces.edit');
  const navigate = useNavigate();
  const [initial] = useState(emptyWorkplaceValues);
  const add = useAction('addWorkplace', {
    failure: 'inline',
    onDone: (workplace) => {
      toastDone(`${workplace.name} is added as ${workplace.workplaceNumber}.`);
      void navigate({ ...paths.workplace(workplace.id), ignoreBlocker: true });
    },
  });
  return (
    <Page
      title="Add workplace"
      width={760}
      above={
        <TextLink {...paths.workplaces} size="sm">
          Workplaces
        </TextLink>
      }
      lead="Only a name is needed now. The workplace number is made by itself."
    >
      {may.allowed ? (
        <SaveWorkplace
          initial={initial}
          saveLabel="Add workplace"
          isSaving={add.isPending}
          error={add.error}
          save={(values, start, saveAnyway) =>
            add.mutate({ body: { ...workplaceChanges(values, start), saveAnyway } })
          }
          cancel={() => navigate(paths.workplaces)}
        />
      ) : (
        <Paper>
          <NotAllowed title="Adding workplaces is not open to you" reason={may.reason} />
        </Paper>
      )}
    </Page>
  );
}
