import type { Me } from '#contract/providers';
import { later } from '../../ui/later.tsx';
import { PersonButton } from './PersonButton.tsx';

/** Who is signed in, how the pages look, and the way out. */
export const PersonMenu = later<{ me: Me }>(
  async () => (await import('./PersonPopover.tsx')).PersonPopover,
  ({ me, press }) => <PersonButton person={me} {...press} />,
);
