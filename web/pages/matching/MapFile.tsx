import { Alert, Button, FileButton, Group, List, Stack, Text } from '@mantine/core';
import { IconDownload, IconUpload } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import { MAP_BYTES_MAX, type MapPreview } from '#contract/matching';
import { useAction } from '../../api/actions.ts';
import { ProblemError, problemOfAnswer } from '../../api/errors.ts';
import { toastDone, toastFailure } from '../../stores/toast.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { ProblemAlert } from '../../ui/problem.tsx';
import { sizeText } from '../../util/read-files.ts';
import { learnersText } from './matching-words.ts';

/** The map as a file: out to be looked through elsewhere, and in again after a preview. */
export function MapFile({ connectionId }: { connectionId: string }) {
  const params = { connectionId };
  const [chosen, setChosen] = useState<string | null>(null);
  const look = useAction('importMap', { failure: 'inline' });
  const apply = useAction('importMap', {
    failure: 'inline',
    onDone: ({ changes }) => {
      setChosen(null);
      toastDone(`${learnersText(changes)} decided as the file says.`);
    },
  });
  const download = useAction('exportMap', { onDone: save });
  const forget = useRef<() => void>(null);
  const take = async (file: File | null) => {
    if (!file) return;
    // A field that still holds this name would not tell when the corrected file is chosen.
    forget.current?.();
    if (file.size > MAP_BYTES_MAX) {
      toastFailure(tooLarge());
      return;
    }
    const csv = await file.text();
    setChosen(csv);
    apply.reset();
    look.mutate({ params, body: { csv } });
  };
  return (
    <Group gap="xs">
      <Button
        variant="default"
        leftSection={<IconDownload size={16} aria-hidden />}
        loading={download.isPending}
        onClick={() => download.mutate({ params })}
      >
        Download as CSV
      </Button>
      <FileButton accept=".csv,text/csv" onChange={take} resetRef={forget}>
        {(button) => (
          <Button {...button} variant="default" leftSection={<IconUpload size={16} aria-hidden />}>
            Import CSV
          </Button>
        )}
      </FileButton>
      {chosen !== null && (
        <Dialog isOpen onClose={() => setChosen(null)} title="What the file would change" size="lg">
          <Stack>
            {look.error && <ProblemAlert error={look.error} takesFocus />}
            {look.isPending && <Text role="status">Reading the file…</Text>}
            {look.data && <Preview preview={look.data} />}
            {apply.error && <ProblemAlert error={apply.error} takesFocus />}
            <Group justify="flex-end">
              <Button variant="default" onClick={() => setChosen(null)}>
                Cancel
              </Button>
              <Button
                disabled={!look.data || look.data.faulty > 0 || look.data.changes === 0}
                loading={apply.isPending}
                onClick={() => apply.mutate({ params, body: { csv: chosen, apply: true } })}
              >
                Take over the file
              </Button>
            </Group>
          </Stack>
        </Dialog>
      )}
    </Group>
  );
}

/** In the words in which the server would refuse it. */
function tooLarge(): ProblemError {
  const detail = `The file is larger than ${sizeText(MAP_BYTES_MAX)}.`;
  return new ProblemError({ ...problemOfAnswer(413, ''), detail });
}

function Preview({ preview }: { preview: MapPreview }) {
  const { changes, unchanged, faulty, faults } = preview;
  return (
    <Stack gap="sm">
      <Text>
        {learnersText(changes)} would be decided anew; {unchanged.toLocaleString('en-AU')} rows say
        what is decided already.
      </Text>
      {faulty > 0 && (
        <Alert color="brick" role="alert" title="Nothing is taken over while rows are faulty">
          <List size="sm">
            {faults.map(({ line, reason }) => (
              <List.Item key={`${line} ${reason}`}>
                Line {line}: {reason}
              </List.Item>
            ))}
          </List>
          {faulty > faults.length && <Text size="sm">and more; correct these first.</Text>}
        </Alert>
      )}
    </Stack>
  );
}

function save({ fileName, csv }: { fileName: string; csv: string }): void {
  const address = URL.createObjectURL(new Blob([csv], { type: 'text/csv;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = fileName;
  link.click();
  URL.revokeObjectURL(address);
}
