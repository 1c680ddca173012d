import { Alert, Paper, Stack, Text } from '@mantine/core';
import { IconMail, IconMailOff } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import type { OutgoingMail } from '#contract/mails';
import { useMay } from '../../api/may.ts';
import { askPages } from '../../api/queries.ts';
import { Paged } from '../../table/paged.tsx';
import { type Column, Table } from '../../table/table.tsx';
import { Empty } from '../../ui/empty.tsx';
import { NotAllowed } from '../../ui/not-allowed.tsx';
import { mailLooks } from '../../ui/operate-states.ts';
import { Page } from '../../ui/page.tsx';
import { StateBadge } from '../../ui/state-badge.tsx';
import { momentText } from '../../util/dates.ts';

/** Mails that Bursar sent or has to send: nothing that was to be told is swallowed. */
export function OutgoingMailPage() {
  const may = useMay('mails.view');
  return (
    <Page
      title="Outgoing mail"
      lead="What Bursar has told people by e-mail. The text of a mail is kept until it is sent; it may hold a link that lets somebody in, so pass it on with care."
    >
      {may.allowed ? (
        <Mails />
      ) : (
        <Paper>
          <NotAllowed title="Outgoing mail is not shown to you" reason={may.reason} />
        </Paper>
      )}
    </Page>
  );
}

const columns: Column<OutgoingMail>[] = [
  { head: 'Subject', cell: (mail) => mail.subject },
  { head: 'To', cell: (mail) => mail.to.join(', ') },
  { head: 'State', cell: (mail) => <StateBadge look={mailLooks[mail.state]} /> },
  {
    head: 'Written',
    cell: (mail) => <span className="figures">{momentText(mail.queuedAt)}</span>,
  },
  {
    head: 'Sent',
    cell: (mail) => (
      <span className="figures">{mail.sentAt === null ? '–' : momentText(mail.sentAt)}</span>
    ),
  },
];

function Mails() {
  const query = useInfiniteQuery(askPages('listMails'));
  const first = query.data?.pages[0]?.items[0];
  return (
    <Stack>
      {first?.state === 'waiting' && (
        <Alert
          color="amber"
          icon={<IconMailOff aria-hidden />}
          title="No mail server is configured"
        >
          Mails wait here and are not sent. Whoever runs this Bursar sets SMTP_URL and MAIL_FROM;
          until then, pass on what is below yourself.
        </Alert>
      )}
      <Paper>
        <Paged
          query={query}
          noun="mails"
          empty={
            <Empty
              icon={IconMail}
              title="No mail yet"
              text="Whatever Bursar tells people by e-mail stands here."
            />
          }
        >
          {(mails: OutgoingMail[]) => (
            <Table
              label="Outgoing mail"
              columns={columns}
              rows={mails}
              keyOf={(mail) => mail.id}
              below={(mail) => <Unsent mail={mail} />}
            />
          )}
        </Paged>
      </Paper>
    </Stack>
  );
}

function Unsent({ mail }: { mail: OutgoingMail }) {
  const isHidden = mail.isConfidential && mail.state !== 'sent';
  if (mail.text === null && mail.problem === null && !isHidden) return null;
  return (
    <Stack gap="xs" maw={720}>
      {mail.problem !== null && (
        <Text size="sm">
          The mail server said: {mail.problem} (attempt {mail.attempts})
        </Text>
      )}
      {isHidden && (
        <Text size="sm">
          It lets whoever it is for sign in, so nobody else is shown what it says. Whoever runs this
          Bursar can pass it on: npm run bursar -- mail show --mail {mail.id}
        </Text>
      )}
      {mail.text !== null && (
        <Text size="sm" style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
          {mail.text}
        </Text>
      )}
    </Stack>
  );
}
