/**
 * What Bursar asks for at Xero and why: the one table from which both the authorize address and
 * the catalogue page are made, so that nothing is asked for that is not explained. Granular
 * scopes only, the least that does the job.
 */
export const xeroScopes = [
  { scope: 'openid', why: 'To know which Xero person gave the permission.' },
  { scope: 'profile', why: 'To show the name of the person who connected.' },
  { scope: 'email', why: 'To tell apart people of one name.' },
  {
    scope: 'offline_access',
    why: 'To keep learners and invoices in step while nobody is signed in to Xero.',
  },
  {
    scope: 'accounting.contacts',
    why: 'To add learners as contacts and keep their details up to date.',
  },
  {
    scope: 'accounting.invoices.read',
    why: 'To show a learner’s invoices and credit notes. They are never changed.',
  },
  {
    scope: 'accounting.payments.read',
    why: 'To show what was paid, prepaid and overpaid, also when it is undone. Nothing of it is changed.',
  },
  {
    scope: 'accounting.settings.read',
    why: 'To read the organisation’s name, country, currencies, lock dates, tax rates and accounts.',
  },
] as const;

/** The scopes as the authorize address wants them. */
export const scopeText = xeroScopes.map(({ scope }) => scope).join(' ');
