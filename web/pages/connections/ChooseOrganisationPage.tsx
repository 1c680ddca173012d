import { Paper } from '@mantine/core';
import { IconPlugConnected } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { hasCode } from '../../api/errors.ts';
import { useMay } from '../../api/may.ts';
import { type AnswerOf, ask } from '../../api/queries.ts';
import { useMe } from '../../api/session.ts';
import { Empty } from '../../ui/empty.tsx';
import { ButtonLink, TextLink } from '../../ui/links.tsx';
import { Loading } from '../../ui/loading.tsx';
import { NotAllowed } from '../../ui/not-allowed.tsx';
import { Page } from '../../ui/page.tsx';
import { ProblemAlert } from '../../ui/problem.tsx';
import { paths } from '../../util/paths.ts';
import { ChooseOrganisations } from './ChooseOrganisations.tsx';
import { ConfirmOrganisation } from './ConfirmOrganisation.tsx';

/** After Xero and before anything is connected: which organisation, or whether this one at all. */
export function ChooseOrganisationPage() {
  const { connectionId } = useParams({
    from: '/app/settings/connected-apps/$connectionId/choose',
  });
  const me = useMe();
  const may = useMay('connections.manage');
  const navigate = useNavigate();
  const choices = useQuery({
    ...ask('listChoices', { params: { connectionId } }),
    enabled: may.allowed,
  });
  const { organisations = [], joinsOthers = false } = choices.data ?? {};
  const [only, ...others] = organisations;
  const isOne = only !== undefined && others.length === 0;
  const onConnected = (count: number) =>
    void navigate(
      count > 1
        ? paths.organisationRules
        : {
            ...paths.connectedApps,
            search: { outcome: 'connected' as const, connection: connectionId },
          },
    );
  if (isOver(choices)) return <NothingToChoose />;
  return (
    <Page
      title={isOne ? 'Connect this organisation?' : 'Choose the organisation'}
      width={760}
      above={
        <TextLink {...paths.connectedApps} size="sm">
          Connected Apps
        </TextLink>
      }
      lead={
        isOne
          ? `Nothing is connected yet. Make sure that this organisation holds the books of ${me.provider.name}.`
          : `Which of these Xero organisations holds the books of ${me.provider.name}?`
      }
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
      {isOne && (
        <ConfirmOrganisation
          connectionId={connectionId}
          organisation={only}
          joinsOthers={joinsOthers}
          onConnected={() => onConnected(1)}
        />
      )}
      {others.length > 0 && (
        <ChooseOrganisations
          connectionId={connectionId}
          organisations={organisations}
          joinsOthers={joinsOthers}
          onConnected={onConnected}
        />
      )}
    </Page>
  );
}

/** It was chosen, given up or let go meanwhile, by whomever, or the address is an old one. */
function isOver({
  data,
  error,
}: {
  data: AnswerOf<'listChoices'> | undefined;
  error: unknown;
}): boolean {
  if (data) return data.organisations.length === 0;
  return hasCode(error, 'consent.nothing-to-choose') || hasCode(error, 'request.not-found');
}

function NothingToChoose() {
  return (
    <Page title="Choose the organisation" width={760}>
      <Paper>
        <Empty
          icon={IconPlugConnected}
          title="Nothing waits to be chosen"
          text="The organisation was chosen already, or the choice was cancelled or let go after a week. Connected Apps shows what is connected; connect from there if that is still to be done."
        >
          <ButtonLink {...paths.connectedApps}>Go to Connected Apps</ButtonLink>
        </Empty>
      </Paper>
    </Page>
  );
}
