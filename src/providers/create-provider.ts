import type { ProviderId } from '#contract/ids';
import type { SecondFactorPolicy } from '#contract/sign-in';
import { AppError } from '#platform/app-error';
import type { Clock } from '#platform/clock';
import type { Database } from '#platform/database';
import { newId } from '#platform/ids';
import { ownScope } from '#platform/scope';
import { grantLicence, PRODUCTS } from './licence-store.ts';
import { insertProvider, type Provider } from './provider-store.ts';

/** Where a provider's day begins unless it says otherwise: the zone of each country's largest city. */
const HOME_ZONES: Record<string, string> = {
  AU: 'Australia/Sydney',
  NZ: 'Pacific/Auckland',
  GB: 'Europe/London',
  IE: 'Europe/Dublin',
  US: 'America/New_York',
  CA: 'America/Toronto',
  SG: 'Asia/Singapore',
  ZA: 'Africa/Johannesburg',
};

export interface NewProvider {
  name: string;
  /** ISO 3166 two-letter code. */
  country: string;
  timeZone?: string | undefined;
  /** Whether Owners and Admins must have a second factor; required unless said. */
  secondFactor?: SecondFactorPolicy;
}

/**
 * Makes a training provider with the full package.
 * @throws AppError `request.invalid` for a country or a time zone that does not exist
 */
export async function createProvider(
  deps: { database: Database; clock: Clock },
  wish: NewProvider,
): Promise<Provider> {
  const country = wish.country.toUpperCase();
  if (!/^[A-Z]{2}$/.test(country)) {
    throw new AppError('request.invalid', 'The country is a two-letter code, such as AU.');
  }
  const timeZone = wish.timeZone ?? HOME_ZONES[country] ?? 'UTC';
  if (!Intl.supportedValuesOf('timeZone').includes(timeZone) && timeZone !== 'UTC') {
    throw new AppError('request.invalid', `There is no time zone “${timeZone}”.`);
  }
  const provider: Provider = {
    id: newId<ProviderId>(),
    name: wish.name,
    country,
    timeZone,
    secondFactor: wish.secondFactor ?? 'required',
    colleagueLinks: 'anybody',
  };
  const at = deps.clock.now();
  await deps.database.asProvider(provider.id, async (tx) => {
    await insertProvider(tx, provider, at);
    for (const product of PRODUCTS) await grantLicence(tx, ownScope(provider.id), product, at);
  });
  return provider;
}
