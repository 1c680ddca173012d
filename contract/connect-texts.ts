import type { ErrorText } from './errors.ts';

/** What can stand in the way of connecting an app, from asking for it to its end. */
export const connectTexts = {
  'connection.not-licensed': {
    status: 403,
    title: 'Your package does not include this app',
    way: 'Ask the people who run Bursar to add it to your package.',
    remedy: 'ask',
  },
  'connection.not-configured': {
    status: 409,
    title: 'This Bursar has no Xero app yet',
    way: 'Whoever runs this Bursar sets XERO_CLIENT_ID and XERO_CLIENT_SECRET and starts it again.',
    remedy: 'ask',
  },
  'connection.on-hold': {
    status: 503,
    title: 'This Bursar is on hold and asks Xero nothing',
    way: 'It is a copy, or has moved. Whoever runs it and knows that it has moved runs: npm run bursar -- installation adopt',
    remedy: 'ask',
  },
  'connection.already-connected': {
    status: 409,
    title: 'Xero is connected already',
    way: 'Disconnect the present organisation first if you want another one.',
    remedy: 'fix',
  },
  'connection.still-connected': {
    status: 503,
    title: 'Xero did not confirm, so it is still connected',
    way: 'Disconnect again in a few minutes.',
    remedy: 'retry',
  },
  'connect-link.ended': {
    status: 410,
    title: 'This link no longer works',
    way: 'Ask the people who sent it to you for a new one.',
    remedy: 'ask',
  },
  'connect-link.members-only': {
    status: 403,
    title: 'This link is for people who work there',
    way: 'Sign in to Bursar with your account at this provider, then open the link again.',
    remedy: 'sign-in',
  },
  'consent.nothing-to-choose': {
    status: 409,
    title: 'Nothing waits to be chosen here any more',
    way: 'Connected Apps shows what is connected; connect from there if that is still to be done.',
    remedy: 'none',
  },
  'consent.cancelled': {
    status: 409,
    title: 'You did not allow access, so nothing was connected',
    way: 'Press Connect again when you are ready, signed in to Xero as someone who may allow it.',
    remedy: 'retry',
  },
  'consent.expired': {
    status: 410,
    title: 'That took longer than ten minutes, so the request to connect ended',
    way: 'Press Connect again.',
    remedy: 'retry',
  },
  'consent.wrong-state': {
    status: 400,
    title: 'This answer from Xero does not belong to a request made in this browser',
    way: 'Press Connect again in this browser. Nothing was connected.',
    remedy: 'retry',
  },
  'consent.refused-by-xero': {
    status: 502,
    title: 'Xero did not complete the connection',
    way: 'Press Connect again. If it fails again, the Xero app’s settings need a look by whoever runs Bursar.',
    remedy: 'retry',
  },
  'consent.no-organisation': {
    status: 409,
    title: 'This Xero sign-in can’t connect any organisation',
    way: 'In Xero the roles Standard, Adviser and Subscriber may connect apps. Ask a colleague who has one of them, or sign in to Xero as that person.',
    remedy: 'ask',
  },
  'consent.organisation-taken': {
    status: 409,
    title: 'That Xero organisation is connected to another training provider here',
    way: 'Choose another organisation, or have the other provider disconnect it first.',
    remedy: 'ask',
  },
} as const satisfies Record<string, ErrorText>;
