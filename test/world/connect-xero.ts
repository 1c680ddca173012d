import { api } from '#contract/api';
import type { ConnectionId, XeroOrgId } from '#contract/ids';
import type { Emulator } from '../../emulator/server.ts';
import type { Client } from './client.ts';

/** Who there is in Xero, and which organisations; the same at every start. */
export const xeroUsers = {
  /** Adviser of the Australian and the New Zealand organisation. */
  adviser: 'ada.adviser@example.com',
  /** Standard user of the British organisation alone. */
  single: 'sam.single@example.com',
  /** Has a sign-in but no organisation. */
  none: 'nora.none@example.com',
  /** May look at the Australian organisation and connect nothing. */
  readOnly: 'rita.reader@example.com',
} as const;

export const xeroOrgs = {
  au: 'a0a0a0a0-0001-4000-8000-000000000001' as XeroOrgId,
  nz: 'a0a0a0a0-0002-4000-8000-000000000002' as XeroOrgId,
  uk: 'a0a0a0a0-0003-4000-8000-000000000003' as XeroOrgId,
} as const;

/** What someone does on Xero's pages. */
export interface AtXero {
  user?: string;
  /** One is allowed by default: the first that the user may connect. */
  organisations?: readonly XeroOrgId[] | 'all';
  decision?: 'allow' | 'cancel';
  /** Does not approve the matches that Bursar proposes; a story is about them. */
  leavesMatchesOpen?: boolean;
  /** Says yes when Bursar asks before it connects a single organisation. */
  confirm?: boolean;
  /** Beside what is connected already. */
  another?: boolean;
}

/** Where the browser stands after the way through Xero. */
export interface Landing {
  /** Path and query on Bursar. */
  path: string;
  outcome: string | null;
  connectionId: ConnectionId | null;
}

/** Begins to connect as the given person or key would, and goes the whole way through Xero. */
export async function connectXero(
  emulator: Emulator,
  client: Client,
  atXero: AtXero = {},
): Promise<Landing> {
  const { authorizeUrl } = await client.call(api.beginConsent, {
    body: { app: 'xero', another: atXero.another ?? false },
  });
  if (!authorizeUrl) throw new Error('Only a signed-in person is sent straight to Xero');
  const landing = await goThroughXero(emulator, client, authorizeUrl, atXero);
  return atXero.confirm && landing.outcome === 'choose' ? sayYes(client, landing) : landing;
}

/** Answers the question before an organisation is connected. */
async function sayYes(client: Client, landing: Landing): Promise<Landing> {
  const { connectionId } = landing;
  if (connectionId === null) throw new Error('Nothing is asked');
  const params = { connectionId };
  const { organisations } = await client.call(api.listChoices, { params });
  const [only, ...more] = organisations;
  if (!only || more.length > 0) throw new Error('Not exactly one organisation is asked about');
  const { xeroOrgId } = only;
  const { id } = await client.call(api.chooseOrganisation, { params, body: { xeroOrgId } });
  return { ...landing, outcome: 'connected', connectionId: id };
}

/** From Xero's address on: sign in there, decide, come back with this browser's cookies. */
export async function goThroughXero(
  emulator: Emulator,
  client: Client,
  authorizeUrl: string,
  atXero: AtXero = {},
): Promise<Landing> {
  const { user = xeroUsers.adviser, confirm: _, another: __, ...answer } = atXero;
  delete answer.leavesMatchesOpen;
  const callback = emulator.control.people.consent(authorizeUrl, { user, ...answer });
  return comeBack(client, callback);
}

/** Opens the address that Xero sends the browser back to, and follows where it leads. */
export async function comeBack(client: Client, callback: string): Promise<Landing> {
  const answer = await client.fetch(callback);
  const location = answer.headers.get('location');
  if (answer.status !== 302 || !location) {
    throw new Error(`The way back from Xero answered ${answer.status}: ${await answer.text()}`);
  }
  const { pathname, search, searchParams } = new URL(location, client.origin);
  const chosen = /^\/settings\/connected-apps\/([^/]+)\/choose$/.exec(pathname)?.[1];
  const connectionId = (chosen ?? searchParams.get('connection')) as ConnectionId | null;
  return {
    path: `${pathname}${search}`,
    outcome: chosen ? 'choose' : searchParams.get('outcome'),
    connectionId,
  };
}
