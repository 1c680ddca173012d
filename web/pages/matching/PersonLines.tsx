import { Group, Stack, Text, VisuallyHidden } from '@mantine/core';
import { IconEqual } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { Evidence, MatchCandidate, MatchLearnerView } from '#contract/matching';

interface Line {
  label: string;
  value: string | null;
  isSame: boolean;
}

/** The learner's side of a comparison; what the contact says too is marked. */
export function LearnerLines(props: {
  learner: MatchLearnerView;
  evidence: readonly Evidence[];
  head: ReactNode;
}) {
  const { learner, evidence } = props;
  const has = (one: Evidence) => evidence.includes(one);
  return (
    <Lines
      head={props.head}
      isHeadSame={has('name')}
      lines={[
        { label: 'Number', value: learner.learnerNumber, isSame: has('code') },
        { label: 'Your own code', value: learner.refExternal, isSame: has('own-code') },
        { label: 'E-mail', value: learner.email, isSame: has('email') },
        { label: 'Phone', value: learner.phones.join(', ') || null, isSame: has('phone') },
      ]}
    />
  );
}

/** The contact's side; what the learner says too is marked. */
export function ContactLines({ candidate }: { candidate: MatchCandidate }) {
  const { contact, evidence, invoices } = candidate;
  const has = (one: Evidence) => evidence.includes(one);
  return (
    <Lines
      head={contact.name}
      isHeadSame={has('name')}
      lines={[
        { label: 'Code', value: contact.code, isSame: has('code') || has('own-code') },
        { label: 'E-mail', value: contact.email, isSame: has('email') },
        { label: 'Phone', value: contact.phones.join(', ') || null, isSame: has('phone') },
        { label: 'In Xero', value: invoiceWords(invoices), isSame: false },
      ]}
    />
  );
}

/** Nothing where nobody has counted: that is not none. */
function invoiceWords(count: number | null): string | null {
  if (count === null) return null;
  if (count === 0) return 'no invoices';
  return count === 1 ? '1 invoice' : `${count} invoices`;
}

function Lines(props: { head: ReactNode; isHeadSame: boolean; lines: readonly Line[] }) {
  const lines = props.lines.filter((line) => line.value !== null);
  return (
    <Stack gap={2} style={{ minWidth: 0 }}>
      <Group gap={6} wrap="nowrap">
        <Text span fw={550} size="sm" style={{ overflowWrap: 'anywhere' }}>
          {props.head}
        </Text>
        {props.isHeadSame && <Same />}
      </Group>
      {lines.map(({ label, value, isSame }) => (
        <Group key={label} gap={6} wrap="nowrap">
          <Text
            span
            size="sm"
            {...(isSame ? {} : { c: 'dimmed' })}
            style={{ overflowWrap: 'anywhere' }}
          >
            <VisuallyHidden>{label}: </VisuallyHidden>
            {value}
          </Text>
          {isSame && <Same />}
        </Group>
      ))}
    </Stack>
  );
}

function Same() {
  return (
    <>
      <IconEqual
        size={14}
        color="var(--mantine-color-moss-text)"
        aria-hidden
        style={{ flex: 'none' }}
      />
      <VisuallyHidden>the same on both sides</VisuallyHidden>
    </>
  );
}
