import { Button, Group, Paper, Radio, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import type { OrganisationChoice } from '#contract/connections';
import { useAction } from '../../api/actions.ts';
import { ask } from '../../api/queries.ts';
import { useMay, useMe } from '../../api/session.ts';
import { TextLink } from '../../ui/links.tsx';
import { Loading } from '../../ui/loading.tsx';
import { NotAllowed } from '../../ui/not-allowed.tsx';
import { Page } from '../../ui/page.tsx';
import { ProblemAlert } from '../../ui/problem.tsx';
import { countryText } from '../../util/countries.ts';
import { paths } from '../../util/paths.ts';

/** When a consent covered several organisations: which one belongs to this provider. */
export function ChooseOrganisationPage() {
  const { connectionId } = useParams({
    from: '/app/settings/connected-apps/$connectionId/choose',
  });
  const me = useMe();
  const may = useMay('connections.manage');
  const choices = useQuery({
    ...ask('listChoices', { params: { connectionId } }),
    enabled: may.allowed,
  });
  return (
    <Page
      title="Choose the organisation"
      width={760}
      above={
        <TextLink {...paths.connectedApps} size="sm">
          Connected Apps
        </TextLink>
      }
      lead={`Which of these Xero organisations holds the books of ${me.provider.name}?`}
    >
      {!may.allowed && (
        <Paper>
          <NotAllowed title="Connecting is not open to you" reason={may.reason} />
        </Paper>
      )}
      {choices.error && !choices.data && (
        <ProblemAlert error={choices.error} retry={() => choices.refetch()} />
      )}
      {may.allowed && choices.isPending && <Loading rows={3} height={56} />}
      {choices.data && (
        <Choices connectionId={connectionId} organisations={choices.data.organisations} />
      )}
    </Page>
  );
}

interface ChoicesProps {
  connectionId: string;
  organisations: OrganisationChoice[];
}

function Choices({ connectionId, organisations }: ChoicesProps) {
  const [chosenId, setChosenId] = useState<string | null>(null);
  const navigate = useNavigate();
  const choose = useAction('chooseOrganisation', {
    failure: 'inline',
    onDone: () =>
      navigate({
        ...paths.connectedApps,
        search: { outcome: 'connected', connection: connectionId },
      }),
  });
  const chosen = organisations.find((one) => one.xeroOrgId === chosenId);
  return (
    <Stack gap="lg">
      <Radio.Group aria-label="Xero organisation" value={chosenId} onChange={setChosenId}>
        <Stack gap="sm">
          {organisations.map((one) => (
            <Choice key={one.xeroOrgId} organisation={one} />
          ))}
        </Stack>
      </Radio.Group>
      {choose.error && <ProblemAlert error={choose.error} takesFocus />}
      <Group>
        <Button
          disabled={!chosen}
          loading={choose.isPending}
          onClick={() =>
            chosen &&
            choose.mutate({ params: { connectionId }, body: { xeroOrgId: chosen.xeroOrgId } })
          }
        >
          {chosen ? `Connect ${chosen.name}` : 'Connect organisation'}
        </Button>
      </Group>
    </Stack>
  );
}

function Choice({ organisation }: { organisation: OrganisationChoice }) {
  const { name, country, baseCurrency, isDemo, taken } = organisation;
  const facts = [countryText(country), baseCurrency, isDemo && 'demo company'];
  return (
    <Paper p="md">
      <Radio
        value={organisation.xeroOrgId}
        disabled={taken}
        label={
          <Text span fw={600}>
            {name}
          </Text>
        }
        description={
          taken
            ? 'Connected to another training provider here; it has to disconnect first.'
            : facts.filter(Boolean).join(' · ')
        }
      />
    </Paper>
  );
}
