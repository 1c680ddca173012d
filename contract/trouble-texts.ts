import type { ErrorText } from './errors.ts';

/** What can be wrong with a connection, and what one may not do with it as it stands. */
export const troubleTexts = {
  'connection.paused': {
    status: 409,
    title: 'This connection is paused',
    way: 'Resume it under Settings, Connected Apps. What waits is sent then.',
    remedy: 'fix',
  },
  'connection.wrong-state': {
    status: 409,
    title: 'This connection is not in a state that allows it',
    way: 'Open the connection again to see where it stands.',
    remedy: 'fix',
  },
  'xero.grant-dead': {
    status: 409,
    title: 'The permission given in Xero has ended',
    way: 'Reconnect, signed in to Xero as someone who may allow it. What waits is kept and sent then.',
    remedy: 'reconnect',
  },
  'xero.access-removed': {
    status: 409,
    title: 'Bursar was disconnected in Xero',
    way: 'Reconnect if that was not meant. What waits is kept and sent then.',
    remedy: 'reconnect',
  },
  'xero.demo-reset': {
    status: 409,
    title: 'Xero seems to have reset this demo company',
    way: 'Xero empties demo companies after 28 days and disconnects apps. Reconnect to go on with the fresh one; papers of the old one then leave Bursar too.',
    remedy: 'reconnect',
  },
  'xero.person-demoted': {
    status: 409,
    title: 'The person who connected no longer has the rights in Xero that Bursar needs',
    way: 'Have their role in Xero set to Standard or Adviser again, and it goes on by itself; or reconnect as someone who has one of them.',
    remedy: 'reconnect',
  },
  'xero.scope-missing': {
    status: 409,
    title: 'The permission given in Xero does not cover everything that is needed',
    way: 'Reconnect once, so that Xero asks for what is missing. Settings and links stay.',
    remedy: 'reconnect',
  },
  'xero.token-refused': {
    status: 409,
    title: 'Xero refuses our access although it was renewed just now',
    way: 'We try again by ourselves. If it lasts longer than an hour, reconnect.',
    remedy: 'reconnect',
  },
  'xero.app-refused': {
    status: 503,
    title: 'Xero does not accept this Bursar’s app',
    way: 'Whoever runs this Bursar checks XERO_CLIENT_ID and XERO_CLIENT_SECRET against the app at Xero. It goes on by itself after that.',
    remedy: 'ask',
  },
  'xero.key-missing': {
    status: 503,
    title: 'The stored permission does not open with this Bursar’s encryption keys',
    way: 'Whoever runs this Bursar brings back the key that sealed it (ENCRYPTION_KEYS). It goes on by itself after that.',
    remedy: 'ask',
  },
  'xero.other-app': {
    status: 503,
    title: 'This Bursar is set to another Xero app than the one that was given permission',
    way: 'Whoever runs this Bursar sets XERO_CLIENT_ID and XERO_IDENTITY_URL as they were: the permission is kept, and it goes on by itself then. If the other app is meant to stay, connect each organisation once more by Connect another organisation.',
    remedy: 'ask',
  },
  'xero.organisation-offline': {
    status: 503,
    title: 'Xero says that this organisation is offline',
    way: 'Nothing to do: we look again every few minutes, and what waits is sent when it is back.',
    remedy: 'wait',
  },
  'xero.unreachable': {
    status: 503,
    title: 'Xero has not answered for some time',
    way: 'Nothing to do: we look again every few minutes, and what waits is sent when it is back.',
    remedy: 'wait',
  },
  'xero.clock-skew': {
    status: 503,
    title: 'This Bursar’s clock differs from Xero’s by minutes',
    way: 'Whoever runs this Bursar sets the clock of the machine (time synchronisation). Until then dates may be off, and Xero may refuse our access.',
    remedy: 'ask',
  },
  'xero.webhooks-silent': {
    status: 503,
    title: 'Xero’s notices of changes no longer arrive',
    way: 'Nothing is lost: changes are found by looking, only later. Whoever runs this Bursar looks at the webhooks of the app at Xero and switches them on again.',
    remedy: 'ask',
  },
} as const satisfies Record<string, ErrorText>;
