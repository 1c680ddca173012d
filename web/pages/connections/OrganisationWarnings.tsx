import { Alert, List, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import type { OrganisationChoice } from '#contract/connections';
import { warningText } from './organisation-words.ts';

/** What is worth a look before this organisation is connected; nothing when there is nothing. */
export function OrganisationWarnings({ organisation }: { organisation: OrganisationChoice }) {
  const { taken, warnings } = organisation;
  if (taken) {
    return (
      <Text size="sm" c="var(--mantine-color-error)">
        Connected to another training provider here; it has to disconnect first.
      </Text>
    );
  }
  if (warnings.length === 0) return null;
  return (
    <Alert color="amber" icon={<IconAlertTriangle aria-hidden />} title="Worth a look">
      <List size="sm" spacing={4}>
        {warnings.map((warning) => (
          <List.Item key={warning.kind}>{warningText(warning)}</List.Item>
        ))}
      </List>
    </Alert>
  );
}
