import '../../ui/shell.css';
import { Burger, Button, Group, Kbd, UnstyledButton } from '@mantine/core';
import { useDisclosure, useHotkeys } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { Link, Outlet, useRouterState } from '@tanstack/react-router';
import { Suspense, useEffect, useState } from 'react';
import { listenLive } from '../../api/live.ts';
import { useMe } from '../../api/session.ts';
import { Wordmark } from '../../ui/wordmark.tsx';
import { paths } from '../../util/paths.ts';
import { soon } from '../../util/soon.ts';
import { ConnectionBanner } from '../connections/ConnectionBanner.tsx';
import { RunWatch } from '../sync/RunWatch.tsx';
import { Navigation } from './Navigation.tsx';
import { PersonMenu } from './PersonMenu.tsx';

const FindLearner = soon(async () => (await import('./FindLearner.tsx')).FindLearner);

/** While a dialog is open the page does not scroll; this keeps the head from growing meanwhile. */
const KEEPS_OFF_SCROLLBAR = 'right-scroll-bar-position';

/** The frame of everything behind sign-in: head, navigation, the page, and live renewal. */
export function Shell() {
  const me = useMe();
  const client = useQueryClient();
  const [isNavOpen, nav] = useDisclosure(false);
  const [isFinding, setFinding] = useState(false);
  const place = useRouterState({ select: (state) => state.location.pathname });
  useEffect(() => listenLive(client, me.provider.id), [client, me.provider.id]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: going somewhere closes the menu
  useEffect(nav.close, [place]);
  useHotkeys([['mod+K', () => setFinding(true)]], []);
  return (
    <div className="shell">
      <a className="skip-link" href="#content">
        Skip to the page
      </a>
      <header className={`shell-head ${KEEPS_OFF_SCROLLBAR}`}>
        <Group h="100%" justify="space-between" wrap="nowrap">
          <Group gap="sm" wrap="nowrap">
            <Burger
              opened={isNavOpen}
              onClick={nav.toggle}
              hiddenFrom="sm"
              size="sm"
              aria-label={isNavOpen ? 'Close navigation' : 'Open navigation'}
              aria-expanded={isNavOpen}
            />
            <UnstyledButton
              component={Link}
              {...paths.learners}
              aria-label="Bursar, to the learners"
            >
              <Wordmark />
            </UnstyledButton>
          </Group>
          <Group gap="sm" wrap="nowrap">
            <Button
              variant="default"
              c="dimmed"
              fw={400}
              leftSection={<IconSearch size={16} aria-hidden />}
              rightSection={
                <Kbd size="xs" visibleFrom="sm">
                  Ctrl K
                </Kbd>
              }
              onClick={() => setFinding(true)}
            >
              Find a learner
            </Button>
            <PersonMenu me={me} />
          </Group>
        </Group>
      </header>
      <nav className="shell-side" data-open={isNavOpen || undefined}>
        <Navigation me={me} />
      </nav>
      <main className="shell-main" id="content" tabIndex={-1}>
        <ConnectionBanner />
        <Outlet />
      </main>
      <RunWatch key={me.provider.id} />
      {isFinding && (
        <Suspense>
          <FindLearner onClose={() => setFinding(false)} />
        </Suspense>
      )}
    </div>
  );
}
