import { defaultAccounts, defaultTaxRates } from '../accounting/charts.ts';
import type { Organisation } from '../accounting/model.ts';
import { type Ids, seededIds } from '../core/ids.ts';
import type { World } from '../core/world.ts';
import type { Membership, XeroUser } from '../identity/model.ts';

/** Identifiers that never change, so that tests and people can name them. */
export const ORGANISATION_IDS = {
  au: 'a0a0a0a0-0001-4000-8000-000000000001',
  nz: 'a0a0a0a0-0002-4000-8000-000000000002',
  uk: 'a0a0a0a0-0003-4000-8000-000000000003',
} as const;
export const USER_IDS = {
  /** Adviser of the Australian and the New Zealand organisation. */
  adviser: 'b0b0b0b0-0001-4000-8000-000000000001',
  /** Standard user of the British organisation alone. */
  single: 'b0b0b0b0-0002-4000-8000-000000000002',
  /** Has a login but no organisation. */
  none: 'b0b0b0b0-0003-4000-8000-000000000003',
  /** Read-only in the Australian organisation: may not connect apps. */
  readOnly: 'b0b0b0b0-0004-4000-8000-000000000004',
} as const;

type OrganisationSeed = Pick<
  Organisation,
  | 'id'
  | 'name'
  | 'countryCode'
  | 'baseCurrency'
  | 'timezone'
  | 'taxNumber'
  | 'shortCode'
  | 'financialYearEnd'
>;

const ORGANISATIONS: readonly OrganisationSeed[] = [
  {
    id: ORGANISATION_IDS.au,
    name: 'Harbour Training Pty Ltd',
    countryCode: 'AU',
    baseCurrency: 'AUD',
    timezone: 'AUSEASTERNSTANDARDTIME',
    taxNumber: '11 111 111 138',
    shortCode: '!hT4Lm',
    financialYearEnd: { day: 30, month: 6 },
  },
  {
    id: ORGANISATION_IDS.nz,
    name: 'Southern Skills Institute',
    countryCode: 'NZ',
    baseCurrency: 'NZD',
    timezone: 'NEWZEALANDSTANDARDTIME',
    taxNumber: '101-2-303',
    shortCode: '!sK9Rw',
    financialYearEnd: { day: 31, month: 3 },
  },
  {
    id: ORGANISATION_IDS.uk,
    name: 'Northern Learning Partnership Ltd',
    countryCode: 'GB',
    baseCurrency: 'GBP',
    timezone: 'GMTSTANDARDTIME',
    taxNumber: 'GB 123456789',
    shortCode: '!nL2Px',
    financialYearEnd: { day: 31, month: 3 },
  },
];

const USERS: readonly XeroUser[] = [
  {
    id: USER_IDS.adviser,
    email: 'ada.adviser@example.com',
    givenName: 'Ada',
    familyName: 'Adviser',
  },
  { id: USER_IDS.single, email: 'sam.single@example.com', givenName: 'Sam', familyName: 'Single' },
  { id: USER_IDS.none, email: 'nora.none@example.com', givenName: 'Nora', familyName: 'None' },
  {
    id: USER_IDS.readOnly,
    email: 'rita.reader@example.com',
    givenName: 'Rita',
    familyName: 'Reader',
  },
];

const MEMBERSHIPS: readonly Omit<Membership, 'id'>[] = [
  { userId: USER_IDS.adviser, orgId: ORGANISATION_IDS.au, role: 'ADVISER' },
  { userId: USER_IDS.adviser, orgId: ORGANISATION_IDS.nz, role: 'ADVISER' },
  { userId: USER_IDS.single, orgId: ORGANISATION_IDS.uk, role: 'STANDARD' },
  { userId: USER_IDS.readOnly, orgId: ORGANISATION_IDS.au, role: 'READONLY' },
];

const CREATED_YEARS_AGO_MS = 4 * 365 * 86_400_000;

/** Lays users, organisations, charts of accounts and tax rates, without any papers. */
export function seedIdentity(world: World): void {
  const { registry } = world;
  for (const user of USERS) registry.users.put(user, 'seed');
  for (const [i, seed] of ORGANISATIONS.entries()) addOrganisation(world, seed, seededIds(i + 1));
  for (const { userId, orgId, role } of MEMBERSHIPS) {
    registry.memberships.put({ id: `${userId}:${orgId}`, userId, orgId, role }, 'seed');
  }
}

/** An organisation with its country's chart and rates; `ids` name those. */
export function addOrganisation(
  world: World,
  seed: OrganisationSeed,
  ids: Ids = world.ids,
): Organisation {
  const nowMs = world.clock.nowMs();
  const organisation: Organisation = {
    ...seed,
    legalName: seed.name,
    class: 'PREMIUM',
    isDemo: false,
    createdAtMs: nowMs - CREATED_YEARS_AGO_MS,
    periodLockDay: undefined,
    endOfYearLockDay: undefined,
  };
  world.registry.organisations.put(organisation, 'seed');
  const books = world.books(seed.id);
  if (!books) throw new Error('an organisation has books');
  for (const account of defaultAccounts(seed, ids, nowMs)) books.accounts.put(account, 'seed');
  for (const rate of defaultTaxRates(seed.countryCode, ids)) books.taxRates.put(rate, 'seed');
  books.brandingThemes.put(
    { id: ids.uuid(), name: 'Standard', sortOrder: 0, createdAtMs: organisation.createdAtMs },
    'seed',
  );
  const description =
    new Intl.DisplayNames('en', { type: 'currency' }).of(seed.baseCurrency) ?? seed.baseCurrency;
  books.currencies.put({ id: seed.baseCurrency, description }, 'seed');
  return organisation;
}
