import { z } from 'zod';
import { AppKey } from './connections.ts';
import { PageQuery, pageOf } from './paging.ts';
import { route } from './route.ts';
import { line, lines } from './text.ts';

export const SUPPORT_SUBJECT_MAX = 150;
export const SUPPORT_TEXT_MAX = 5_000;

/** What somebody asks or answers. */
export const SupportText = lines(SUPPORT_TEXT_MAX).min(1, 'must not be empty');
const Subject = line(SUPPORT_SUBJECT_MAX).min(1, 'must not be empty');

export const SupportRequestId = z.uuid().toLowerCase().brand<'SupportRequestId'>();
export type SupportRequestId = z.infer<typeof SupportRequestId>;

/** `open`: the people who run Bursar are to act. `answered`: those who asked are. */
export const SupportState = z.enum(['open', 'answered', 'closed']);
export type SupportState = z.infer<typeof SupportState>;

export const SupportRequest = z.object({
  id: SupportRequestId,
  subject: z.string(),
  state: SupportState,
  /** The app it is about, if it is about one. */
  app: z.string().nullable(),
  askedBy: z.string(),
  askedAt: z.iso.datetime(),
  changedAt: z.iso.datetime(),
  messageCount: z.int(),
});
export type SupportRequest = z.infer<typeof SupportRequest>;

export const SupportMessage = z.object({
  id: z.uuid(),
  /** Who wrote it: someone of the provider, or the people who run this Bursar. */
  from: z.enum(['provider', 'operator']),
  author: z.string(),
  text: z.string(),
  at: z.iso.datetime(),
});
export type SupportMessage = z.infer<typeof SupportMessage>;

export const SupportThread = SupportRequest.extend({ messages: z.array(SupportMessage) });
export type SupportThread = z.infer<typeof SupportThread>;

/** What may be done with a request in a state; the server checks it, pages read it. */
export function supportCan(state: SupportState): {
  reply: boolean;
  close: boolean;
  reopen: boolean;
} {
  return { reply: state !== 'closed', close: state !== 'closed', reopen: state === 'closed' };
}

const oneRequest = z.object({ requestId: SupportRequestId });

export const supportRoutes = {
  listSupportRequests: route({
    method: 'GET',
    path: '/api/v1/support-requests',
    permission: 'support.use',
    tag: 'Support',
    summary: 'What this provider has asked the people who run Bursar, newest first',
    query: PageQuery.extend({ state: SupportState.optional() }),
    answer: pageOf(SupportRequest),
  }),
  getSupportRequest: route({
    method: 'GET',
    path: '/api/v1/support-requests/:requestId',
    permission: 'support.use',
    tag: 'Support',
    summary: 'One request with everything that was written',
    params: oneRequest,
    answer: SupportThread,
  }),
  openSupportRequest: route({
    method: 'POST',
    path: '/api/v1/support-requests',
    permission: 'support.use',
    tag: 'Support',
    summary: 'Ask the people who run Bursar; they are told by e-mail',
    body: z.object({ subject: Subject, text: SupportText, app: AppKey.nullable().default(null) }),
    answer: SupportThread,
  }),
  replyToSupportRequest: route({
    method: 'POST',
    path: '/api/v1/support-requests/:requestId/messages',
    permission: 'support.use',
    tag: 'Support',
    summary: 'Write more on a request that is not closed',
    params: oneRequest,
    body: z.object({ text: SupportText }),
    answer: SupportThread,
  }),
  closeSupportRequest: route({
    method: 'POST',
    path: '/api/v1/support-requests/:requestId/close',
    permission: 'support.use',
    tag: 'Support',
    summary: 'Close a request; repeating it is harmless',
    params: oneRequest,
    answer: SupportThread,
  }),
  reopenSupportRequest: route({
    method: 'POST',
    path: '/api/v1/support-requests/:requestId/reopen',
    permission: 'support.use',
    tag: 'Support',
    summary: 'Open a closed request again; repeating it is harmless',
    params: oneRequest,
    answer: SupportThread,
  }),
};
