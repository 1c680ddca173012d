import { Button, Group, Paper, Stack, Text, Textarea } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useState } from 'react';
import {
  SUPPORT_TEXT_MAX,
  type SupportMessage,
  SupportRequestId,
  type SupportThread,
  supportCan,
} from '#contract/support';
import { useAction } from '../../api/actions.ts';
import { ask } from '../../api/queries.ts';
import { toastDone } from '../../stores/toast.ts';
import { TextLink } from '../../ui/links.tsx';
import { Loading } from '../../ui/loading.tsx';
import { supportLooks } from '../../ui/operate-states.ts';
import { Page } from '../../ui/page.tsx';
import { ProblemAlert } from '../../ui/problem.tsx';
import { StateBadge } from '../../ui/state-badge.tsx';
import { useLeaveGuard } from '../../ui/use-leave-guard.ts';
import { momentText } from '../../util/dates.ts';
import { paths } from '../../util/paths.ts';
import { NothingHere } from '../shell/NotFoundPage.tsx';

/** One request: what was written, and a place to write more. */
export function SupportRequestPage() {
  const { requestId } = useParams({ from: '/app/settings/support/$requestId' });
  const id = SupportRequestId.safeParse(requestId);
  if (!id.success) return <NothingHere />;
  return <Thread id={id.data} />;
}

function Thread({ id }: { id: SupportRequestId }) {
  const query = useQuery(ask('getSupportRequest', { params: { requestId: id } }));
  const thread = query.data;
  return (
    <Page
      title={thread?.subject ?? 'Support request'}
      width={760}
      above={
        <Text size="sm">
          <TextLink {...paths.support}>Support</TextLink>
        </Text>
      }
      beside={thread && <StateBadge look={supportLooks[thread.state]} />}
      lead={thread && `Asked by ${thread.askedBy}, ${momentText(thread.askedAt)}`}
    >
      {query.error && !thread && <ProblemAlert error={query.error} retry={() => query.refetch()} />}
      {query.isPending && <Loading />}
      {thread && (
        <>
          {thread.messages.map((message) => (
            <Message key={message.id} message={message} />
          ))}
          <Actions thread={thread} />
        </>
      )}
    </Page>
  );
}

function Message({ message }: { message: SupportMessage }) {
  const isTheirs = message.from === 'operator';
  return (
    <Paper
      component="article"
      p="lg"
      {...(isTheirs ? { bg: 'var(--mantine-color-petrol-light)' } : {})}
    >
      <Stack gap="xs">
        <Group gap="sm">
          <Text fw={600}>{message.author}</Text>
          <Text size="sm" className="figures">
            {momentText(message.at)}
          </Text>
        </Group>
        <Text style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>{message.text}</Text>
      </Stack>
    </Paper>
  );
}

function Actions({ thread }: { thread: SupportThread }) {
  const params = { requestId: thread.id };
  const can = supportCan(thread.state);
  const close = useAction('closeSupportRequest', {
    onDone: () => toastDone('The request is closed.', () => reopen.mutate({ params })),
  });
  const reopen = useAction('reopenSupportRequest');
  if (can.reopen) {
    return (
      <Group>
        <Text c="dimmed">It is closed.</Text>
        <Button
          variant="default"
          loading={reopen.isPending}
          onClick={() => reopen.mutate({ params })}
        >
          Open it again
        </Button>
      </Group>
    );
  }
  return (
    <Reply id={thread.id}>
      <Button variant="default" loading={close.isPending} onClick={() => close.mutate({ params })}>
        Close request
      </Button>
    </Reply>
  );
}

function Reply({ id, children }: { id: SupportRequestId; children: React.ReactNode }) {
  const [text, setText] = useState('');
  const [isMissing, setMissing] = useState(false);
  useLeaveGuard(text.trim() !== '');
  const reply = useAction('replyToSupportRequest', {
    failure: 'inline',
    onDone: () => setText(''),
  });
  const send = () => {
    setMissing(text.trim() === '');
    if (text.trim() !== '') reply.mutate({ params: { requestId: id }, body: { text } });
  };
  return (
    <Stack>
      <Textarea
        label="Write more"
        autosize
        minRows={4}
        maxRows={16}
        maxLength={SUPPORT_TEXT_MAX}
        value={text}
        error={isMissing ? 'What you want to say' : null}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      {reply.error && <ProblemAlert error={reply.error} />}
      <Group justify="space-between">
        {children}
        <Button loading={reply.isPending} onClick={send}>
          Send
        </Button>
      </Group>
    </Stack>
  );
}
