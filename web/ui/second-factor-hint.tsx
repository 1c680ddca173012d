import { Alert, Stack, Text } from '@mantine/core';
import { IconShieldLock } from '@tabler/icons-react';
import type { May } from '../api/may.ts';
import { paths } from '../util/paths.ts';
import { ButtonLink } from './links.tsx';

export const secondFactorFirst = 'A second factor comes first';

/** Why something waits for a second factor, with the way there; nothing when it does not. */
export function SecondFactorHint({ may }: { may: May }) {
  if (may.wants !== 'second-factor') return null;
  return (
    <Alert color="amber" icon={<IconShieldLock aria-hidden />} title={secondFactorFirst}>
      <Stack gap="sm" align="flex-start">
        <Text size="sm">{may.reason}</Text>
        <ButtonLink {...paths.security} variant="default">
          Open Security
        </ButtonLink>
      </Stack>
    </Alert>
  );
}
