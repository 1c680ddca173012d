import { Button, Group, SimpleGrid, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconExternalLink } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import type { LearnerDocument } from '#contract/billing';
import { formatDecimal } from '#contract/money';
import { useAction } from '../../api/actions.ts';
import { askPages } from '../../api/queries.ts';
import { Amount } from '../../ui/amount.tsx';
import { History } from '../../ui/history.tsx';
import { dateText, momentText } from '../../util/dates.ts';
import { kindNames } from './kind-names.ts';

/** What stands on a paper: lines, payments, and the way to its online page. */
export function DocumentDetails({ document }: { document: LearnerDocument }) {
  const isInvoice = document.kind === 'invoice';
  const [showsHistory, { toggle: toggleHistory }] = useDisclosure(false);
  return (
    <Stack gap="md" py="xs" style={{ flex: 1 }}>
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="xl">
        <Part title="Lines">
          {document.lines.length === 0 && <Nothing>No lines</Nothing>}
          {document.lines.map((line, index) => (
            <Entry
              // biome-ignore lint/suspicious/noArrayIndexKey: lines have no id of their own
              key={index}
              label={line.description ?? line.itemCode ?? 'Line without description'}
              note={
                line.quantity &&
                line.unitAmount &&
                `${plain(line.quantity)} × ${formatDecimal(line.unitAmount, line.amount.currency)}`
              }
              amount={<Amount money={line.amount} />}
            />
          ))}
          {document.tax.amountMinor !== 0 && (
            <Entry
              label={document.taxMode === 'inclusive' ? 'Tax, included' : 'Tax'}
              amount={<Amount money={document.tax} />}
            />
          )}
        </Part>
        <Part title={isInvoice ? 'Payments' : 'Refunds'}>
          {document.payments.length === 0 && (
            <Nothing>{isInvoice ? 'Nothing paid yet' : 'Nothing paid back'}</Nothing>
          )}
          {document.payments.map((payment) => (
            <Entry
              key={payment.paymentId}
              label={payment.date ? dateText(payment.date) : 'On a day that Xero does not tell'}
              note={[payment.reference, payment.batchId && 'in a batch']
                .filter(Boolean)
                .join(' · ')}
              amount={<Amount money={payment.amount} />}
            />
          ))}
        </Part>
        {(!isInvoice || document.credited.amountMinor !== 0) && (
          <Applied document={document} isInvoice={isInvoice} />
        )}
      </SimpleGrid>
      <Group justify="space-between">
        <Text size="sm" c="dimmed">
          {document.reference && `Reference: ${document.reference} · `}
          Changed in Xero {momentText(document.changedInXeroAt)}
        </Text>
        <Group gap="xs">
          <Button
            variant="subtle"
            aria-expanded={showsHistory}
            onClick={toggleHistory}
            size="compact-sm"
          >
            History
          </Button>
          {document.hasOnlineView && <OnlineView document={document} />}
        </Group>
      </Group>
      {showsHistory && <PaperHistory documentId={document.id} />}
    </Stack>
  );
}

function PaperHistory({ documentId }: { documentId: LearnerDocument['id'] }) {
  return (
    <Part title="History">
      <History query={useInfiniteQuery(askPages('documentHistory', { params: { documentId } }))} />
    </Part>
  );
}

/** Credit set against an invoice, seen from either end. */
function Applied({ document, isInvoice }: { document: LearnerDocument; isInvoice: boolean }) {
  return (
    <Part title="Credit applied">
      {document.allocations.length === 0 && !isInvoice && <Nothing>Nothing applied yet</Nothing>}
      {document.allocations.map((one) => (
        <Entry
          key={one.allocationId}
          label={
            isInvoice
              ? [kindNames[one.creditKind], one.creditNumber].filter(Boolean).join(' ')
              : `To ${one.invoiceNumber ?? 'an invoice without number'}`
          }
          note={one.date && dateText(one.date)}
          amount={<Amount money={one.amount} />}
        />
      ))}
      {isInvoice ? (
        <Entry label="Credited in all" amount={<Amount money={document.credited} />} />
      ) : (
        <Entry label="Credit left" amount={<Amount money={document.remaining} />} />
      )}
    </Part>
  );
}

/** Exact decimal text without the zeros that say nothing: `1.0000` as `1`, `12.5000` as `12.5`. */
function plain(decimal: string): string {
  return decimal.includes('.') ? decimal.replace(/\.?0+$/, '') : decimal;
}

function Part({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <Stack gap={6} role="group" aria-label={title}>
      <Text size="sm" fw={600}>
        {title}
      </Text>
      {children}
    </Stack>
  );
}

function Nothing({ children }: { children: string }) {
  return (
    <Text size="sm" c="dimmed">
      {children}
    </Text>
  );
}

interface EntryProps {
  label: string;
  note?: string | null;
  amount: React.ReactNode;
}

function Entry({ label, note, amount }: EntryProps) {
  return (
    <Group justify="space-between" wrap="nowrap" gap="md" align="flex-start">
      <Text size="sm">
        {label}
        {note && (
          <Text span size="sm" c="dimmed" className="figures">
            {' '}
            {note}
          </Text>
        )}
      </Text>
      <Text size="sm" component="span">
        {amount}
      </Text>
    </Group>
  );
}

/**
 * Xero is asked for the address only now, since each address costs a call. The tab is opened
 * within the click, as browsers refuse tabs that open later.
 */
function OnlineView({ document }: { document: LearnerDocument }) {
  const view = useAction('onlineDocument');
  const open = async () => {
    const tab = window.open('about:blank', '_blank');
    try {
      const { url } = await view.mutateAsync({ params: { documentId: document.id } });
      if (!tab) return window.location.assign(url);
      tab.opener = null;
      tab.location.replace(url);
    } catch {
      // The action has told the failure already; an empty tab would only be in the way.
      tab?.close();
    }
  };
  return (
    <Button
      variant="default"
      size="compact-md"
      loading={view.isPending}
      rightSection={<IconExternalLink size={14} aria-label="(opens a new tab)" />}
      onClick={open}
    >
      View online invoice
    </Button>
  );
}
