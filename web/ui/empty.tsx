import { Group, Stack, Text, Title } from '@mantine/core';
import type { Icon } from '@tabler/icons-react';
import type { ReactNode } from 'react';

interface EmptyProps {
  icon: Icon;
  title: string;
  /** What will stand here, and what makes it come. */
  text: ReactNode;
  /** The first step. */
  children?: ReactNode;
}

/** A place where nothing is yet: says what will stand here and offers the first step. */
export function Empty({ icon: Icon, title, text, children }: EmptyProps) {
  return (
    <Stack align="center" gap="xs" py={48} px="md">
      <Icon size={36} stroke={1.4} color="var(--mantine-color-dimmed)" aria-hidden />
      <Title order={2} ta="center">
        {title}
      </Title>
      <Text c="dimmed" ta="center" maw={460} component="div">
        {text}
      </Text>
      {children && (
        <Group mt="sm" justify="center">
          {children}
        </Group>
      )}
    </Stack>
  );
}
