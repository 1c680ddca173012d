import { Badge, Box, Group, List, Paper, Stack, Text, Title } from '@mantine/core';
import {
  type InboxEntry,
  type InboxProblem,
  type ProblemCode,
  type ProblemRemedy,
  problemTexts,
} from '#contract/inbox';
import { useAction } from '../../api/actions.ts';
import { useMay } from '../../api/may.ts';
import { toastDone } from '../../stores/toast.ts';
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
    <Paper p="lg" component="section" aria-label={nameOf(problem, isIgnored)}>
      <Stack gap="sm">
        <Group justify="space-between" align="flex-start" gap={4}>
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
          <Box
            key={words}
            component="blockquote"
            m={0}
            pl="sm"
            style={{ borderInlineStart: '3px solid var(--bursar-line)' }}
          >
            <Text size="sm" c="dimmed">
              Xero says
            </Text>
            <Text size="sm">“{words}”</Text>
          </Box>
        ))}
        <List size="sm" spacing={4}>
          {problem.entries.map((entry) => (
            <List.Item key={`${entry.subjectId} ${entry.xeroOrgId}`}>
              <Entry entry={entry} code={problem.code} quoted={problem.xeroSays} />
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

/** Tells one card from the others for those who can't see where it stands. */
function nameOf({ code, xeroSays }: InboxProblem, isIgnored: boolean): string {
  const { title } = problemTexts[code];
  const said = code === 'contact.refused' && xeroSays[0] ? `${title}: ${xeroSays[0]}` : title;
  return isIgnored ? `${said}, put aside` : said;
}

interface EntryProps {
  entry: InboxEntry;
  code: ProblemCode;
  /** Xero's words that stand above already. */
  quoted?: readonly string[];
}

/** Whom or what a problem concerns, and why this one in particular. */
export function Entry({ entry, code, quoted = [] }: EntryProps) {
  const place = placeOf(entry, code);
  const reasons = entry.reasons.filter((why) => !quoted.some((said) => why.includes(`“${said}”`)));
  return (
    <>
      {place ? <TextLink {...place}>{entry.label}</TextLink> : entry.label}
      {reasons.length > 0 && (
        <Text span size="sm" c="dimmed">
          {' '}
          {reasons.join(' ')}
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

/** Where one reads on about what a problem concerns; null for what has no page. */
function placeOf({ partyKind, subjectId }: InboxEntry, code: ProblemCode) {
  if (partyKind === 'learner') return paths.learner(subjectId);
  if (partyKind === 'workplace') return paths.workplace(subjectId);
  return code === 'run.failed' ? paths.run(subjectId) : null;
}

/** What can be done about all of a problem at once. */
export function Remedies({ problem }: { problem: InboxProblem }) {
  const remedies: readonly ProblemRemedy[] = problemTexts[problem.code].remedies;
  const may = useMay('learners.sync');
  const retry = useAction('retryProblem', {
    onDone: ({ tried }) => toastDone(tried === 1 ? 'Looking again.' : `Looking again at ${tried}.`),
  });
  const [first] = problem.entries;
  const only = problem.count === 1 ? first : undefined;
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
      {only && <Correct entry={only} remedies={remedies} />}
      {remedies.includes('set-rules') && (
        <ButtonLink {...paths.syncRules} variant="default">
          Set a rule for all
        </ButtonLink>
      )}
      {(remedies.includes('reconnect') || remedies.includes('review-matches')) && (
        <ButtonLink {...paths.connectedApps}>Open Connected Apps</ButtonLink>
      )}
      {only && remedies.includes('open-run') && (
        <ButtonLink {...paths.run(only.subjectId)}>Open the run</ButtonLink>
      )}
      {remedies.includes('see-mails') && (
        <ButtonLink {...paths.outgoingMail}>Open outgoing mail</ButtonLink>
      )}
      {remedies.includes('retry') && again('Try again')}
      {remedies.includes('match-again') && again('Match again')}
      {remedies.includes('fixed-in-xero') && again('It is fixed in Xero')}
      {!remedies.includes('wait') && <IgnoreProblem problem={problem} />}
    </>
  );
}

/** What is done about one on a page of its own; several are reached by their names. */
function Correct(props: { entry: InboxEntry; remedies: readonly ProblemRemedy[] }) {
  const { entry, remedies } = props;
  const isWorkplace = entry.partyKind === 'workplace';
  const edit = (isWorkplace ? paths.editWorkplace : paths.editLearner)(entry.subjectId);
  const relink = (isWorkplace ? paths.relinkWorkplace : paths.relinkLearner)(entry.subjectId);
  const decide = (isWorkplace ? paths.workplace : paths.learner)(entry.subjectId);
  return (
    <>
      {remedies.includes('edit-learner') && (
        <ButtonLink {...edit}>Correct the {isWorkplace ? 'workplace' : 'learner'}</ButtonLink>
      )}
      {remedies.includes('merge-learners') && !isWorkplace && (
        <ButtonLink {...paths.mergeLearner(entry.subjectId)}>Merge the learners</ButtonLink>
      )}
      {remedies.includes('relink') && (
        <ButtonLink {...relink} variant="default">
          Link to another contact
        </ButtonLink>
      )}
      {remedies.includes('decide') && <ButtonLink {...decide}>Decide</ButtonLink>}
    </>
  );
}
