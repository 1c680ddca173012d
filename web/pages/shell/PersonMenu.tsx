import type { Me } from '#contract/providers';
import { later } from '../../ui/later.tsx';
import { soon } from '../../util/soon.ts';
import { PersonButton } from './PersonButton.tsx';

/** Who is signed in, how the pages look, and the way out. */
export const PersonMenu = later<{ me: Me }>(
  soon(async () => (await import('./PersonPopover.tsx')).PersonPopover),
  ({ me, open }) => <PersonButton person={me} onClick={open} />,
);
