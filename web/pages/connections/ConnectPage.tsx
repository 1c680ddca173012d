import { Button, List, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useAction } from '../../api/actions.ts';
import { type AnswerOf, ask } from '../../api/queries.ts';
import { ButtonLink } from '../../ui/links.tsx';
import { Loading } from '../../ui/loading.tsx';
import { ProblemAlert } from '../../ui/problem.tsx';
import { PublicFrame } from '../../ui/public-frame.tsx';
import { momentText } from '../../util/dates.ts';
import { paths } from '../../util/paths.ts';
import { signInSearch } from '../../util/search.ts';

/** For whoever was sent a link to connect: who asks, for whom, and the way on to Xero. */
export function ConnectPage() {
  const { token } = useParams({ from: '/connect/$token' });
  const invitation = useQuery(ask('getInvitation', { params: { token } }));
  const title = invitation.data
    ? `Connect ${invitation.data.appName} to ${invitation.data.providerName}`
    : 'Connect';
  return (
    <PublicFrame title={title}>
      {invitation.isPending && <Loading rows={3} />}
      {invitation.error && !invitation.data && <ProblemAlert error={invitation.error} />}
      {invitation.data && <Invitation token={token} invitation={invitation.data} />}
    </PublicFrame>
  );
}

interface InvitationProps {
  token: string;
  invitation: AnswerOf<'getInvitation'>;
}

function Invitation({ token, invitation }: InvitationProps) {
  const { appName, askedBy, providerName, expiresAt, mustSignIn } = invitation;
  const go = useAction('continueConsent', {
    failure: 'inline',
    onDone: ({ authorizeUrl }) => window.location.assign(authorizeUrl),
  });
  return (
    <>
      <Text>
        {askedBy} asks you to let Bursar work with the {appName} organisation of {providerName}.
      </Text>
      <List size="sm">
        <List.Item>You sign in at {appName}; Bursar never sees your password.</List.Item>
        <List.Item>You choose there which organisation to allow.</List.Item>
        <List.Item>
          In {appName} you need the role Standard, Adviser or Subscriber. If you do not have it,
          pass this link on to someone who does.
        </List.Item>
        <List.Item>This link works until {momentText(expiresAt)}, once.</List.Item>
      </List>
      {go.error && <ProblemAlert error={go.error} takesFocus />}
      {mustSignIn ? (
        <SignInFirst token={token} invitation={invitation} />
      ) : (
        <Button
          size="md"
          loading={go.isPending || go.isSuccess}
          onClick={() => go.mutate({ params: { token } })}
        >
          Continue to {appName}
        </Button>
      )}
    </>
  );
}

/** For a provider that keeps its links to its own people. */
function SignInFirst({ token, invitation: { providerName, appName } }: InvitationProps) {
  return (
    <>
      <Text>
        {providerName} keeps this link to its own people. Sign in to Bursar with your account there
        first; then you go on to {appName}.
      </Text>
      <ButtonLink size="md" {...paths.signIn} search={signInSearch({ next: `/connect/${token}` })}>
        Sign in to Bursar
      </ButtonLink>
    </>
  );
}
