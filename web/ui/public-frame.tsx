import { Box, Paper, Stack, Title } from '@mantine/core';
import { type ReactNode, useEffect } from 'react';
import { Wordmark } from './wordmark.tsx';

/** The frame of pages that anyone may open: one card in the middle, no navigation. */
export function PublicFrame({ title, children }: { title: string; children: ReactNode }) {
  useEffect(() => {
    document.title = `${title} · Bursar`;
  }, [title]);
  return (
    <Box
      component="main"
      mih="100dvh"
      p="md"
      style={{ display: 'grid', placeContent: 'center', gridTemplateColumns: 'min(480px, 100%)' }}
    >
      <Stack gap="lg">
        <Box mx="auto">
          <Wordmark />
        </Box>
        <Paper p="xl">
          <Stack>
            <Title order={1} fz={22}>
              {title}
            </Title>
            {children}
          </Stack>
        </Paper>
      </Stack>
    </Box>
  );
}
