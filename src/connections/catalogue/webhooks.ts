import type { Manifest } from './manifest.ts';

export const webhooksManifest: Manifest = {
  key: 'webhooks',
  name: 'Webhooks',
  product: 'webhooks',
  consentAt: null,
  summary: 'Tells your other programs, signed and within seconds, when something changed here.',
  about: [
    'You name an address of yours and what it is to be told of. Each message is signed in the Standard Webhooks format, so that your program can tell it from a forgery with a library that exists for its language.',
    'A message that does not get through is tried again for about a day. What was sent, what was answered and when stands in a log, and anything in it can be sent again.',
    'Messages hold ids and facts: your program asks the API for the rest. Where something went wrong it is told as the code of its cause. No names, no addresses, no secrets.',
  ],
  price: 'Included in every package.',
  whoAllows: null,
  flows: [
    { what: 'A connection was made, paused, lost or ended', direction: 'to-app' },
    { what: 'A learner or workplace was linked to a contact in Xero', direction: 'to-app' },
    { what: 'An invoice came from Xero or changed there', direction: 'to-app' },
    { what: 'A learner or workplace could not be sent to Xero', direction: 'to-app' },
  ],
  scopes: [],
};
