import { plantsOfLooking } from './bugs-of-looking.ts';
import type { Plant } from './hooks.ts';

/** A fault that somebody could make, planted to see that it is found. */
export interface PlantedBug extends Plant {
  name: string;
  /** What was done wrong, in plain words. */
  what: string;
  /** The invariants of which one should break. */
  breaks: readonly string[];
  /** What else has to be changed, where two checks stand one behind the other. */
  also?: readonly Plant[];
}

export const plants: readonly PlantedBug[] = [
  {
    name: 'created-without-number',
    what: 'A contact is created without the learner number, so a lost answer makes a second one',
    breaks: ['I1', 'I10'],
    file: 'src/sync/push/send-contacts.ts',
    find: 'draftOf: (item) => draftOfNew(item.fields),',
    replace: 'draftOf: (item) => draftOfNew({ ...item.fields, contactNumber: null }),',
  },
  {
    name: 'first-found-for-everybody',
    what: 'After a lost answer the first contact found is taken for each learner looked for',
    breaks: ['I1', 'I10'],
    file: 'src/sync/push/push-learners.ts',
    find: 'const contact = found.get(foldNumber(item.party.number));',
    replace: 'const contact = [...found.values()][0];',
  },
  {
    name: 'rows-mixed-up',
    what: 'The rows of an answer are taken to come in the order in which they were sent',
    breaks: ['I1', 'I10'],
    file: 'src/sync/push/match-rows.ts',
    find: 'const [row = null, ...others] = named.get(by.item(item)) ?? [];',
    replace: 'const [row = null, ...others] = rows.slice(items.indexOf(item)).slice(0, 1);',
  },
  {
    name: 'present-for-sent-revision',
    what: 'The revision of the present is recorded as pushed, not the one that was sent',
    breaks: ['I10'],
    file: 'src/sync/push/record-outcomes.ts',
    find: 'afterPush(before, item.party.revision, outcome, run.now())',
    replace: 'afterPush(before, before.wantedRevision, outcome, run.now())',
  },
  {
    name: 'edit-meanwhile-forgotten',
    what: 'An edit that came while a push was under way does not make it wait again',
    breaks: ['I10'],
    file: 'src/sync/links/contact-link.ts',
    find: "standing: link.standing === null ? null : isBehind ? 'waiting' : 'in-step',",
    replace: "standing: link.standing === null ? null : 'in-step',",
  },
  {
    name: 'key-without-body',
    what: 'The idempotency key names the rows and not what is sent of them',
    breaks: ['I10'],
    file: 'src/sync/push/send-contacts.ts',
    find: 'const text = JSON.stringify([run.xeroOrgId, kind, state, drafts]);',
    replace: 'const text = JSON.stringify([run.xeroOrgId, kind, state.length, drafts.length]);',
  },
  {
    name: 'status-overlooked',
    what: 'A contact whose fields and date are known is taken for known, whatever its status',
    breaks: ['I10'],
    file: 'src/sync/pull/pull-contacts.ts',
    find: 'contactStatusOf(contact) === link.contactStatus &&',
    replace: 'true &&',
  },
  {
    name: 'restored-for-nothing',
    what: 'A contact that was restored in Xero stays blocked as archived',
    breaks: ['I10'],
    file: 'src/sync/links/contact-news.ts',
    find: "const wasRestored = link.contactStatus === 'archived' || link.contactStatus === 'erasing';",
    replace: 'const wasRestored = false;',
  },
  {
    name: 'rest-of-a-second-skipped',
    what: 'A walk goes on a second after the last row of a page: the rest of that second is lost',
    breaks: ['I3', 'I4'],
    file: 'src/sync/pull/cursor-store.ts',
    find: 'new Date(Math.floor(newest.getTime() / 1_000) * 1_000 - 1_000);',
    replace: 'new Date(Math.floor(newest.getTime() / 1_000) * 1_000 + 1_000);',
  },
  {
    name: 'notice-deleted-first',
    what: 'A notice is deleted before its paper is read',
    breaks: ['I2'],
    file: 'src/sync/pull/pull-documents.ts',
    find: 'const ids = waiting.map((notice) => notice.resourceId);',
    replace: `await run.record((tx) => removeNotices(tx, scope, xeroOrgId, waiting));
  const ids = waiting.map((notice) => notice.resourceId);`,
  },
  {
    name: 'taken-before-stored',
    what: 'A webhook is answered before what it says is stored',
    breaks: ['I2'],
    file: 'src/sync/pull/webhook-routes.ts',
    find: 'const dropped = await takeNotices(deps, notices);',
    replace: 'void takeNotices(deps, notices).catch(() => 0);\n    const dropped: number = 0;',
  },
  {
    name: 'any-signature',
    what: 'A webhook with a wrong signature is taken',
    breaks: ['I2'],
    file: 'src/sync/pull/webhook-routes.ts',
    find: 'if (webhookKey === null || !isXeroSignature(body, given, webhookKey)) {',
    replace: 'if (webhookKey === null || given === undefined) {',
  },
  {
    name: 'notices-to-the-first',
    what: 'All notices of a delivery go to the provider of its first organisation',
    breaks: ['I8', 'crash'],
    file: 'src/sync/pull/take-notices.ts',
    find: 'const providerId = lane.provider_id as ProviderId;',
    replace: 'const providerId = lanes[0]?.provider_id as ProviderId;',
  },
  {
    name: 'retry-after-ignored',
    what: 'A refusal is waited out by our own guess, not as long as Xero says',
    breaks: ['I6'],
    file: 'src/xero/read-failure.ts',
    find: 'const retryAt = plus(now, retryAfterMs(answer.headers) ?? BUSY_WAIT_MS[kind]);',
    replace: 'const retryAt = plus(now, BUSY_WAIT_MS[kind] / 10);',
  },
  {
    name: 'call-not-claimed',
    what: 'A call is made although there is no place for it',
    breaks: ['I6'],
    file: 'src/xero/budget.ts',
    find: 'if (!row?.granted) {',
    replace: "if (!row?.granted && row?.kind === 'day') {",
  },
  {
    name: 'dead-run-never-followed',
    what: 'The lane of a process that died is taken by nobody',
    breaks: ['I9'],
    file: 'src/sync/lane/lane-store.ts',
    find: `    .where('xero_org_id', '=', lease.xeroOrgId)
    .where('state', '=', 'running')
    .where((where) => where.or([where('lease_owner', 'is', null), where('lease_until', '<=', now)]))`,
    replace: `    .where('xero_org_id', '=', lease.xeroOrgId)
    .where('state', '=', 'running')
    .where('lease_owner', 'is', null)`,
  },
  {
    name: 'used-credit-forgotten',
    what: 'What a credit has left is its total, used or not',
    breaks: ['I3', 'I4'],
    file: 'src/sync/pull/mirror-documents.ts',
    find: 'const remainingMinor = isGone ? 0n : minor(credit.RemainingCredit);',
    replace: 'const remainingMinor = isGone ? 0n : minor(credit.Total);',
  },
  {
    name: 'void-owed',
    what: 'A voided invoice still counts as owed',
    breaks: ['I3', 'I4'],
    file: 'src/billing/document-store.ts',
    find: 'dueMinor: openOf(state, paper.dueMinor),',
    replace: 'dueMinor: paper.totalMinor - paper.paidMinor - paper.creditedMinor,',
  },
  {
    name: 'remark-forgotten',
    what: 'That the code was taken off in Xero is no longer said after another try',
    breaks: ['I10'],
    file: 'src/sync/links/link-store.ts',
    find: "and contact_links.base ->> 'contactNumber'",
    replace: "and contact_links.seen ->> 'contactNumber'",
  },
  {
    name: 'cents-cut-off',
    what: 'Amounts lose their cents on the way in',
    breaks: ['I3', 'I4'],
    file: 'src/xero/wire/money.ts',
    find: 'const decimal = new Decimal(amount);',
    replace: 'const decimal = new Decimal(amount).trunc();',
  },
  {
    name: 'walk-ends-at-its-page',
    what: 'A walk ends with its first page, whatever is on the next ones',
    breaks: ['I3', 'I9', 'I10'],
    file: 'src/sync/pull/walk.ts',
    find: 'changedAt: rows.map((row) => row.updatedAt), pageCount };',
    replace: 'changedAt: rows.map((row) => row.updatedAt), pageCount: 1 };',
  },
  {
    name: 'grant-renewed-unheld',
    what: 'A grant is renewed without holding its row',
    breaks: ['I7'],
    file: 'src/xero/grant-vault.ts',
    find: 'readGrant(tx, grantId, { lock: true })',
    replace: 'readGrant(tx, grantId, { lock: false })',
  },
  {
    name: 'older-overwrites',
    what: 'An older version of a paper overwrites a newer one',
    breaks: ['I5'],
    file: 'src/billing/document-store.ts',
    find: 'if (known && known.paper.changedAt > paper.changedAt) continue;',
    replace: '',
    also: [
      {
        file: 'src/billing/document-store.ts',
        find: '.where(sql<boolean>`excluded.changed_in_xero_at >= documents.changed_in_xero_at`)',
        replace: '',
      },
    ],
  },
  {
    name: 'older-settles',
    what: 'The payments of an older version of a paper replace those of a newer one',
    breaks: ['I5'],
    file: 'src/billing/document-store.ts',
    find: 'if (known && known.paper.changedAt > paper.changedAt) continue;',
    replace: '',
  },
  {
    name: 'lost-request-the-bookkeeper',
    what: 'What a lost request had written is taken for the bookkeeper’s doing',
    breaks: ['I10'],
    file: 'src/sync/push/offered.ts',
    find: 'Object.entries(offered ?? {})',
    replace: 'Object.entries({} as NonNullable<typeof offered>)',
  },
  {
    name: 'created-though-given',
    what: 'A contact is created for a learner who was given one by a merge meanwhile',
    breaks: ['I1'],
    file: 'src/sync/push/send-contacts.ts',
    find: 'link.contactId === null ? { ...link, uncertainSince, offered: fields } : null,',
    replace: '({ ...link, uncertainSince, offered: fields }),',
  },
  {
    name: 'merge-one-step',
    what: 'A merge is followed one step, not to the contact that is left',
    breaks: ['I10'],
    file: 'src/sync/push/find-contacts.ts',
    find: 'const MERGES_MAX = 5;',
    replace: 'const MERGES_MAX = 1;',
  },
  {
    name: 'cursor-before-rows',
    what: 'The cursor moves on before the rows of the page are stored',
    breaks: ['I3'],
    file: 'src/sync/pull/sweep.ts',
    find: `  await run.record(async (tx) => {
    await mirrorDocuments(run, tx, kind, page);
    const after = await advance(run, tx, cursor, page);`,
    replace: `  const after = await run.record((tx) => advance(run, tx, cursor, page));
  await run.record(async (tx) => {
    await mirrorDocuments(run, tx, kind, page);`,
  },
  {
    name: 'walk-by-page-number',
    what: 'A walk goes by page number, so rows slip through while others are edited',
    breaks: ['I3'],
    file: 'src/sync/pull/cursor-store.ts',
    find: 'const isForward = next !== null && (cursor.position === null || next > cursor.position);',
    replace: 'const isForward = next !== null && next.getTime() < 0;',
    also: [
      {
        file: 'src/sync/pull/cursor-store.ts',
        find: 'if (cursor.position !== null && cursor.page > 1) {',
        replace: 'if (cursor.position !== null && cursor.page > 1_000) {',
      },
      {
        file: 'src/sync/pull/cursor-store.ts',
        find: 'cursor.position === null ? cursor.page + 1 : page.pageCount',
        replace: 'cursor.page + 1',
      },
    ],
  },
  {
    name: 'our-clock-remembered',
    what: 'A sweep remembers when it was made by our clock, not what Xero said last',
    breaks: ['I3'],
    file: 'src/sync/pull/walk.ts',
    find: 'const saved = paced(cursor, after,',
    replace: 'const saved = paced(cursor, after.isWalking ? after : { ...after, readUntil: now },',
  },
  {
    name: 'said-again-deleted',
    what: 'A notice that was said again while its paper was read is deleted with the first',
    breaks: ['I2'],
    file: 'src/sync/pull/notice-store.ts',
    find: `
      and notices.heard = done.heard\``,
    replace: '`',
  },
  {
    name: 'call-forgotten',
    what: 'A lane that is called while it works rests all the same',
    breaks: ['I9'],
    file: 'src/sync/lane/run-lane.ts',
    find: 'giveBack(run, plan.until, lane.wakes,',
    replace: 'giveBack(run, plan.until, null,',
  },
  {
    name: 'lost-lane-writes',
    what: 'A run that lost its lane goes on writing',
    breaks: ['I9'],
    file: 'src/sync/lane/lane-store.ts',
    find: `    .where('lease_owner', '=', lease.owner)
    .where('state', '=', 'running')
    .returningAll()`,
    replace: `    .where('state', '=', 'running')
    .returningAll()`,
  },
  {
    name: 'moved-paper-stays',
    what: 'A paper that was moved to somebody else’s contact stays with the learner',
    breaks: ['I3', 'I4'],
    file: 'src/sync/pull/pull-documents.ts',
    find: 'await deps.billing.forget(tx, scope, strangers);',
    replace: '[];',
  },
  {
    name: 'only-invoices-of-the-late',
    what: 'Of a contact that is linked later only the invoices are read',
    breaks: ['I3', 'I4'],
    file: 'src/sync/pull/read-linked-papers.ts',
    find: 'DocumentKind.options.filter((kind) =>',
    replace: "DocumentKind.options.filter((kind) => kind === 'invoice' &&",
  },
  {
    name: 'bills-for-sales',
    what: 'Bills and suppliers’ credits are taken for papers of sales',
    breaks: ['I3', 'I4'],
    file: 'src/sync/pull/mirror-documents.ts',
    find: 'return SALES.has(row.Type.toUpperCase());',
    replace: 'return row.Type.length > 0;',
  },
  {
    name: 'nothing-decided',
    what: 'A decision about nothing counts as sent, and what is said of the code is forgotten',
    breaks: ['I10'],
    file: 'src/sync/drift/decide-drift.ts',
    find: 'if (fields.length === 0) {',
    replace: 'if (fields.length < 0) {',
  },
  {
    name: 'refused-filter-repeated',
    what: 'A filter that Xero refuses for the number of rows is asked for again and again',
    breaks: ['I3', 'I4', 'I9'],
    file: 'src/xero/xero-errors.ts',
    find: 'return error instanceof XeroRefusedError && FILTER_REFUSED.has(error.httpStatus);',
    replace: 'return error instanceof XeroRefusedError && error.httpStatus < 400;',
  },
  {
    name: 'nothing-for-empty',
    what: 'An answer without its list is read as a list of nothing',
    breaks: ['I1'],
    file: 'src/xero/xero-client.ts',
    find: "if (body !== null && typeof body === 'object' && key in body) return body;",
    replace: "if (body !== null && typeof body === 'object') return body;",
  },
  {
    name: 'decided-push-passes-for-sent',
    what: 'What somebody decided to push passes for sent when the organisation is connected again',
    breaks: ['I10'],
    file: 'src/sync/drift/with-drift.ts',
    find: 'pushedRevision: isToSend ? null : link.pushedRevision,',
    replace: 'pushedRevision: link.pushedRevision,',
  },
  ...plantsOfLooking,
];

/** Everything that one bug changes. */
export function patchesOf({ also = [], ...first }: PlantedBug): readonly Plant[] {
  return [first, ...also];
}
