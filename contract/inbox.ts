import { z } from 'zod';
import { XeroOrgId } from './ids.ts';
import { PageQuery, pageOf } from './paging.ts';
import { NoContent, route } from './route.ts';
import { lines, opaque, sought } from './text.ts';

/** What a person can do about a problem, as a button or a link. */
export const ProblemRemedy = z.enum([
  'retry',
  'fixed-in-xero',
  'edit-learner',
  'merge-learners',
  'relink',
  'review-matches',
  'decide',
  'match-again',
  'set-rules',
  'reconnect',
  'open-run',
  'see-mails',
  'wait',
]);
export type ProblemRemedy = z.infer<typeof ProblemRemedy>;

export const ProblemSubject = z.enum(['learner', 'organisation', 'run', 'mail']);
export type ProblemSubject = z.infer<typeof ProblemSubject>;

interface ProblemText {
  title: string;
  words: string;
  subject: ProblemSubject;
  remedies: readonly ProblemRemedy[];
}

/** One text per cause: what is wrong, what it means, and what can be done. */
export const problemTexts = {
  'connection.lost': {
    title: 'Bursar no longer has access to Xero',
    words: 'Nothing flows until someone connects again. Nothing is lost meanwhile.',
    subject: 'organisation',
    remedies: ['reconnect'],
  },
  'lane.paused': {
    title: 'Xero makes us wait',
    words: 'It goes on by itself as soon as Xero allows it.',
    subject: 'organisation',
    remedies: ['wait'],
  },
  'lane.refused': {
    title: 'Xero refuses or fails at something that is to be done',
    words:
      'It is tried again by itself, at least every hour. Everything else goes on meanwhile. If it stays, ask whoever runs Bursar.',
    subject: 'organisation',
    remedies: ['retry', 'wait'],
  },
  'matching.open': {
    title: 'Matches wait for approval',
    words: 'Nothing is written to Xero before somebody has looked who is whom there.',
    subject: 'organisation',
    remedies: ['review-matches'],
  },
  'learner.incomplete': {
    title: 'Xero needs more about these learners',
    words: 'Fill in what is named; each goes to Xero by itself then.',
    subject: 'learner',
    remedies: ['edit-learner'],
  },
  'contact.archived': {
    title: 'The contact is archived in Xero',
    words:
      'Archived contacts can’t be changed. Restore it in Xero, and sync goes on by itself. If another contact has taken its place, link to that one.',
    subject: 'learner',
    remedies: ['relink', 'fixed-in-xero'],
  },
  'contact.erasing': {
    title: 'Xero was asked to erase this person',
    words: 'Nothing is sent any more. Turn Sync to Xero off if that is right.',
    subject: 'learner',
    remedies: ['edit-learner', 'fixed-in-xero'],
  },
  'contact.gone': {
    title: 'The contact is no longer in Xero',
    words:
      'The link leads to a contact that Xero does not have now. If there is another one, link to that.',
    subject: 'learner',
    remedies: ['relink', 'retry', 'fixed-in-xero'],
  },
  'contact.merged': {
    title: 'Two contacts that are linked here were merged in Xero',
    words:
      'If both are one, merge the learners, or turn Sync to Xero off for the one that is named here: the other has the contact that is left. If they are two, link this one to another contact.',
    subject: 'learner',
    remedies: ['merge-learners', 'relink', 'fixed-in-xero'],
  },
  'contact.code-taken': {
    title: 'Another contact has the learner number as its code',
    words: 'Clear the code of the other contact in Xero, or give the learner another number.',
    subject: 'learner',
    remedies: ['fixed-in-xero'],
  },
  'contact.name-taken': {
    title: 'Another active contact has the same name',
    words: 'Rename one of the two contacts in Xero.',
    subject: 'learner',
    remedies: ['fixed-in-xero'],
  },
  'contact.email-refused': {
    title: 'Xero does not take the e-mail address',
    words: 'Correct it here; the learner is sent again by itself.',
    subject: 'learner',
    remedies: ['edit-learner', 'retry'],
  },
  'contact.refused': {
    title: 'Xero did not accept the contact',
    words: 'Xero’s own reason stands below. Correct what it names, then try again.',
    subject: 'learner',
    remedies: ['retry', 'edit-learner', 'fixed-in-xero'],
  },
  'contact.undecided': {
    title: 'Is this contact this learner?',
    words:
      'Somebody has to decide, on the page of each, before anything is sent. Matching them again makes new contacts for those like whom nobody is in Xero, and leaves the doubtful ones here.',
    subject: 'learner',
    remedies: ['decide', 'match-again'],
  },
  'drift.open': {
    title: 'Changed in Xero, different here',
    words:
      'Decide for each field whether yours or Xero’s stands. Everything else goes on meanwhile.',
    subject: 'learner',
    remedies: ['decide', 'set-rules'],
  },
  'paper.unreadable': {
    title: 'Papers in Xero that Bursar can’t read',
    words:
      'They have a form or state that is new to Bursar. What was known before is shown meanwhile, and no agreement is claimed. If they are as they should be in Xero, ask whoever runs Bursar for a newer version: it reads them by itself.',
    subject: 'learner',
    remedies: ['retry'],
  },
  'run.failed': {
    title: 'A run has failed',
    words: 'What it had done stays. Start it again once the reason is gone.',
    subject: 'run',
    remedies: ['open-run'],
  },
  'mail.failed': {
    title: 'An e-mail could not be sent',
    words: 'The mail server refused it for a day.',
    subject: 'mail',
    remedies: ['see-mails'],
  },
} as const satisfies Record<string, ProblemText>;

export const ProblemCode = z.enum(
  Object.keys(problemTexts) as [keyof typeof problemTexts, ...(keyof typeof problemTexts)[]],
);
export type ProblemCode = z.infer<typeof ProblemCode>;

export const InboxEntry = z.object({
  subjectId: z.string(),
  /** Whether a learner or a workplace is concerned; null for anything else. */
  partyKind: z.enum(['learner', 'workplace']).nullable(),
  /** Who or what is concerned: "Ana Lima (L00012)". */
  label: z.string(),
  xeroOrgId: XeroOrgId.nullable(),
  since: z.iso.datetime().nullable(),
  /** Why this one in particular. */
  reasons: z.array(z.string()),
  ignored: z
    .object({ note: z.string().nullable(), by: z.string(), at: z.iso.datetime() })
    .nullable(),
});
export type InboxEntry = z.infer<typeof InboxEntry>;

/** One cause with all it concerns. */
export const InboxProblem = z.object({
  /** Names the problem in acts: the cause, and Xero's message where causes differ by it. */
  key: z.string(),
  code: ProblemCode,
  /** What Xero itself said, once for all. */
  xeroSays: z.array(z.string()),
  since: z.iso.datetime().nullable(),
  count: z.int(),
  /** The first of them. */
  entries: z.array(InboxEntry),
});
export type InboxProblem = z.infer<typeof InboxProblem>;

/** Entries that one look shows of each problem. */
export const ENTRIES_SHOWN = 10;

const problemKey = opaque(120);
const subjectIds = z.array(opaque(64)).min(1).max(500);

export const inboxRoutes = {
  syncInbox: route({
    method: 'GET',
    path: '/api/v1/sync/inbox',
    permission: 'learners.view',
    tag: 'Sync',
    summary: 'Every problem of the sync once, by cause; empties itself when causes are gone',
    answer: z.object({
      problems: z.array(InboxProblem),
      ignored: z.array(InboxProblem),
    }),
  }),
  listProblemEntries: route({
    method: 'GET',
    path: '/api/v1/sync/inbox/entries',
    permission: 'learners.view',
    tag: 'Sync',
    summary: 'All that one problem concerns, by name, whether put aside or not',
    query: PageQuery.extend({
      key: problemKey,
      /** Part of a name, number or reason. */
      search: sought().optional(),
    }),
    answer: pageOf(InboxEntry),
  }),
  syncInboxCount: route({
    method: 'GET',
    path: '/api/v1/sync/inbox/count',
    permission: 'learners.view',
    tag: 'Sync',
    summary: 'How many learners, papers and organisations have a problem that nobody ignores',
    answer: z.object({ open: z.int() }),
  }),
  retryProblem: route({
    method: 'POST',
    path: '/api/v1/sync/inbox/retry',
    permission: 'learners.sync',
    tag: 'Sync',
    summary: 'Look again at once, after something was fixed here or in Xero: all of them, or some',
    body: z.object({ key: problemKey, subjectIds: subjectIds.optional() }),
    answer: z.object({ tried: z.int() }),
  }),
  ignoreProblem: route({
    method: 'POST',
    path: '/api/v1/sync/inbox/ignore',
    permission: 'learners.sync',
    tag: 'Sync',
    summary: 'Put a problem aside with a note; it comes back when its cause changes',
    body: z.object({
      key: problemKey,
      subjectIds: subjectIds.optional(),
      note: lines(500).optional(),
    }),
    answer: z.object({ ignored: z.int() }),
  }),
  unignoreProblem: route({
    method: 'POST',
    path: '/api/v1/sync/inbox/unignore',
    permission: 'learners.sync',
    tag: 'Sync',
    summary: 'Bring what was put aside back',
    body: z.object({ key: problemKey, subjectIds: subjectIds.optional() }),
    answer: NoContent,
  }),
};
