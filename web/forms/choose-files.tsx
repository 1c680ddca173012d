import '@mantine/dropzone/styles.css';
import { Alert, Button, CloseButton, Group, Paper, Progress, Stack, Text } from '@mantine/core';
import { Dropzone } from '@mantine/dropzone';
import { IconFileText, IconUpload } from '@tabler/icons-react';
import { useState } from 'react';
import { IMPORT_BYTES_MAX } from '#contract/imports';
import { ProblemAlert } from '../ui/problem.tsx';
import { readFiles, type SentFile, sizeText } from '../util/read-files.ts';

interface ChooseFilesProps {
  isSending: boolean;
  error: unknown;
  send: (files: SentFile[]) => void;
  /** Called when other files are chosen, so that an old refusal goes away. */
  reset: () => void;
}

const FILES_MAX = 40;
const takes = /\.(csv|txt|zip)$/i;

/** Takes files by drop or by choice, and sends them to be read. */
export function ChooseFiles({ isSending, error, send, reset }: ChooseFilesProps) {
  const [files, setFiles] = useState<File[]>([]);
  const [readError, setReadError] = useState<string | null>(null);
  const change = (next: File[]) => {
    setFiles(next);
    setReadError(null);
    reset();
  };
  const add = (dropped: File[]) => change(withoutDoubles([...files, ...dropped]));
  const obstacle = readError ?? obstacleOf(files);
  const read = async () => {
    try {
      send(await readFiles(files));
    } catch {
      setReadError('A file can’t be read any more. Choose it again.');
    }
  };
  return (
    <Stack gap="lg">
      <Dropzone
        onDrop={add}
        disabled={isSending}
        inputProps={{ 'aria-label': 'Files to import' }}
        aria-label="Drop files here, or press Enter to choose them"
        p="xl"
      >
        <Stack align="center" gap="xs" style={{ pointerEvents: 'none' }}>
          <IconUpload size={32} stroke={1.5} color="var(--mantine-color-dimmed)" aria-hidden />
          <Text fw={550} ta="center">
            Drop files or a folder here, or click to choose
          </Text>
          <Text size="sm" c="dimmed" ta="center">
            .csv, NAT*.txt or .zip, up to {sizeText(IMPORT_BYTES_MAX)} together
          </Text>
        </Stack>
      </Dropzone>
      {files.length > 0 && (
        <Chosen files={files} remove={(file) => change(files.filter((one) => one !== file))} />
      )}
      {obstacle && (
        <Alert color="brick" role="alert">
          {obstacle}
        </Alert>
      )}
      {Boolean(error) && <ProblemAlert error={error} takesFocus />}
      {isSending && (
        <Stack gap={6} role="status">
          <Text size="sm">Reading the files and comparing them with your learners…</Text>
          <Progress value={100} animated aria-label="Reading the files" />
        </Stack>
      )}
      <Group>
        <Button
          disabled={files.length === 0 || obstacle !== null}
          loading={isSending}
          onClick={read}
        >
          Show what would happen
        </Button>
      </Group>
    </Stack>
  );
}

function Chosen({ files, remove }: { files: File[]; remove: (file: File) => void }) {
  return (
    <Paper p="sm">
      <Stack component="ul" gap={4} m={0} p={0} aria-label="Chosen files">
        {files.map((file) => (
          <li key={file.name} style={{ listStyle: 'none' }}>
            <Group justify="space-between" wrap="nowrap">
              <Group gap="xs" wrap="nowrap">
                <IconFileText size={18} stroke={1.6} aria-hidden />
                <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
                  {file.name}{' '}
                  <Text span size="sm" c="dimmed" className="figures">
                    {sizeText(file.size)}
                  </Text>
                </Text>
              </Group>
              <CloseButton aria-label={`Remove ${file.name}`} onClick={() => remove(file)} />
            </Group>
          </li>
        ))}
      </Stack>
    </Paper>
  );
}

/** A file chosen twice counts once; the later choice is the one that is meant. */
function withoutDoubles(files: File[]): File[] {
  return [...new Map(files.map((file) => [file.name, file])).values()];
}

function obstacleOf(files: readonly File[]): string | null {
  const strange = files.find((file) => !takes.test(file.name));
  if (strange) return `${strange.name} is neither CSV, NAT nor zip. Remove it, or save it as CSV.`;
  if (files.length > FILES_MAX) return `At most ${FILES_MAX} files at once; put them in a zip.`;
  const bytes = files.reduce((sum, file) => sum + file.size, 0);
  if (bytes > IMPORT_BYTES_MAX) {
    return `Together these are ${sizeText(bytes)}; ${sizeText(IMPORT_BYTES_MAX)} can be taken.`;
  }
  return null;
}
