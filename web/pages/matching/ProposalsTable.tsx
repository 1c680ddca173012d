import { Badge, Button, Group, Stack, Text } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { MatchGroup, MatchProposal } from '#contract/matching';
import { useAction } from '../../api/actions.ts';
import { askPages, type GivenOf } from '../../api/queries.ts';
import { Paged } from '../../table/paged.tsx';
import { type Column, Table } from '../../table/table.tsx';
import { TextLink } from '../../ui/links.tsx';
import { paths } from '../../util/paths.ts';
import { CandidateChoice, Signs } from './CandidateChoice.tsx';
import { groupWords } from './matching-words.ts';
import { ContactLines, LearnerLines } from './PersonLines.tsx';
import { PickContact } from './PickContact.tsx';

type Said = Omit<GivenOf<'decideProposal'>['body'], 'rowVersion'>;
interface RowProps {
  proposal: MatchProposal;
  isBusy: boolean;
  decide: (proposal: MatchProposal, said: Said) => void;
  search: (proposal: MatchProposal) => void;
}

/** The proposals of one group, each with both sides beside each other and what can be said. */
export function ProposalsTable(props: { connectionId: string; group: MatchGroup }) {
  const { connectionId, group } = props;
  const query = useInfiniteQuery(
    askPages('listProposals', { params: { connectionId }, query: { group } }),
  );
  const [searching, setSearching] = useState<MatchProposal | null>(null);
  const say = useAction('decideProposal');
  const decide = (proposal: MatchProposal, said: Said) => {
    const { rowVersion, learner } = proposal;
    const params = { connectionId, partyId: learner.partyId };
    say.mutate({ params, body: { ...said, rowVersion } });
  };
  const busyId = say.isPending ? say.variables.params.partyId : null;
  const rowOf = (proposal: MatchProposal): RowProps => ({
    proposal,
    isBusy: busyId === proposal.learner.partyId,
    decide,
    search: setSearching,
  });
  return (
    <>
      <Paged
        query={query}
        noun="learners"
        empty={
          <Text p="lg" c="dimmed">
            {groupWords[group].none}
          </Text>
        }
      >
        {(proposals: MatchProposal[]) => (
          <Table
            label={`${groupWords[group].tab}: proposals`}
            columns={columnsOf(group, rowOf)}
            rows={proposals}
            keyOf={(proposal) => proposal.learner.partyId}
          />
        )}
      </Paged>
      {searching && (
        <PickContact
          connectionId={connectionId}
          learnerName={searching.learner.name}
          onClose={() => setSearching(null)}
          onPick={({ contactId }, replaceCode) => {
            decide(searching, { decision: 'link', contactId, replaceCode });
            setSearching(null);
          }}
        />
      )}
    </>
  );
}

function columnsOf(
  group: MatchGroup,
  rowOf: (proposal: MatchProposal) => RowProps,
): Column<MatchProposal>[] {
  return [
    { head: 'Here', cell: (proposal) => <LearnerCell proposal={proposal} /> },
    {
      head: 'In Xero',
      cell: (proposal) =>
        group === 'decide' && !proposal.decision ? (
          <Candidates {...rowOf(proposal)} />
        ) : (
          <Chosen proposal={proposal} />
        ),
    },
    { head: 'Decision', cell: (proposal) => <Decision {...rowOf(proposal)} /> },
  ];
}

function LearnerCell({ proposal }: { proposal: MatchProposal }) {
  const { learner, chosen, candidates, isRenewed } = proposal;
  const shown = chosen ?? candidates[0];
  return (
    <Stack gap={4}>
      <LearnerLines
        learner={learner}
        evidence={shown?.evidence ?? []}
        head={<Head learner={learner} />}
      />
      {isRenewed && (
        <Badge color="amber" variant="light">
          Changed since, look again
        </Badge>
      )}
    </Stack>
  );
}

function Head({ learner }: Pick<MatchProposal, 'learner'>) {
  const { learnerId, workplaceId, name } = learner;
  if (learnerId) return <TextLink {...paths.learner(learnerId)}>{name}</TextLink>;
  if (workplaceId) return <TextLink {...paths.workplace(workplaceId)}>{name}</TextLink>;
  return name;
}

function Candidates({ proposal, isBusy, decide }: RowProps) {
  return (
    <Stack gap="md">
      {proposal.candidates.map((candidate) => (
        <CandidateChoice
          key={candidate.contact.contactId}
          candidate={candidate}
          isBusy={isBusy}
          onLink={(replaceCode) => {
            const { contactId } = candidate.contact;
            decide(proposal, { decision: 'link', contactId, replaceCode });
          }}
        />
      ))}
    </Stack>
  );
}

function Chosen({ proposal }: { proposal: MatchProposal }) {
  const { chosen, decision, learner, replacesCode } = proposal;
  if (decision === 'create') return <Text size="sm">A new contact is made</Text>;
  if (decision === 'leave-out') {
    return <Text size="sm">Left out; Sync to Xero is turned off for them</Text>;
  }
  if (!chosen) return <Text size="sm">Xero no longer has the contact</Text>;
  return (
    <Stack gap={4}>
      <ContactLines candidate={chosen} />
      <Signs candidate={chosen} />
      {replacesCode && (
        <Text size="sm" c="dimmed">
          Its code is replaced by {learner.learnerNumber}
        </Text>
      )}
    </Stack>
  );
}

function Decision({ proposal, isBusy, decide, search }: RowProps) {
  const { decision, accepted, decidedBy, group, learner } = proposal;
  const { name } = learner;
  const settle = (said: Said) => () => decide(proposal, said);
  const shared = { size: 'compact-sm', variant: 'default', loading: isBusy } as const;
  return (
    <Stack gap={6} align="flex-start">
      {accepted && <Accepted decidedBy={decidedBy} />}
      <Group gap={6}>
        {!accepted && decision !== null && (
          <Button
            {...shared}
            aria-label={`Accept for ${name}`}
            onClick={settle(acceptanceOf(proposal))}
          >
            Accept
          </Button>
        )}
        {decidedBy !== null && (
          <Button
            {...shared}
            aria-label={`Undo for ${name}`}
            onClick={settle({ decision: 'as-proposed' })}
          >
            Undo
          </Button>
        )}
        {decidedBy === null && (
          <>
            <Button
              {...shared}
              aria-label={`${group === 'create' ? 'Find a contact' : 'Another contact'} for ${name}`}
              onClick={() => search(proposal)}
            >
              {group === 'create' ? 'Find a contact' : 'Another contact'}
            </Button>
            {decision !== 'create' && (
              <Button
                {...shared}
                aria-label={`Create instead for ${name}`}
                onClick={settle({ decision: 'create' })}
              >
                Create instead
              </Button>
            )}
            <Button
              {...shared}
              aria-label={`Leave out ${name}`}
              onClick={settle({ decision: 'leave-out' })}
            >
              Leave out
            </Button>
          </>
        )}
      </Group>
    </Stack>
  );
}

function acceptanceOf({ decision, chosen }: MatchProposal): Said {
  if (decision === 'link' && chosen) {
    return { decision, contactId: chosen.contact.contactId };
  }
  return { decision: decision ?? 'create' };
}

function Accepted({ decidedBy }: { decidedBy: string | null }) {
  return (
    <Group gap={4}>
      <IconCheck size={16} color="var(--mantine-color-moss-text)" aria-hidden />
      <Text span size="sm">
        {decidedBy === null ? 'Accepted' : `Decided by ${decidedBy}`}
      </Text>
    </Group>
  );
}
