import { xeroScopes } from '#xero/index';
import type { Manifest } from './manifest.ts';

export const xeroManifest: Manifest = {
  key: 'xero',
  name: 'Xero',
  product: 'xero',
  consentAt: 'xero',
  summary:
    'Puts your learners into Xero as contacts and brings their invoices and payments back here.',
  about: [
    'A learner or workplace with Sync to Xero on becomes a contact in Xero within seconds, and later changes follow by themselves. A contact that is there already is found and linked, so nobody is in your books twice; what your bookkeeper changed there is shown and never overwritten unseen.',
    'Invoices stay Xero’s: your bookkeeper makes them there as before. What is invoiced, paid and still due then stands with the learner here, exact to the cent.',
    'When something can’t go through, the learner’s page says what, why and what to do. What waits goes on by itself as soon as it can.',
  ],
  price: 'Included in every package. Your Xero subscription is between you and Xero.',
  whoAllows:
    'In Xero, people with the roles Standard, Adviser and Subscriber can allow it, for the organisations they belong to.',
  flows: [
    { what: 'Learners and workplaces with Sync to Xero on, as contacts', direction: 'to-app' },
    { what: 'Later changes of their details, by your rules', direction: 'to-app' },
    {
      what: 'All contacts, to find who is there already and what was changed there',
      direction: 'from-app',
    },
    { what: 'Invoices, credit notes and prepayments of linked contacts', direction: 'from-app' },
    { what: 'Payments on them, and what is still due', direction: 'from-app' },
    {
      what: 'How the books are set up: currencies, lock dates, tax rates and accounts',
      direction: 'from-app',
    },
  ],
  scopes: xeroScopes.map(({ scope, why }) => ({ scope, why })),
};
