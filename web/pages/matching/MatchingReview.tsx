import { Alert, Button, Group, Paper, Stack, Tabs, Text } from '@mantine/core';
import { useState } from 'react';
import { MATCH_GROUPS, type MatchGroup, type Matching } from '#contract/matching';
import { useAction } from '../../api/actions.ts';
import { toastDone } from '../../stores/toast.ts';
import { ApproveMatches } from './ApproveMatches.tsx';
import { MapFile } from './MapFile.tsx';
import { groupWords, learnersText } from './matching-words.ts';
import { ProposalsTable } from './ProposalsTable.tsx';

interface ReviewProps {
  connectionId: string;
  matching: Matching;
}

/** All proposals by group, what was accepted so far, and the way to approve. */
export function MatchingReview({ connectionId, matching }: ReviewProps) {
  const { groups, isRenewing } = matching;
  const first = MATCH_GROUPS.find((group) => groups[group].total > 0) ?? 'safe';
  const [chosen, setChosen] = useState<MatchGroup | null>(null);
  const [isApproving, setIsApproving] = useState(false);
  const group = chosen ?? first;
  return (
    <Stack gap="lg">
      {isRenewing && (
        <Alert color="amber" role="status">
          A learner or a contact changed. What is proposed is being made anew; it takes a moment.
        </Alert>
      )}
      <Group justify="space-between">
        <Group gap="xs">
          <Button
            variant={approvable(matching) === 0 ? 'default' : 'filled'}
            disabled={isRenewing}
            onClick={() => setIsApproving(true)}
          >
            {approveLabel(approvable(matching))}
          </Button>
          <MapFile connectionId={connectionId} />
        </Group>
        <Text size="sm" c="dimmed" role="status">
          {learnersText(matching.outlook.undecided)} not accepted yet
        </Text>
      </Group>
      <Paper>
        <Tabs
          value={group}
          onChange={(value) => setChosen(MATCH_GROUPS.find((group) => group === value) ?? null)}
          keepMounted={false}
        >
          <Tabs.List px="xs">
            {MATCH_GROUPS.map((option) => (
              <Tabs.Tab key={option} value={option}>
                {groupWords[option].tab}{' '}
                <Text span c="dimmed" size="sm" className="figures">
                  {groups[option].total.toLocaleString('en-AU')}
                </Text>
              </Tabs.Tab>
            ))}
          </Tabs.List>
          {MATCH_GROUPS.map((option) => (
            <Tabs.Panel key={option} value={option}>
              <Stack gap="sm" p="md">
                <Text size="sm" c="dimmed" maw={720}>
                  {groupWords[option].lead}
                </Text>
                {option !== 'decide' && groups[option].total > 0 && (
                  <AcceptAll connectionId={connectionId} matching={matching} group={option} />
                )}
              </Stack>
              <ProposalsTable connectionId={connectionId} group={option} />
            </Tabs.Panel>
          ))}
        </Tabs>
      </Paper>
      {isApproving && (
        <ApproveMatches
          connectionId={connectionId}
          matching={matching}
          onClose={() => setIsApproving(false)}
        />
      )}
    </Stack>
  );
}

function approvable({ outlook }: Matching): number {
  return outlook.link + outlook.create + outlook.leftOut;
}

/** Nobody need be accepted: then each is decided on their own page. */
function approveLabel(count: number): string {
  return count === 0 ? 'Approve without learners' : `Approve ${learnersText(count)}`;
}

const acceptWords = {
  safe: (count: number) =>
    count === 1 ? 'Accept the safe one' : `Accept all ${count.toLocaleString('en-AU')} safe ones`,
  create: (count: number) =>
    count === 1
      ? 'Accept the new contact'
      : `Accept all ${count.toLocaleString('en-AU')} new contacts`,
};

function AcceptAll(props: ReviewProps & { group: 'safe' | 'create' }) {
  const { connectionId, matching, group } = props;
  const { total, accepted } = matching.groups[group];
  const params = { connectionId };
  const takeBack = useAction('acceptProposals');
  const accept = useAction('acceptProposals', {
    onDone: () =>
      toastDone('All accepted.', () =>
        takeBack.mutate({ params, body: { group, accepted: false } }),
      ),
  });
  return (
    <Group>
      <Button
        variant="light"
        disabled={accepted === total}
        loading={accept.isPending}
        onClick={() => accept.mutate({ params, body: { group, accepted: true } })}
      >
        {acceptWords[group](total)}
      </Button>
      <Text size="sm" c="dimmed" className="figures">
        {accepted.toLocaleString('en-AU')} of {total.toLocaleString('en-AU')} accepted
      </Text>
    </Group>
  );
}
