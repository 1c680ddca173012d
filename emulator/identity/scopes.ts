/**
 * Which scopes exist and which path needs which. The official description still names the broad
 * ones alone, so this table is our own, after the granular scopes of March 2026.
 */

const READABLE = [
  'accounting.contacts',
  'accounting.invoices',
  'accounting.payments',
  'accounting.banktransactions',
  'accounting.manualjournals',
  'accounting.settings',
  'accounting.attachments',
];
const READ_ONLY = [
  'accounting.budgets.read',
  'accounting.journals.read',
  ...['aged', 'balancesheet', 'banksummary', 'budgetsummary'].map(reportScope),
  ...['executivesummary', 'profitandloss', 'trialbalance', 'taxreports'].map(reportScope),
];
const IDENTITY = ['openid', 'profile', 'email', 'offline_access', 'paymentservices'];
const BROAD = [
  'accounting.transactions',
  'accounting.transactions.read',
  'accounting.reports.read',
];

const GRANULAR_SCOPES: ReadonlySet<string> = new Set([
  ...IDENTITY,
  ...READABLE,
  ...READABLE.map((scope) => `${scope}.read`),
  ...READ_ONLY,
]);

function reportScope(name: string): string {
  return `accounting.reports.${name}.read`;
}

/** What each scope lets an app do, for the consent page. */
const DESCRIPTIONS: Readonly<Record<string, string>> = {
  openid: 'Know who you are',
  profile: 'See your name',
  email: 'See your e-mail address',
  offline_access: 'Stay connected when you are away',
  'accounting.contacts': 'View and manage contacts',
  'accounting.invoices': 'View and manage invoices and credit notes',
  'accounting.payments': 'View and manage payments',
  'accounting.banktransactions': 'View and manage bank transactions',
  'accounting.manualjournals': 'View and manage manual journals',
  'accounting.settings': 'View and manage settings',
  'accounting.attachments': 'View and manage attachments',
};

/** What a scope allows, for the consent page; one that has no words here stands by its own name. */
export function describeScope(scope: string): string {
  const base = scope.replace(/\.read$/, '');
  const text = DESCRIPTIONS[base] ?? base;
  return scope === base ? text : text.replace('View and manage', 'View');
}

/** Whether a scope exists at all, for apps that may or may not use the broad ones. */
export function isKnownScope(scope: string, allowsBroad: boolean): boolean {
  return GRANULAR_SCOPES.has(scope) || (allowsBroad && BROAD.includes(scope));
}

const RESOURCE_SCOPES: Readonly<Record<string, readonly string[]>> = {
  contacts: ['accounting.contacts'],
  contactgroups: ['accounting.contacts'],
  invoices: ['accounting.invoices', 'accounting.transactions'],
  creditnotes: ['accounting.invoices', 'accounting.transactions'],
  repeatinginvoices: ['accounting.invoices', 'accounting.transactions'],
  items: ['accounting.invoices', 'accounting.transactions', 'accounting.settings'],
  payments: ['accounting.payments', 'accounting.transactions'],
  batchpayments: ['accounting.payments', 'accounting.transactions'],
  prepayments: ['accounting.payments', 'accounting.transactions'],
  overpayments: ['accounting.payments', 'accounting.transactions'],
  banktransactions: ['accounting.banktransactions', 'accounting.transactions'],
  manualjournals: ['accounting.manualjournals', 'accounting.transactions'],
  organisation: ['accounting.settings'],
  accounts: ['accounting.settings'],
  taxrates: ['accounting.settings'],
  currencies: ['accounting.settings'],
  trackingcategories: ['accounting.settings'],
  brandingthemes: ['accounting.settings'],
  users: ['accounting.settings'],
};

/**
 * Whether the granted scopes allow a call. `path` is what follows `/api.xro/2.0`. Reading is
 * allowed by the `.read` scope too; files need the attachments scope.
 */
export function isCallAllowed(granted: readonly string[], method: string, path: string): boolean {
  const [resource = '', , child = ''] = path.toLowerCase().split('/').filter(Boolean);
  const known = RESOURCE_SCOPES[resource];
  // A path that does not exist is answered 404 further on, whatever the scopes.
  if (!known) return true;
  const accepted = child === 'attachments' ? ['accounting.attachments'] : known;
  const isRead = method === 'GET' || method === 'HEAD';
  return accepted.some(
    (scope) => granted.includes(scope) || (isRead && granted.includes(`${scope}.read`)),
  );
}

/** Whether a request only asks who someone is: no organisation is chosen for it then. */
export function isIdentityOnly(scopes: readonly string[]): boolean {
  return scopes.every((scope) => ['openid', 'profile', 'email'].includes(scope));
}
