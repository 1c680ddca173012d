import type { XeroOrgId } from '#contract/ids';
import { MAP_FAULTS_SHOWN, type MapFault, type MapPreview } from '#contract/matching';
import type { Tx } from '#platform/database';
import type { Scope } from '#platform/scope';
import type { Lane } from '../lane/lane-store.ts';
import { linksOfContacts } from '../links/link-store.ts';
import { contactsByIds, type KeptContact } from './contact-store.ts';
import { replacesOwnCode } from './decide-proposal.ts';
import { type MapRow, readMap, writeMap } from './map-rows.ts';
import { signsOf } from './match-words.ts';
import { changeMatching } from './matching-store.ts';
import { allProposals, type KeptProposal } from './proposal-store.ts';
import { proposedAmong } from './proposed-among.ts';
import { saveDecisions } from './touched-store.ts';

/** The whole map as CSV text. */
export async function exportMap(
  tx: Tx,
  scope: Scope,
  lane: Lane,
): Promise<{ fileName: string; csv: string }> {
  const xeroOrgId = lane.xero_org_id as XeroOrgId;
  const proposals = await allProposals(tx, scope, xeroOrgId);
  const ids = proposals.flatMap(
    ({ contactId, candidates }) => contactId ?? candidates[0]?.contactId ?? [],
  );
  const contacts = await contactsByIds(tx, scope, xeroOrgId, ids);
  const csv = writeMap(
    proposals.map((proposal) => ({
      learnerNumber: proposal.partyNumber,
      learnerName: proposal.partyName,
      contactId: proposal.contactId,
      contactName: contacts.get(proposal.contactId ?? '')?.name ?? '',
      decision: proposal.decision,
      reasons: reasonsOf(proposal, contacts),
      rowVersion: proposal.rowVersion,
    })),
  );
  const name = lane.organisation_name.replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-|-$/g, '');
  return { fileName: `matches-${name || 'xero'}.csv`, csv };
}

function reasonsOf(proposal: KeptProposal, contacts: ReadonlyMap<string, KeptContact>): string {
  const { candidates, decidedBy, decision, contactId } = proposal;
  if (decidedBy !== null) return `decided by ${decidedBy}`;
  const chosen = candidates.find((candidate) => candidate.contactId === contactId);
  if (chosen) return signsOf(chosen);
  if (decision === 'create') return 'nobody like this is in Xero';
  const [first] = candidates;
  if (!first) return '';
  const name = contacts.get(first.contactId)?.name ?? first.contactId;
  const more = candidates.length > 1 ? `; and ${candidates.length - 1} more` : '';
  return `maybe ${name} (${first.contactId}): ${signsOf(first)}${more}`;
}

/**
 * Looks at a map, or applies it. Every row is checked first; with one faulty row nothing is changed,
 * so that nothing is ever half done. A row that somebody overtook since it was handed out is faulty
 * too: the second of two people is told.
 *
 * @throws AppError `import.unreadable` when the text is no such map
 */
export async function importMap(
  tx: Tx,
  scope: Scope,
  xeroOrgId: XeroOrgId,
  given: { csv: string; apply: boolean },
): Promise<MapPreview> {
  const { rows, faults } = readMap(given.csv);
  const checked = await check(tx, scope, xeroOrgId, rows);
  const allFaults = [...faults, ...checked.faults].sort((a, b) => a.line - b.line);
  const isFaulty = allFaults.length > 0;
  const applied = given.apply && !isFaulty;
  if (applied && checked.changes.length > 0) {
    await saveDecisions(tx, scope, xeroOrgId, checked.changes);
    await changeMatching(tx, scope, xeroOrgId, {});
  }
  const faulty = new Set(allFaults.map((fault) => fault.line)).size;
  return {
    rows: rows.length + faults.length,
    changes: checked.changes.length,
    unchanged:
      rows.length - checked.changes.length - new Set(checked.faults.map((f) => f.line)).size,
    faulty,
    faults: allFaults.slice(0, MAP_FAULTS_SHOWN),
    applied,
  };
}

interface Checked {
  changes: KeptProposal[];
  faults: MapFault[];
}

async function check(
  tx: Tx,
  scope: Scope,
  xeroOrgId: XeroOrgId,
  rows: readonly MapRow[],
): Promise<Checked> {
  const proposals = await allProposals(tx, scope, xeroOrgId);
  const byNumber = new Map(proposals.map((one) => [one.partyNumber.toLowerCase(), one]));
  const named = rows.flatMap((row) => row.contactId ?? []);
  const contacts = await contactsByIds(tx, scope, xeroOrgId, [...new Set(named)]);
  const links = await linksOfContacts(tx, scope, xeroOrgId, [...new Set(named)]);
  const linked = new Set(links.map((link) => link.contactId));
  const inFile = new Set(rows.map((row) => row.learnerNumber.toLowerCase()));
  // Whoever is not in the file keeps their contact.
  const holders = new Map(
    proposals
      .filter((one) => one.contactId !== null && !inFile.has(one.partyNumber.toLowerCase()))
      .map((one) => [one.contactId, one.partyNumber]),
  );
  const checked: Checked = { changes: [], faults: [] };
  for (const row of rows) {
    const proposal = byNumber.get(row.learnerNumber.toLowerCase());
    const contact = contacts.get(row.contactId ?? '');
    const reason = faultOf(row, proposal, contact, { linked, holders });
    if (reason !== null || !proposal) {
      checked.faults.push({ line: row.line, reason: reason ?? 'Nothing is proposed for them.' });
      continue;
    }
    if (row.contactId !== null) holders.set(row.contactId, row.learnerNumber);
    if (!saysTheSame(row, proposal)) checked.changes.push(changedTo(proposal, row, contact, scope));
  }
  return checked;
}

function faultOf(
  row: MapRow,
  proposal: KeptProposal | undefined,
  contact: KeptContact | undefined,
  others: { linked: ReadonlySet<string | null>; holders: ReadonlyMap<string | null, string> },
): string | null {
  if (!proposal) return `No learner with the number ${row.learnerNumber} waits to be matched.`;
  if (isOvertaken(row, proposal)) {
    const { partyName, decidedBy } = proposal;
    const what = decidedBy === null ? 'has changed' : `was decided by ${decidedBy}`;
    return `${partyName} ${what} since this file was made. Take out a new one, or leave this row out.`;
  }
  if (row.contactId === null) return null;
  if (!contact || contact.status === 'merged') return `Xero has no contact ${row.contactId}.`;
  if (contact.status === 'erasing') return `Xero has been asked to erase ${contact.name}.`;
  if (others.linked.has(row.contactId)) return `${contact.name} is linked to a learner already.`;
  const holder = others.holders.get(row.contactId);
  return holder === undefined ? null : `${contact.name} is given to ${holder} too.`;
}

function saysTheSame(row: MapRow, { decision, contactId }: KeptProposal): boolean {
  return decision === row.decision && contactId === row.contactId;
}

/** Somebody decided otherwise since the row was handed out; a row of one's own overrules knowingly. */
function isOvertaken(row: MapRow, proposal: KeptProposal): boolean {
  const isOlder = row.rowVersion !== null && row.rowVersion !== proposal.rowVersion;
  return isOlder && !saysTheSame(row, proposal);
}

function changedTo(
  proposal: KeptProposal,
  row: MapRow,
  contact: KeptContact | undefined,
  scope: Scope,
): KeptProposal {
  const isDecided = row.decision !== null;
  const proposed = proposedAmong(proposal);
  const isAsProposed = row.contactId !== null && proposed?.contactId === row.contactId;
  return {
    ...proposal,
    decision: row.decision,
    contactId: row.contactId,
    contactHash: contact?.hash ?? null,
    replacesCode: isAsProposed && replacesOwnCode(proposed),
    accepted: isDecided,
    decidedBy: isDecided ? scope.actor.name : null,
    isRenewed: false,
    rowVersion: proposal.rowVersion + 1,
  };
}
