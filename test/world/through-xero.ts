import { api } from '#contract/api';
import type { Client } from './client.ts';
import type { World } from './world.ts';

/** A browser goes from an address of ours through Xero; answers where it stands then. */
export async function throughXero(
  world: World,
  client: Client,
  path: string,
  user: string,
): Promise<string> {
  const away = await client.fetch(path);
  return comeBack(world, client, away.headers.get('location') ?? '', user);
}

/** Somebody signed in ties their sign-in at Xero; answers where the browser stands then. */
export async function tieXero(
  world: World,
  client: Client,
  user: string,
  password?: string,
): Promise<string> {
  const body = password === undefined ? {} : { password };
  const { authorizeUrl } = await client.call(api.beginXeroTie, { body });
  return comeBack(world, client, authorizeUrl, user);
}

/** Signs up with Xero: a provider of one's own, whose Owner one is. */
export async function signUp(
  world: World,
  client: Client,
  user: string,
  providerName: string,
): Promise<void> {
  await throughXero(world, client, '/sign-up/xero', user);
  const { name } = await client.call(api.readXeroSignUp);
  await client.call(api.finishXeroSignUp, { body: { name, providerName, country: 'AU' } });
}

async function comeBack(world: World, client: Client, authorizeUrl: string, user: string) {
  const back = world.emulator.control.people.consent(authorizeUrl, { user });
  const landing = await client.fetch(back);
  const { pathname, search } = new URL(landing.headers.get('location') ?? '');
  return `${pathname}${search}`;
}
