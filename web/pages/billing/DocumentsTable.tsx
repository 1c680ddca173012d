import { Button, Text } from '@mantine/core';
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import { useState } from 'react';
import type { LearnerDocument } from '#contract/billing';
import { useOrganisationName } from '../../api/organisations.ts';
import { type Column, Table } from '../../table/table.tsx';
import { Amount } from '../../ui/amount.tsx';
import { PartyLink } from '../../ui/party-link.tsx';
import { StateBadge } from '../../ui/state-badge.tsx';
import { documentLook } from '../../ui/states.ts';
import { dateText } from '../../util/dates.ts';
import { DocumentDetails } from './DocumentDetails.tsx';
import { kindNames } from './kind-names.ts';

interface DocumentsTableProps {
  label: string;
  documents: LearnerDocument[];
  /** The provider's list links each paper to its learner. */
  withLearner?: boolean;
}

/** Papers with their amounts; each opens to its lines and payments. */
export function DocumentsTable({ label, documents, withLearner = false }: DocumentsTableProps) {
  const [openId, setOpenId] = useState<string | null>(null);
  const organisationOf = useOrganisationName();
  const isSeveral = documents.some(({ xeroOrgId }) => organisationOf(xeroOrgId) !== null);
  const toggle = (id: string) => setOpenId((old) => (old === id ? null : id));
  return (
    <Table
      label={label}
      columns={columnsOf(withLearner, isSeveral ? organisationOf : null, openId, toggle)}
      rows={documents}
      keyOf={(document) => document.id}
      isVoid={(document) => document.status === 'voided' || document.status === 'deleted'}
      below={(document) => document.id === openId && <DocumentDetails document={document} />}
    />
  );
}

function columnsOf(
  withLearner: boolean,
  organisationOf: ((xeroOrgId: string) => string | null) | null,
  openId: string | null,
  toggle: (id: string) => void,
): Column<LearnerDocument>[] {
  return [
    { head: 'Number', cell: (row) => <NumberCell row={row} openId={openId} toggle={toggle} /> },
    { head: 'Kind', cell: (row) => kindNames[row.kind] },
    ...(withLearner ? [{ head: 'Whose', cell: learnerLink }] : []),
    ...(organisationOf
      ? [
          {
            head: 'Organisation',
            isMinor: true,
            cell: (row: LearnerDocument) => organisationOf(row.xeroOrgId),
          },
        ]
      : []),
    {
      head: 'Date',
      cell: (row) => row.date && <span className="figures">{dateText(row.date)}</span>,
    },
    {
      head: 'Due date',
      cell: (row) => row.dueDate && <span className="figures">{dateText(row.dueDate)}</span>,
    },
    { head: 'Total', align: 'right', cell: (row) => <Amount money={row.total} /> },
    { head: 'Paid', align: 'right', isMinor: true, cell: (row) => <Amount money={row.paid} /> },
    { head: 'Due', align: 'right', cell: (row) => <Open row={row} /> },
    { head: 'Status', cell: (row) => <StateBadge look={documentLook(row)} /> },
  ];
}

/**
 * What is still open: to be paid on an invoice, to be used of a credit. Of one that is not approved
 * it is said that it does not count yet.
 */
function Open({ row }: { row: LearnerDocument }) {
  const isInvoice = row.kind === 'invoice';
  const isApproved = row.status !== 'draft' && row.status !== 'submitted';
  const amount = <Amount money={isInvoice ? row.due : row.remaining} />;
  if (isInvoice && isApproved) return amount;
  const words = isInvoice ? 'not owed yet' : isApproved ? 'credit' : 'credit, not given yet';
  return (
    <>
      <Text span size="sm" c="dimmed">
        {words}{' '}
      </Text>
      {isApproved ? (
        amount
      ) : (
        <Text span inherit c="dimmed">
          {amount}
        </Text>
      )}
    </>
  );
}

function learnerLink(row: LearnerDocument) {
  return <PartyLink party={row} />;
}

interface NumberCellProps {
  row: LearnerDocument;
  openId: string | null;
  toggle: (id: string) => void;
}

function NumberCell({ row, openId, toggle }: NumberCellProps) {
  const isOpen = row.id === openId;
  const Icon = isOpen ? IconChevronDown : IconChevronRight;
  return (
    <Button
      variant="subtle"
      size="compact-sm"
      ml={-8}
      className="figures"
      leftSection={<Icon size={14} aria-hidden />}
      aria-expanded={isOpen}
      aria-label={`${row.number ?? `No number, ${kindNames[row.kind]}`}: lines and what settles it`}
      onClick={() => toggle(row.id)}
    >
      {row.number ?? 'No number'}
    </Button>
  );
}
