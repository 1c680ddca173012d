import { dayMs, wireDay, wireMoment } from '../core/dates.ts';
import { centsToNumber, formatCents } from '../core/decimal.ts';
import { ZERO_UUID } from '../core/ids.ts';
import { FieldReader, type Sent } from '../rules/field-reader.ts';
import type { Act, ApiAnswer, ApiCall, Operation } from './api-call.ts';
import { notFound } from './api-error.ts';
import { findAccount } from './books.ts';
import { present } from './contact-wire.ts';
import { checkLockDates } from './document-input.ts';
import {
  answerList,
  type ElementOutcome,
  orRefuse,
  refuse,
  sentElements,
  writeElements,
} from './envelope.ts';
import { answerListing } from './list.ts';
import type { LineAmountTypes } from './model.ts';
import type { JournalLine, ManualJournal } from './settings-model.ts';
import type { Wire } from './wire-common.ts';
import { wireJson } from './wire-json.ts';

const STATUSES = ['DRAFT', 'POSTED', 'DELETED', 'VOIDED'] as const;
const LINE_AMOUNT_TYPES: readonly LineAmountTypes[] = ['Exclusive', 'Inclusive', 'NoTax'];
const MOVES: Readonly<Record<ManualJournal['status'], readonly ManualJournal['status'][]>> = {
  DRAFT: ['DRAFT', 'POSTED', 'DELETED'],
  POSTED: ['POSTED', 'VOIDED'],
  DELETED: [],
  VOIDED: [],
};

function writeJournal(act: Act, known: ManualJournal | undefined, sent: Sent): ElementOutcome {
  const read = new FieldReader(sent);
  const { errors } = read;
  const narration = read.text('Narration', 4000) ?? known?.narration ?? '';
  if (!narration && errors.length === 0) errors.push('Narration must be specified');
  const status = read.choice('Status', STATUSES) ?? known?.status ?? 'DRAFT';
  const allowed = known ? MOVES[known.status] : (['DRAFT', 'POSTED'] as const);
  if (!allowed.includes(status as never))
    errors.push('Manual journal not of valid status for modification');
  const sentLines = read.records('JournalLines');
  const lines = sentLines
    ? sentLines.map((line) => readLine(act, line, errors))
    : (known?.lines ?? []);
  if (lines.length < 2) errors.push('A manual journal must have at least two lines');
  const balance = lines.reduce((sum, line) => sum + line.amount, 0);
  if (balance !== 0) errors.push(unbalanced(lines));
  const day = read.day('Date') ?? known?.day ?? act.clock.today();
  if (status !== 'DRAFT') checkLockDates(act.books, day, errors);
  if (errors.length > 0) return refuse(sent, errors, 'ManualJournalID', known?.id ?? ZERO_UUID);
  const journal: ManualJournal = {
    id: known?.id ?? act.ids.uuid(),
    narration,
    status,
    day,
    lineAmountTypes:
      read.choice('LineAmountTypes', LINE_AMOUNT_TYPES) ?? known?.lineAmountTypes ?? 'NoTax',
    isOnCashReports: read.flag('ShowOnCashBasisReports') ?? known?.isOnCashReports ?? true,
    url: read.text('Url', 2000) ?? known?.url,
    lines,
    updatedAtMs: act.clock.nowMs(),
  };
  act.books.manualJournals.put(journal);
  return { ok: true, wire: wireJournal(act, journal, true) };
}

function readLine(act: Act, sent: Sent, errors: string[]): JournalLine {
  const read = new FieldReader(sent, errors);
  const amount = read.scaled('LineAmount', 2);
  const code = read.text('AccountCode', 10) ?? '';
  if (amount === undefined) errors.push('LineAmount must be specified');
  if (findAccount(act.books, code)?.status !== 'ACTIVE') {
    errors.push(`Account code '${code}' is not a valid code for this document.`);
  }
  return {
    amount: amount ?? 0,
    tax: read.scaled('TaxAmount', 2) ?? 0,
    accountCode: code,
    description: read.text('Description', 4000) ?? '',
    taxType: read.text('TaxType', 50) ?? 'NONE',
  };
}

function unbalanced(lines: readonly JournalLine[]): string {
  const debits = lines.reduce((sum, line) => sum + Math.max(line.amount, 0), 0);
  const credits = lines.reduce((sum, line) => sum + Math.min(line.amount, 0), 0);
  return `The total debits (${formatCents(debits)}) must equal total credits (${formatCents(credits)})`;
}

function wireJournal(act: Act, journal: ManualJournal, isFull: boolean): Wire {
  return {
    Date: wireDay(journal.day),
    Status: journal.status,
    LineAmountTypes: journal.lineAmountTypes,
    ...present({ Url: journal.url }),
    UpdatedDateUTC: wireMoment(journal.updatedAtMs),
    ManualJournalID: journal.id,
    Narration: journal.narration,
    JournalLines: isFull
      ? journal.lines.map((line) => ({
          Description: line.description,
          TaxType: line.taxType,
          TaxAmount: centsToNumber(line.tax),
          LineAmount: centsToNumber(line.amount),
          AccountCode: line.accountCode,
          Tracking: [],
          ...present({ AccountID: findAccount(act.books, line.accountCode)?.id }),
          IsBlank: false,
        }))
      : [],
    ShowOnCashBasisReports: journal.isOnCashReports,
    HasAttachments: act.books.attachments.find('subject', journal.id).length > 0,
  };
}

function listJournals(call: ApiCall): ApiAnswer {
  return answerListing(call, {
    name: 'ManualJournals',
    collection: call.books.manualJournals,
    fields: {
      manualjournalid: (journal) => journal.id,
      narration: (journal) => journal.narration,
      status: (journal) => journal.status,
      date: (journal) => dayMs(journal.day),
      updateddateutc: (journal) => journal.updatedAtMs,
    },
    updatedAtMs: (journal) => journal.updatedAtMs,
    optimised: { equals: ['Narration'], order: ['ManualJournalID', 'UpdatedDateUTC', 'Date'] },
    toJson: (journal, isPaged) => wireJson(wireJournal(call, journal, isPaged)),
  });
}

function journalOf(call: ApiCall): ManualJournal {
  const journal = call.books.manualJournals.get((call.params.ManualJournalID ?? '').toLowerCase());
  if (!journal) throw notFound();
  return journal;
}

function upsert(call: ApiCall, sent: Sent): ElementOutcome {
  const id = typeof sent.ManualJournalID === 'string' ? sent.ManualJournalID.toLowerCase() : '';
  return writeJournal(call, call.books.manualJournals.get(id), sent);
}

export const manualJournalOperations: readonly Operation[] = [
  { id: 'getManualJournals', method: 'GET', path: '/ManualJournals', handle: listJournals },
  {
    id: 'createManualJournals',
    method: 'PUT',
    path: '/ManualJournals',
    handle: (call) =>
      writeElements(call, 'ManualJournals', (sent) => writeJournal(call, undefined, sent)),
  },
  {
    id: 'updateOrCreateManualJournals',
    method: 'POST',
    path: '/ManualJournals',
    handle: (call) => writeElements(call, 'ManualJournals', (sent) => upsert(call, sent)),
  },
  {
    id: 'getManualJournal',
    method: 'GET',
    path: '/ManualJournals/:ManualJournalID',
    handle: (call) =>
      answerList(call, 'ManualJournals', [wireJournal(call, journalOf(call), true)]),
  },
  {
    id: 'updateManualJournal',
    method: 'POST',
    path: '/ManualJournals/:ManualJournalID',
    handle: (call) => {
      const [sent = {}] = sentElements(call.body, 'ManualJournals');
      return answerList(call, 'ManualJournals', [
        orRefuse(writeJournal(call, journalOf(call), sent)),
      ]);
    },
  },
];
