import { Box, Title } from '@mantine/core';
import { type ErrorComponentProps, useRouter } from '@tanstack/react-router';
import { useEffect } from 'react';
import { ProblemAlert } from '../../ui/problem.tsx';

/** In place of a page that could not be drawn. */
export function FailedPage({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  useEffect(() => {
    document.title = 'This page can’t be shown · Bursar';
  }, []);
  const retry = () => {
    reset();
    void router.invalidate();
  };
  return (
    <Box component="main" maw={720} mx="auto" p="lg">
      <Title order={1} mb="md">
        This page can’t be shown
      </Title>
      <ProblemAlert error={error} retry={retry} />
    </Box>
  );
}
