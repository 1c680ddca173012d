import { Alert, Anchor, List, Stack, Text } from '@mantine/core';
import { IconArrowMerge } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { displayName, type Learner, syncGaps } from '#contract/learners';
import type { FurtherContact, LearnerMerge } from '#contract/merges';
import { useAction } from '../../api/actions.ts';
import { useMay } from '../../api/may.ts';
import { ask } from '../../api/queries.ts';
import { toastDone } from '../../stores/toast.ts';
import { GuardedButton } from '../../ui/guarded-button.tsx';
import { TextLink } from '../../ui/links.tsx';
import { ProblemAlert } from '../../ui/problem.tsx';
import { dateText, momentText } from '../../util/dates.ts';
import { paths } from '../../util/paths.ts';

/** Merges that this learner is part of, each with Undo, and what is left to do about them in Xero. */
export function LearnerMerges({ learner }: { learner: Learner }) {
  const params = { learnerId: learner.id };
  const merges = useQuery(ask('listLearnerMerges', { params }));
  const further = useQuery(ask('listFurtherContacts', { params }));
  const failed = [merges, further].filter(({ error, data }) => error && !data);
  const open = merges.data?.merges.filter((merge) => merge.mayUndo || isMerged(merge, learner));
  const contacts = further.data?.contacts ?? [];
  if (failed.length === 0 && !open?.length && contacts.length === 0) return null;
  return (
    <Stack gap="sm">
      {failed[0] && (
        <ProblemAlert
          error={failed[0].error}
          retry={() => failed.forEach((query) => void query.refetch())}
        />
      )}
      {open?.map((merge) => (
        <OneMerge key={merge.id} merge={merge} learner={learner} />
      ))}
      {contacts.length > 0 && <MergeInXero contacts={contacts} />}
    </Stack>
  );
}

function isMerged(merge: LearnerMerge, learner: Learner): boolean {
  return merge.merged.learnerId === learner.id;
}

function OneMerge({ merge, learner }: { merge: LearnerMerge; learner: Learner }) {
  const { reason } = useMay('learners.merge');
  const undo = useAction('undoLearnerMerge', {
    onDone: (kept) => toastDone(undoneText(kept, learner)),
  });
  const [other, sentence] = isMerged(merge, learner)
    ? [merge.kept, 'Merged into']
    : [merge.merged, 'Merged with'];
  return (
    <Alert color="gray" icon={<IconArrowMerge aria-hidden />} title={`${sentence} ${other.name}`}>
      <Stack gap="xs" align="flex-start">
        <Text size="sm">
          <TextLink {...paths.learner(other.learnerId)} underline="always">
            {other.name} ({other.learnerNumber})
          </TextLink>
          , {momentText(merge.mergedAt)} by {merge.mergedBy}.
          {merge.mayUndo && ` Can be undone until ${dateText(merge.undoUntil.slice(0, 10))}.`}
        </Text>
        {merge.mayUndo && (
          <GuardedButton
            size="compact-sm"
            variant="default"
            reason={reason}
            loading={undo.isPending}
            onClick={() => undo.mutate({ params: { learnerId: learner.id, mergeId: merge.id } })}
          >
            Undo merge
          </GuardedButton>
        )}
      </Stack>
    </Alert>
  );
}

/** `before`: the learner whose page this is, who may also be the other one. */
function undoneText(kept: Learner, before: Learner): string {
  const isOff = kept.id === before.id && before.syncToXero && !kept.syncToXero;
  const gaps = isOff ? syncGaps(kept) : [];
  if (gaps.length === 0) return 'The merge was undone. Both learners are as before.';
  const why = gaps.map(({ message }) => message).join(' ');
  return `The merge was undone. Sync to Xero is off for ${displayName(kept)}: ${why}`;
}

function MergeInXero({ contacts }: { contacts: readonly FurtherContact[] }) {
  return (
    <Alert color="amber" title="This person has more than one contact in Xero">
      <Text size="sm" mb={4}>
        Invoices of all of them arrive here. To have one contact, open Contacts in Xero, tick the
        ones below, choose Merge, and pick the contact with this learner’s number as the one to
        keep.
      </Text>
      <List size="sm">
        {contacts.map((contact) => (
          <List.Item key={contact.contactId}>
            {contact.contactUrl ? (
              <Anchor href={contact.contactUrl} target="_blank" rel="noreferrer" underline="always">
                {contact.name}
              </Anchor>
            ) : (
              contact.name
            )}
            , {contact.organisationName}
          </List.Item>
        ))}
      </List>
    </Alert>
  );
}
