import type { ErrorText } from './errors.ts';

/** What can stand in the way of signing in, and of what a sign-in must be strong enough for. */
export const signInTexts = {
  'sign-in.second-factor-required': {
    status: 403,
    title: 'This needs a sign-in with a second factor',
    way: 'Open Settings, Security: set up an authenticator app or a passkey, or sign in again with yours.',
    remedy: 'fix',
  },
  'sign-in.code-wrong': {
    status: 422,
    title: 'That code is not right',
    way: 'Type the code that your app shows now, or a recovery code that was not used yet. Each works once.',
    remedy: 'fix',
  },
  'sign-in.step-ended': {
    status: 410,
    title: 'This sign-in took too long or had too many wrong codes',
    way: 'Sign in again from the beginning.',
    remedy: 'sign-in',
  },
  'sign-in.password-wrong': {
    status: 422,
    title: 'That is not your present password',
    way: 'Type the password you sign in with now.',
    remedy: 'fix',
  },
  'sign-in.second-factor-state': {
    status: 409,
    title: 'The second factor is not in that state',
    way: 'Load this page again to see whether it is on.',
    remedy: 'fix',
  },
  'sign-in.passkey-refused': {
    status: 422,
    title: 'This passkey did not work',
    way: 'Try again and let your device check that it is you, by PIN, finger or face; or sign in with your password.',
    remedy: 'retry',
  },
  'sign-in.too-old': {
    status: 403,
    title: 'You signed in more than a day ago',
    way: 'Sign out and in again, then repeat this.',
    remedy: 'sign-in',
  },
  'sign-in.person-only': {
    status: 403,
    title: 'Only a signed-in person has these settings',
    way: 'Sign in at Bursar’s pages; an API key has no password and no second factor.',
    remedy: 'fix',
  },
  'sign-in.xero-tied': {
    status: 409,
    title: 'That Xero sign-in belongs to another person here',
    way: 'Sign in to Xero as yourself, or untie it there first.',
    remedy: 'fix',
  },
  'sign-in.last-way': {
    status: 409,
    title: 'This is the only way you can sign in',
    way: 'Set a password first, then remove this.',
    remedy: 'fix',
  },
  'sign-up.ended': {
    status: 410,
    title: 'This sign-up has ended',
    way: 'Begin again with Sign up with Xero.',
    remedy: 'retry',
  },
  'sign-up.email-known': {
    status: 409,
    title: 'Somebody with this e-mail is here already',
    way: 'Sign in with your password, then tie Xero under Settings, Security.',
    remedy: 'sign-in',
  },
  'password.link-ended': {
    status: 410,
    title: 'This link has ended',
    way: 'Ask for a new one at “Forgotten password”. Each works once, for one hour.',
    remedy: 'retry',
  },
  'invitation.ended': {
    status: 410,
    title: 'This invitation has ended',
    way: 'Ask whoever invited you for a new one. Each works once, for seven days.',
    remedy: 'ask',
  },
  'invitation.too-many': {
    status: 429,
    title: 'Enough people were invited today',
    way: 'Invite the others tomorrow.',
    remedy: 'wait',
  },
  'invitation.other-person': {
    status: 409,
    title: 'This invitation is for someone else',
    way: 'Sign out, then open the link again as the person it was sent to.',
    remedy: 'sign-in',
  },
  'invitation.sign-in-first': {
    status: 409,
    title: 'You are known here already',
    way: 'Sign in as usual, then open the link again.',
    remedy: 'sign-in',
  },
  'member.known': {
    status: 409,
    title: 'This person works here already',
    way: 'Change the role in the list of people.',
    remedy: 'fix',
  },
  'person.known': {
    status: 409,
    title: 'Somebody has an account with this e-mail already',
    way: 'Ask the person whether the account is theirs. If it is, repeat this with --existing; if not, have them choose a new password at “Forgotten password” first: the mailed link takes the account over.',
    remedy: 'ask',
  },
  'member.last-owner': {
    status: 409,
    title: 'A provider needs at least one Owner',
    way: 'Make someone else an Owner first.',
    remedy: 'fix',
  },
} as const satisfies Record<string, ErrorText>;
