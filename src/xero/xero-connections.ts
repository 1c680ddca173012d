import { z } from 'zod';
import type { XeroOrgId } from '#contract/ids';
import { type Clock, plus } from '#platform/clock';
import type { XeroConfig } from '#platform/config';
import type { CallWatch } from './call-watch.ts';
import type { GrantVault } from './grant-vault.ts';
import { failureOf, parseJson, TROUBLE_WAIT_MS } from './read-failure.ts';
import type { Send, WireAnswer, WireRequest } from './request.ts';
import { instantOf } from './wire/date.ts';
import { XeroConsentError, XeroDownError } from './xero-errors.ts';

/** One organisation that a Xero user has connected with our app, at whatever time. */
export interface XeroConnection {
  /** Xero's id of the connection; the organisation has another. */
  id: string;
  xeroOrgId: XeroOrgId;
  organisationName: string;
  /** The consent that made or renewed it. */
  authEventId: string | null;
  updatedAt: Date | null;
}

export interface XeroConnections {
  /**
   * The organisations that this grant reaches; with `authEventId` those of that consent alone.
   * Without it Xero lists every organisation the person ever connected.
   */
  list(grantId: string, authEventId: string | null): Promise<XeroConnection[]>;
  /** Disconnects at Xero. One that is gone already is fine. */
  remove(grantId: string, xeroConnectionId: string): Promise<void>;
}

const guid = z.guid().transform((id) => id.toLowerCase());
const Row = z.object({
  id: guid,
  tenantId: guid,
  tenantType: z.string(),
  tenantName: z.string().nullish(),
  authEventId: z.string().nullish(),
  updatedDateUtc: z.string().nullish(),
});

/**
 * These calls are made for a person and no organisation, so they take no place in a budget. A token
 * that Xero refuses is renewed once.
 * @throws XeroError as Xero answers, from both
 */
export function createXeroConnections(deps: {
  config: XeroConfig;
  clock: Clock;
  vault: GrantVault;
  send: Send;
  watch: Pick<CallWatch, 'noteDate'>;
}): XeroConnections {
  const { config, clock, vault, send } = deps;

  async function call(
    grantId: string,
    method: WireRequest['method'],
    path: string,
  ): Promise<WireAnswer> {
    let token = await vault.freshToken(grantId);
    for (let round = 1; ; round += 1) {
      const answer = await attempt(method, path, token.accessToken);
      deps.watch.noteDate(answer);
      if (answer.status !== 401 || round > 1) return answer;
      token = await vault.freshToken(grantId, token.generation);
    }
  }

  async function attempt(method: WireRequest['method'], path: string, accessToken: string) {
    try {
      return await send({
        method,
        url: `${config.apiUrl}${path}`,
        headers: { authorization: `Bearer ${accessToken}`, accept: 'application/json' },
      });
    } catch (error) {
      // Reading may be repeated, and so may deleting: one that is gone is as good as deleted.
      const retryAt = plus(clock.now(), TROUBLE_WAIT_MS);
      throw new XeroDownError('Xero does not answer.', retryAt, { cause: error });
    }
  }

  async function list(grantId: string, authEventId: string | null): Promise<XeroConnection[]> {
    const query = authEventId === null ? '' : `?authEventId=${encodeURIComponent(authEventId)}`;
    const answer = await call(grantId, 'GET', `/connections${query}`);
    const failure = failureOf(answer, false, clock.now());
    if (failure) throw failure;
    const rows = z.array(Row).parse(parseJson(answer.text));
    return rows
      .filter((row) => row.tenantType === 'ORGANISATION')
      .map((row) => ({
        id: row.id,
        xeroOrgId: row.tenantId as XeroOrgId,
        organisationName: row.tenantName ?? 'Unnamed organisation',
        authEventId: row.authEventId ?? null,
        updatedAt: instantOf(row.updatedDateUtc),
      }));
  }

  /**
   * Xero has told a client of a connection that was not there by refusing its token, which the list
   * takes. Whatever keeps the list from coming leaves it open.
   */
  async function isGone(grantId: string, xeroConnectionId: string): Promise<boolean> {
    const listed = await list(grantId, null).catch(() => null);
    return listed?.every(({ id }) => id !== xeroConnectionId.toLowerCase()) ?? false;
  }

  return {
    list,

    async remove(grantId, xeroConnectionId) {
      try {
        const answer = await call(grantId, 'DELETE', `/connections/${xeroConnectionId}`);
        if (answer.status === 404) return;
        const failure = failureOf(answer, false, clock.now());
        // No access to it any more is what was wanted.
        if (failure instanceof XeroConsentError && answer.status === 403) return;
        if (failure) throw failure;
      } catch (error) {
        const isRefused = error instanceof XeroConsentError && error.reason === 'token-refused';
        if (!isRefused || !(await isGone(grantId, xeroConnectionId))) throw error;
      }
    },
  };
}
