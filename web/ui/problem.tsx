import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { type ReactNode, useEffect, useRef } from 'react';
import { explain } from '../api/errors.ts';

interface ProblemAlertProps {
  error: unknown;
  /** Offered where asking again may help. */
  retry?: () => void;
  /** Takes the focus when it appears, as the summary of a refused form does. */
  takesFocus?: boolean;
  children?: ReactNode;
}

/** A failure in its place: what happened, what to do, who may do it. */
export function ProblemAlert({ error, retry, takesFocus, children }: ProblemAlertProps) {
  const box = useRef<HTMLDivElement>(null);
  const { title, detail, way, whoMay, reference } = explain(error);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each new failure takes the focus anew
  useEffect(() => {
    if (takesFocus) box.current?.focus();
  }, [error, takesFocus]);
  return (
    <Alert
      ref={box}
      tabIndex={-1}
      role="alert"
      color="brick"
      title={title}
      icon={<IconAlertTriangle aria-hidden />}
    >
      <Stack gap="xs" align="flex-start">
        {detail && <Text size="sm">{detail}</Text>}
        <Text size="sm">{way}</Text>
        {whoMay.length > 0 && <Text size="sm">Who may: {whoMay.join(', ')}.</Text>}
        {reference && (
          <Text size="sm" className="figures">
            Reference: {reference}
          </Text>
        )}
        {children}
        {retry && (
          <Group>
            <Button variant="default" onClick={retry}>
              Try again
            </Button>
          </Group>
        )}
      </Stack>
    </Alert>
  );
}
