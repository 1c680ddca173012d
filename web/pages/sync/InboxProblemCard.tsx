import { Badge, Blockquote, Group, List, Paper, Stack, Text, Title } from '@mantine/core';
import {
  type InboxEntry,
  type InboxProblem,
  type ProblemRemedy,
  problemTexts,
} from '#contract/inbox';
import { useAction } from '../../api/actions.ts';
import { useMay } from '../../api/session.ts';
import { toastDone } from '../../stores/toast.tsx';
import { GuardedButton } from '../../ui/guarded-button.tsx';
import { ButtonLink, TextLink } from '../../ui/links.tsx';
import { momentText } from '../../util/dates.ts';
import { paths } from '../../util/paths.ts';
import { IgnoreProblem } from './IgnoreProblem.tsx';

interface CardProps {
  problem: InboxProblem;
  isIgnored: boolean;
}

/** One cause: plain words, Xero's own, whom it concerns, since when, and what can be done. */
export function InboxProblemCard({ problem, isIgnored }: CardProps) {
  const text = problemTexts[problem.code];
  const unignore = useAction('unignoreProblem');
  const may = useMay('learners.sync');
  return (
    <Paper p="lg" component="section" aria-label={text.title}>
      <Stack gap="sm">
        <Group justify="space-between" align="flex-start" wrap="nowrap">
          <Group gap="sm">
            <Title order={2} size="h3">
              {text.title}
            </Title>
            <Badge color="gray" variant="light">
              {problem.count.toLocaleString('en-AU')}
            </Badge>
          </Group>
          {problem.since && (
            <Text size="sm" c="dimmed" style={{ flex: 'none' }}>
              since {momentText(problem.since)}
            </Text>
          )}
        </Group>
        <Text size="sm">{text.words}</Text>
        {problem.xeroSays.map((words) => (
          <Blockquote key={words} p="sm" m={0} color="gray" cite="Xero">
            {words}
          </Blockquote>
        ))}
        <List size="sm" spacing={4}>
          {problem.entries.map((entry) => (
            <List.Item key={`${entry.subjectId} ${entry.xeroOrgId}`}>
              <Entry entry={entry} />
            </List.Item>
          ))}
        </List>
        {problem.count > problem.entries.length && (
          <TextLink size="sm" {...paths.syncProblem(problem.key)}>
            Show all {problem.count.toLocaleString('en-AU')}
          </TextLink>
        )}
        <Group gap="xs">
          {isIgnored ? (
            <GuardedButton
              variant="default"
              reason={may.reason}
              loading={unignore.isPending}
              onClick={() => unignore.mutate({ body: { key: problem.key } })}
            >
              Bring back
            </GuardedButton>
          ) : (
            <Remedies problem={problem} />
          )}
        </Group>
      </Stack>
    </Paper>
  );
}

/** Whom or what a problem concerns, and why this one in particular. */
export function Entry({ entry }: { entry: InboxEntry }) {
  return (
    <>
      {entry.partyKind === 'learner' && (
        <TextLink {...paths.learner(entry.subjectId)}>{entry.label}</TextLink>
      )}
      {entry.partyKind === 'workplace' && (
        <TextLink {...paths.workplace(entry.subjectId)}>{entry.label}</TextLink>
      )}
      {entry.partyKind === null && entry.label}
      {entry.reasons.length > 0 && (
        <Text span size="sm" c="dimmed">
          {' '}
          {entry.reasons.join(' ')}
        </Text>
      )}
      {entry.ignored && (
        <Text size="sm" c="dimmed">
          Put aside by {entry.ignored.by}, {momentText(entry.ignored.at)}
          {entry.ignored.note ? `: “${entry.ignored.note}”` : ''}
        </Text>
      )}
    </>
  );
}

function Correct({ entry }: { entry: InboxEntry }) {
  return entry.partyKind === 'workplace' ? (
    <ButtonLink {...paths.editWorkplace(entry.subjectId)}>Correct the workplace</ButtonLink>
  ) : (
    <ButtonLink {...paths.editLearner(entry.subjectId)}>Correct the learner</ButtonLink>
  );
}

/** What can be done about all of a problem at once. */
export function Remedies({ problem }: { problem: InboxProblem }) {
  const remedies: readonly ProblemRemedy[] = problemTexts[problem.code].remedies;
  const may = useMay('learners.sync');
  const retry = useAction('retryProblem', {
    onDone: ({ tried }) => toastDone(tried === 1 ? 'Looking again.' : `Looking again at ${tried}.`),
  });
  const [first] = problem.entries;
  const again = (label: string) => (
    <GuardedButton
      key={label}
      variant="default"
      reason={may.reason}
      loading={retry.isPending}
      onClick={() => retry.mutate({ body: { key: problem.key } })}
    >
      {label}
    </GuardedButton>
  );
  return (
    <>
      {remedies.includes('edit-learner') && first && problem.count === 1 && (
        <Correct entry={first} />
      )}
      {remedies.includes('decide-drift') && first && problem.count === 1 && (
        <ButtonLink {...paths.learner(first.subjectId)}>Decide</ButtonLink>
      )}
      {remedies.includes('decide-drift') && (
        <ButtonLink {...paths.syncRules} variant="default">
          Set a rule for all
        </ButtonLink>
      )}
      {(remedies.includes('reconnect') || remedies.includes('decide-match')) && (
        <ButtonLink {...paths.connectedApps}>Open Connected Apps</ButtonLink>
      )}
      {remedies.includes('open-run') && first && (
        <ButtonLink {...paths.run(first.subjectId)}>Open the run</ButtonLink>
      )}
      {remedies.includes('see-mails') && (
        <ButtonLink {...paths.outgoingMail}>Open outgoing mail</ButtonLink>
      )}
      {remedies.includes('retry') && again('Try again')}
      {remedies.includes('fixed-in-xero') && again('It is fixed in Xero')}
      {!remedies.includes('wait') && <IgnoreProblem problem={problem} />}
    </>
  );
}
