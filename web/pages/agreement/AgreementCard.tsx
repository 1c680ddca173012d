import { Group, Paper, Stack, Text, Title } from '@mantine/core';
import type { Agreement, AgreementWay } from '#contract/agreement';
import { useAction } from '../../api/actions.ts';
import { useMay } from '../../api/may.ts';
import { confirm } from '../../stores/confirm.ts';
import { toastDone } from '../../stores/toast.ts';
import { GuardedButton } from '../../ui/guarded-button.tsx';
import { TextLink } from '../../ui/links.tsx';
import { StateBadge } from '../../ui/state-badge.tsx';
import { momentText } from '../../util/dates.ts';
import { paths } from '../../util/paths.ts';
import { checkLook, everythingWords, statement } from './agreement-words.ts';

/** Whether the papers here and in one Xero organisation agree, and since when; checked on demand. */
export function AgreementCard({ agreement }: { agreement: Agreement }) {
  const { organisationName, xeroOrgId, latest, running, nextAt } = agreement;
  const { reason } = useMay('learners.sync');
  const check = useAction('checkAgreement', {
    onDone: () => toastDone('Both sides are being compared. The outcome appears here.'),
  });
  const shown = running ?? latest;
  const held = running ? 'A comparison is on already.' : reason;
  const compare = (way: AgreementWay) => check.mutate({ body: { xeroOrgId, way } });
  const askForEverything = () =>
    confirm({
      title: 'Compare paper by paper?',
      text: everythingWords(agreement),
      yes: 'Compare paper by paper',
      isCalm: true,
      onYes: () => compare('everything'),
    });
  return (
    <Paper p="lg" component="section" aria-label={`Agreement with ${organisationName}`}>
      <Group justify="space-between" align="flex-start" gap="md">
        <Stack gap={4} style={{ flex: '1 1 280px' }}>
          <Group gap="sm">
            <Title order={2}>{organisationName}</Title>
            {shown && <StateBadge look={checkLook(shown)} />}
          </Group>
          <Text role="status">{statement(agreement)}</Text>
          <Text size="sm" c="dimmed">
            {latest && <LatestText check={latest} />}
            {nextAt && ` Next comparison ${momentText(nextAt)}.`}
          </Text>
          {latest && (
            <TextLink {...paths.agreementCheck(latest.id)} size="sm" underline="always">
              What was compared
            </TextLink>
          )}
        </Stack>
        <Group gap="xs">
          <GuardedButton
            variant="default"
            reason={held}
            loading={check.isPending}
            onClick={() => compare('counts')}
          >
            Compare now
          </GuardedButton>
          <GuardedButton
            variant="subtle"
            reason={held}
            disabled={check.isPending}
            onClick={askForEverything}
          >
            Paper by paper
          </GuardedButton>
        </Group>
      </Group>
    </Paper>
  );
}

function LatestText({ check }: { check: NonNullable<Agreement['latest']> }) {
  const papers = `${check.papers.toLocaleString('en-AU')} ${check.papers === 1 ? 'paper' : 'papers'}`;
  const calls = `${check.calls} ${check.calls === 1 ? 'call' : 'calls'}`;
  const { differenceCount: count } = check;
  const mended =
    count > 0 ? ` ${count} differed and ${count === 1 ? 'was' : 'were'} looked into.` : '';
  return `${papers} compared with ${calls} to Xero.${mended}`;
}
