import { Group, List, Paper, Stack, Text, Title } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import {
  type CheckWay,
  checkTitles,
  type Diagnosis,
  type DiagnosisCheck,
} from '#contract/diagnosis';
import { useAction } from '../../api/actions.ts';
import { useMay } from '../../api/may.ts';
import { ask } from '../../api/queries.ts';
import { GuardedButton } from '../../ui/guarded-button.tsx';
import { TextLink } from '../../ui/links.tsx';
import { Loading } from '../../ui/loading.tsx';
import { Page } from '../../ui/page.tsx';
import { ProblemAlert } from '../../ui/problem.tsx';
import { StateBadge } from '../../ui/state-badge.tsx';
import { momentText } from '../../util/dates.ts';
import { paths } from '../../util/paths.ts';
import { saveText } from '../../util/save-file.ts';
import { checkLooks } from './check-looks.tsx';
import { LookInXero } from './LookInXero.tsx';

/** Why a learner and Xero are or are not in step. */
export function LearnerDiagnosisPage() {
  const { learnerId } = useParams({ from: '/app/learners/$learnerId/diagnosis' });
  const params = { learnerId: learnerId as never };
  const diagnosis = useQuery(ask('learnerDiagnosis', { params }));
  const look = useAction('lookForLearner');
  const bundle = useAction('learnerSupportBundle', { onDone: saveBundle });
  return (
    <Shown
      query={diagnosis}
      back={<TextLink {...paths.learner(learnerId)}>{diagnosis.data?.label ?? 'Learner'}</TextLink>}
      edit={<TextLink {...paths.editLearner(learnerId)}>Edit the learner</TextLink>}
      profile={<TextLink {...paths.learner(learnerId)}>Decide on the profile</TextLink>}
      look={{ ...look, go: () => look.mutate({ params }) }}
      bundle={{ isPending: bundle.isPending, go: () => bundle.mutate({ params }) }}
    />
  );
}

/** The same of a workplace. */
export function WorkplaceDiagnosisPage() {
  const { workplaceId } = useParams({ from: '/app/workplaces/$workplaceId/diagnosis' });
  const params = { workplaceId: workplaceId as never };
  const diagnosis = useQuery(ask('workplaceDiagnosis', { params }));
  const look = useAction('lookForWorkplace');
  const bundle = useAction('workplaceSupportBundle', { onDone: saveBundle });
  const { label = 'Workplace' } = diagnosis.data ?? {};
  return (
    <Shown
      query={diagnosis}
      back={<TextLink {...paths.workplace(workplaceId)}>{label}</TextLink>}
      edit={<TextLink {...paths.editWorkplace(workplaceId)}>Edit the workplace</TextLink>}
      profile={<TextLink {...paths.workplace(workplaceId)}>Decide on the profile</TextLink>}
      look={{ ...look, go: () => look.mutate({ params }) }}
      bundle={{ isPending: bundle.isPending, go: () => bundle.mutate({ params }) }}
    />
  );
}

function saveBundle({ fileName, json }: { fileName: string; json: string }) {
  saveText({ fileName, text: json }, 'application/json');
}

interface ShownProps {
  query: { data?: Diagnosis | undefined; error: unknown; refetch: () => unknown };
  back: ReactNode;
  edit: ReactNode;
  profile: ReactNode;
  look: Parameters<typeof LookInXero>[0]['look'];
  bundle: { isPending: boolean; go: () => void };
}

function Shown({ query, back, edit, profile, look, bundle }: ShownProps) {
  const { data, error, refetch } = query;
  const mayBundle = useMay('support.use');
  if (!data) {
    return (
      <Page title="Diagnosis" above={back}>
        {error ? <ProblemAlert error={error} retry={refetch} /> : <Loading />}
      </Page>
    );
  }
  const ways: Record<CheckWay, ReactNode> = {
    'turn-sync-on': profile,
    edit,
    connect: <TextLink {...paths.connectedApps}>Connected Apps</TextLink>,
    'review-matches': <TextLink {...paths.syncInbox}>See what waits in Sync</TextLink>,
    'decide-on-profile': profile,
    'fix-in-xero': null,
  };
  return (
    <Page
      title={`Diagnosis: ${data.label}`}
      above={back}
      lead={`${data.number}, looked at ${momentText(data.checkedAt)}. Each question needs the ones above it.`}
      width={960}
      actions={
        <GuardedButton
          variant="default"
          reason={mayBundle.reason}
          loading={bundle.isPending}
          leftSection={<IconDownload size={16} aria-hidden />}
          onClick={bundle.go}
        >
          Support bundle
        </GuardedButton>
      }
    >
      <Paper component="section" aria-label="Questions">
        <Stack component="ol" gap={0} m={0} p={0} style={{ listStyle: 'none' }}>
          {data.checks.map((check, index) => (
            <Question
              key={check.code}
              check={check}
              way={check.way && ways[check.way]}
              isFirst={index === 0}
            />
          ))}
        </Stack>
      </Paper>
      <LookInXero look={look} />
      <Text size="sm" c="dimmed">
        The support bundle is a file for whoever helps you: states, times and Xero’s messages. It
        holds no secrets, and no names, e-mails, phones or addresses.
      </Text>
    </Page>
  );
}

interface QuestionProps {
  check: DiagnosisCheck;
  way: ReactNode;
  isFirst: boolean;
}

function Question({ check, way, isFirst }: QuestionProps) {
  return (
    <Group
      component="li"
      align="flex-start"
      wrap="nowrap"
      gap="md"
      p="md"
      style={{ borderTop: isFirst ? 'none' : '1px solid var(--bursar-line)' }}
    >
      <Group w={96} style={{ flex: 'none' }}>
        <StateBadge look={checkLooks[check.state]} />
      </Group>
      <Stack gap={4}>
        <Title order={2} fz="md">
          {checkTitles[check.code]}
        </Title>
        {check.words.length === 1 && <Text size="sm">{check.words[0]}</Text>}
        {check.words.length > 1 && (
          <List size="sm">
            {check.words.map((words) => (
              <List.Item key={words}>{words}</List.Item>
            ))}
          </List>
        )}
        {way && <Text size="sm">{way}</Text>}
      </Stack>
    </Group>
  );
}
