import { xeroScopes } from '#xero/index';
import type { Manifest } from './manifest.ts';

export const xeroManifest: Manifest = {
  key: 'xero',
  name: 'Xero',
  product: 'xero',
  summary:
    'Puts your learners into Xero as contacts and brings their invoices and payments back here.',
  flows: [
    { what: 'Learners with Sync to Xero on, as contacts', direction: 'to-app' },
    { what: 'Later changes of their details', direction: 'to-app' },
    { what: 'Invoices and credit notes of linked contacts', direction: 'from-app' },
    { what: 'Payments on them, and what is still due', direction: 'from-app' },
  ],
  scopes: xeroScopes.map(({ scope, why }) => ({ scope, why })),
};
