import { Collapse, List, SimpleGrid, Stack, Text, Title, UnstyledButton } from '@mantine/core';
import {
  IconArrowDownLeft,
  IconArrowUpRight,
  IconChevronDown,
  IconChevronRight,
} from '@tabler/icons-react';
import { useId, useState } from 'react';
import type { CatalogueApp } from '#contract/connections';
import { TextLink } from '../../ui/links.tsx';
import { paths } from '../../util/paths.ts';

/** Leads to the app's own page. */
export function AboutApp({ app }: { app: CatalogueApp }) {
  return (
    <TextLink {...paths.connectedApp(app.key)} size="sm">
      All about {app.name}
    </TextLink>
  );
}

/** What flows which way, and what is asked for and why. */
export function AppFacts({ app }: { app: CatalogueApp }) {
  const [isOpen, setOpen] = useState(false);
  const id = useId();
  const Chevron = isOpen ? IconChevronDown : IconChevronRight;
  return (
    <Stack gap="sm">
      <UnstyledButton
        aria-expanded={isOpen}
        aria-controls={id}
        onClick={() => setOpen(!isOpen)}
        style={{ alignSelf: 'flex-start' }}
      >
        <Text size="sm" fw={550} c="var(--mantine-color-anchor)" component="span">
          <Chevron size={14} aria-hidden /> What flows
          {app.scopes.length > 0 && `, and what ${app.name} is asked for`}
        </Text>
      </UnstyledButton>
      <Collapse id={id} expanded={isOpen}>
        <SimpleGrid cols={{ base: 1, md: 2 }} spacing="xl">
          <Stack gap="xs">
            <Title order={3} fz={14}>
              What flows
            </Title>
            <List size="sm" spacing={4} center>
              {app.flows.map((flow) => (
                <List.Item key={flow.what} icon={<Direction flow={flow} app={app} />}>
                  {flow.what}
                </List.Item>
              ))}
            </List>
          </Stack>
          {app.scopes.length > 0 && (
            <Stack gap="xs">
              <Title order={3} fz={14}>
                What is asked for, and why
              </Title>
              <List size="sm" spacing={4}>
                {app.scopes.map(({ scope, why }) => (
                  <List.Item key={scope}>
                    {why}{' '}
                    <Text span size="sm" c="dimmed" ff="monospace">
                      {scope}
                    </Text>
                  </List.Item>
                ))}
              </List>
            </Stack>
          )}
        </SimpleGrid>
      </Collapse>
    </Stack>
  );
}

function Direction({ flow, app }: { flow: CatalogueApp['flows'][number]; app: CatalogueApp }) {
  return flow.direction === 'to-app' ? (
    <IconArrowUpRight size={16} role="img" aria-label={`To ${app.name}:`} />
  ) : (
    <IconArrowDownLeft size={16} role="img" aria-label={`From ${app.name}:`} />
  );
}
