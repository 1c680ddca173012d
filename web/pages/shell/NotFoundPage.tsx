import { Box, Stack } from '@mantine/core';
import { ButtonLink } from '../../ui/links.tsx';
import { Page } from '../../ui/page.tsx';
import { paths } from '../../util/paths.ts';

/** For an address that leads nowhere. */
export function NotFoundPage() {
  return (
    <Box component="main" p="lg">
      <Page title="There is nothing here" width={720}>
        <Stack align="flex-start">
          <p>The address may be mistyped, or what stood here is gone.</p>
          <ButtonLink {...paths.learners}>Go to the learners</ButtonLink>
        </Stack>
      </Page>
    </Box>
  );
}
