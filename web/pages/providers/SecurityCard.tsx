import { Group, Paper, Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';

interface SecurityCardProps {
  title: string;
  text: string;
  /** Beside the title: the state. */
  beside?: ReactNode;
  actions?: ReactNode;
  children?: ReactNode;
}

/** One part of the Security page: what it is, how it stands, what can be done. */
export function SecurityCard({ title, text, beside, actions, children }: SecurityCardProps) {
  return (
    <Paper p="lg" component="section" aria-label={title}>
      <Stack>
        <Group justify="space-between" align="flex-start">
          <Stack gap={4} style={{ flex: '1 1 320px' }}>
            <Group gap="sm">
              <Title order={2} fz={16}>
                {title}
              </Title>
              {beside}
            </Group>
            <Text size="sm" c="dimmed">
              {text}
            </Text>
          </Stack>
          {actions && <Group gap="xs">{actions}</Group>}
        </Group>
        {children}
      </Stack>
    </Paper>
  );
}
