import { Paper } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useAction } from '../../api/actions.ts';
import { useMay } from '../../api/may.ts';
import { ChooseFiles } from '../../forms/choose-files.tsx';
import { TextLink } from '../../ui/links.tsx';
import { NotAllowed } from '../../ui/not-allowed.tsx';
import { Page } from '../../ui/page.tsx';
import { paths } from '../../util/paths.ts';

/** The first step of an import: the files. Nothing is changed by choosing them. */
export function NewImportPage() {
  const may = useMay('learners.import');
  const navigate = useNavigate();
  const start = useAction('startImport', {
    failure: 'inline',
    onDone: (run) => navigate(paths.import(run.id)),
  });
  return (
    <Page
      title="Import learners"
      width={760}
      above={
        <TextLink {...paths.imports} size="sm">
          Imports
        </TextLink>
      }
      lead="Choose a CSV file, or the AVETMISS NAT files as they are: one by one, together, or in a zip. You see what would happen before anything is changed."
    >
      {may.allowed ? (
        <ChooseFiles
          isSending={start.isPending}
          error={start.error}
          send={(files) => start.mutate({ body: { files } })}
          reset={start.reset}
        />
      ) : (
        <Paper>
          <NotAllowed title="Imports are not open to you" reason={may.reason} />
        </Paper>
      )}
    </Page>
  );
}
