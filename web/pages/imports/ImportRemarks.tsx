import { Alert, List } from '@mantine/core';
import { IconInfoCircle } from '@tabler/icons-react';
import type { ImportRun } from '#contract/imports';

/** What was read past and other remarks. */
export function ImportRemarks({ run }: { run: ImportRun }) {
  if (run.remarks.length === 0) return null;
  return (
    <Alert color="gray" icon={<IconInfoCircle aria-hidden />} title="Good to know">
      <List size="sm">
        {run.remarks.map((remark) => (
          <List.Item key={remark}>{remark}</List.Item>
        ))}
      </List>
    </Alert>
  );
}
