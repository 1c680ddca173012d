import type { ErrorText } from './errors.ts';

/** How any request can fail, whatever it is about. */
export const requestTexts = {
  // Asking
  'request.invalid': {
    status: 400,
    title: 'Something in this request is not right',
    way: 'Correct the fields named and send it again.',
    remedy: 'fix',
  },
  'request.too-large': {
    status: 413,
    title: 'That is more than can be taken at once',
    way: 'Send it in smaller parts.',
    remedy: 'fix',
  },
  'request.not-found': {
    status: 404,
    title: 'There is nothing here',
    way: 'Check the address, or go back to the list.',
    remedy: 'none',
  },
  'request.conflict': {
    status: 409,
    title: 'Someone else changed this meanwhile',
    way: 'Look at the newest version and make your change again.',
    remedy: 'fix',
  },
  'request.too-many': {
    status: 429,
    title: 'Too many requests',
    way: 'Wait a minute and try again.',
    remedy: 'wait',
  },
  'request.wrong-origin': {
    status: 403,
    title: 'This request did not come from Bursar’s own pages',
    way: 'Open Bursar at its usual address and try again.',
    remedy: 'fix',
  },
  'server.unexpected': {
    status: 500,
    title: 'Something went wrong on our side',
    way: 'Try again. If it happens twice, tell the people who run Bursar and give them the reference.',
    remedy: 'retry',
  },
  'server.busy': {
    status: 503,
    title: 'Bursar is busy or starting',
    way: 'Try again in a few seconds.',
    remedy: 'wait',
  },

  // People and rights
  'session.missing': {
    status: 401,
    title: 'You are not signed in',
    way: 'Sign in and try again.',
    remedy: 'sign-in',
  },
  'session.bad-credentials': {
    status: 401,
    title: 'E-mail or password is wrong',
    way: 'Check both and try again.',
    remedy: 'fix',
  },
  'session.too-many-attempts': {
    status: 429,
    title: 'Too many attempts to sign in',
    way: 'Wait a few minutes and try again.',
    remedy: 'wait',
  },
  'session.no-provider': {
    status: 403,
    title: 'You do not belong to this training provider',
    way: 'Choose a provider you belong to, or ask its owner to add you.',
    remedy: 'ask',
  },
  'permission.missing': {
    status: 403,
    title: 'Your role does not allow this',
    way: 'Ask someone who may do it; they are named beside the message.',
    remedy: 'ask',
  },
  'api-key.invalid': {
    status: 401,
    title: 'This API key is unknown or revoked',
    way: 'Use a key that is listed as active, sent as “Authorization: Bearer …”.',
    remedy: 'fix',
  },
} as const satisfies Record<string, ErrorText>;
