import { z } from 'zod';
import { connectTexts } from './connect-texts.ts';
import { partyTexts } from './party-texts.ts';
import { requestTexts } from './request-texts.ts';
import { signInTexts } from './sign-in-texts.ts';
import { troubleTexts } from './trouble-texts.ts';

/** What a person can do about a failure. */
export const Remedy = z.enum(['wait', 'fix', 'reconnect', 'ask', 'retry', 'sign-in', 'none']);
export type Remedy = z.infer<typeof Remedy>;

export interface ErrorText {
  /** HTTP status of the problem document. */
  status: number;
  /** What happened, as a short sentence. */
  title: string;
  /** What to do about it, in plain words. */
  way: string;
  remedy: Remedy;
}

/**
 * One text per code. A problem's `detail` may say more about the case at hand; the code, the
 * title and the way out never change with it.
 */
export const errorTexts = {
  ...requestTexts,

  // The provider itself
  'provider.closed': {
    status: 403,
    title: 'This training provider is closed',
    way: 'Until its data is erased an Owner can undo that, under Settings, Provider.',
    remedy: 'ask',
  },
  'provider.not-closed': {
    status: 409,
    title: 'This training provider is open',
    way: 'One of its Owners closes it first, under Settings, Provider.',
    remedy: 'ask',
  },
  'provider.wrong-name': {
    status: 422,
    title: 'That is not the name of this provider',
    way: 'Type the name exactly as it stands at the top of the page.',
    remedy: 'fix',
  },
  'provider.not-exported': {
    status: 409,
    title: 'Your data has not been taken out yet',
    way: 'Download everything first: once the provider is erased, nobody can bring it back.',
    remedy: 'fix',
  },

  // Audit log
  'audit.check-under-way': {
    status: 409,
    title: 'There is no room for another check just now',
    way: 'Wait a moment: what a check finds stands here, and then you can check again.',
    remedy: 'wait',
  },

  // Support
  'support.too-many': {
    status: 429,
    title: 'There is no room for more just now',
    way: 'Close requests that are settled, write on one of them, or go on tomorrow.',
    remedy: 'fix',
  },
  'support.closed': {
    status: 409,
    title: 'This request is closed',
    way: 'Open it again, then write.',
    remedy: 'fix',
  },

  // Imports
  'import.unreadable': {
    status: 422,
    title: 'This file can’t be read, so nothing was imported',
    way: 'Correct the place named, or export the file again, and choose it once more.',
    remedy: 'fix',
  },
  'import.mapping-incomplete': {
    status: 422,
    title: 'Some needed columns have no match yet',
    way: 'Match at least a family name, or a full name, to a column.',
    remedy: 'fix',
  },
  'import.wrong-state': {
    status: 409,
    title: 'This import is not at that step',
    way: 'Open the import again to see where it stands.',
    remedy: 'fix',
  },

  // Runs
  'run.wrong-state': {
    status: 409,
    title: 'This run is not at that point',
    way: 'Open the run again to see where it stands.',
    remedy: 'fix',
  },
  'run.nothing-to-do': {
    status: 422,
    title: 'There is nothing to do here',
    way: 'Choose other learners, or connect Xero first.',
    remedy: 'fix',
  },

  'matching.changed': {
    status: 409,
    title: 'Something changed since you looked, so nothing was approved',
    way: 'Look at what was proposed anew, then approve again.',
    remedy: 'fix',
  },
  'matching.not-open': {
    status: 409,
    title: 'There is nothing to decide here any more',
    way: 'Open the page again to see where it stands.',
    remedy: 'fix',
  },
  'matching.contact-unavailable': {
    status: 409,
    title: 'This contact can’t be chosen',
    way: 'Choose another contact, or decide first about the one named.',
    remedy: 'fix',
  },
  'webhook.endpoint-off': {
    status: 409,
    title: 'This endpoint is turned off',
    way: 'Turn it on first, then send again.',
    remedy: 'fix',
  },
  'webhook.address-not-allowed': {
    status: 422,
    title: 'Bursar does not send to this address',
    way: 'Give an https address on the public internet.',
    remedy: 'fix',
  },

  // Talking to Xero
  'xero.refused': {
    status: 422,
    title: 'Xero did not accept this',
    way: 'Xero’s own reason stands below. Correct it and it is sent again by itself.',
    remedy: 'fix',
  },
  'xero.busy': {
    status: 503,
    title: 'Xero asked us to slow down',
    way: 'Nothing to do: it goes on by itself as soon as Xero allows it.',
    remedy: 'wait',
  },
  'xero.down': {
    status: 503,
    title: 'Xero does not answer at the moment',
    way: 'Nothing to do: we go on trying.',
    remedy: 'wait',
  },
  'xero.consent-lost': {
    status: 409,
    title: 'Bursar no longer has access to the Xero organisation',
    way: 'Connect again under Settings, Connected Apps. Nothing is lost meanwhile.',
    remedy: 'reconnect',
  },
  'xero.uncertain': {
    status: 503,
    title: 'Xero’s answer got lost, so it is being checked',
    way: 'Nothing to do: we look whether it arrived before sending it again.',
    remedy: 'wait',
  },
  ...partyTexts,
  ...connectTexts,
  ...signInTexts,
  ...troubleTexts,
} as const satisfies Record<string, ErrorText>;

export type ErrorCode = keyof typeof errorTexts;
export const ERROR_CODES = Object.keys(errorTexts) as [ErrorCode, ...ErrorCode[]];

/** RFC 9457 problem document, as every failing route of the API answers it. */
export const Problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: z.enum(ERROR_CODES),
  /** What is particular to this case. */
  detail: z.string().optional(),
  way: z.string(),
  remedy: Remedy,
  /** Reference to give to whoever runs this Bursar. */
  reference: z.string().optional(),
  /** Which fields are wrong and why. */
  fields: z.array(z.object({ field: z.string(), message: z.string() })).optional(),
  /** People here who may do what was refused. */
  whoMay: z.array(z.object({ name: z.string(), role: z.string() })).optional(),
  /** Seconds to wait before asking again. */
  retryAfterSeconds: z.int().optional(),
  /** Learners that look like the same person. */
  similar: z
    .array(z.object({ learnerId: z.string(), name: z.string(), learnerNumber: z.string() }))
    .optional(),
  /** Workplaces that look like the same one. */
  similarWorkplaces: z
    .array(z.object({ workplaceId: z.string(), name: z.string(), workplaceNumber: z.string() }))
    .optional(),
});
export type Problem = z.infer<typeof Problem>;
