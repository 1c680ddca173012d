import { Stack } from '@mantine/core';
import { ButtonLink } from '../../ui/links.tsx';
import { Page } from '../../ui/page.tsx';
import { PublicFrame } from '../../ui/public-frame.tsx';
import { paths } from '../../util/paths.ts';

const TITLE = 'There is nothing here';

/** For an address that leads nowhere. */
export function NotFoundPage() {
  return (
    <PublicFrame title={TITLE}>
      <Nothing />
    </PublicFrame>
  );
}

/** In place of a page whose subject is not there (any more). */
export function NothingHere() {
  return (
    <Page title={TITLE} width={720}>
      <Nothing />
    </Page>
  );
}

function Nothing() {
  return (
    <Stack align="flex-start">
      <span>The address may be mistyped, or what stood here is gone.</span>
      <ButtonLink {...paths.learners}>Go to the learners</ButtonLink>
    </Stack>
  );
}
