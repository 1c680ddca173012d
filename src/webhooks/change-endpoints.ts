import { randomBytes } from 'node:crypto';
import {
  WEBHOOK_ENDPOINTS_MAX,
  WEBHOOK_OVERLAP_HOURS,
  type WebhookEndpoint,
  type WebhookKind,
} from '#contract/webhooks';
import { AppError } from '#platform/app-error';
import { HOUR_MS, plus } from '#platform/clock';
import type { Tx } from '#platform/database';
import { newId } from '#platform/ids';
import { announce } from '#platform/live-updates';
import type { Scope } from '#platform/scope';
import { holdProvider } from '#providers/index';
import { checkedUrl, NotAllowedError } from './addresses.ts';
import { failWaiting } from './delivery-store.ts';
import type { WebhooksDeps } from './deps.ts';
import {
  changeEndpoint,
  deleteEndpoint,
  type EndpointRow,
  findEndpoint,
  insertEndpoint,
  listEndpoints,
  oldSecretPlace,
  presentEndpoint,
  secretPlace,
} from './endpoint-store.ts';
import { refuseUnlicensed } from './may-send.ts';

export interface WithSecret {
  endpoint: WebhookEndpoint;
  /** Shown this once; stored sealed. */
  secret: string;
}

const SECRET_BYTES = 32;

/**
 * Adds an endpoint.
 * @throws AppError `webhook.address-not-allowed`, `connection.not-licensed`, `request.invalid`
 *   when there are as many as there may be
 */
export async function addEndpoint(
  deps: WebhooksDeps,
  scope: Scope,
  wish: { url: string; description: string; kinds: WebhookKind[] },
): Promise<WithSecret> {
  const url = usable(deps, wish.url);
  const id = newId();
  const secret = newSecret();
  const now = deps.clock.now();
  return deps.database.asProvider(scope.providerId, async (tx) => {
    await refuseUnlicensed(tx, scope);
    await holdProvider(tx, scope);
    if ((await listEndpoints(tx, scope)).length >= WEBHOOK_ENDPOINTS_MAX) {
      const detail = `There are ${WEBHOOK_ENDPOINTS_MAX} endpoints already; remove one first.`;
      throw new AppError('request.invalid', detail);
    }
    const sealedSecret = deps.secrets.seal(secret, secretPlace(id));
    const { kinds, description } = wish;
    await insertEndpoint(tx, scope, { id, url, description, kinds, sealedSecret }, now);
    await deps.events.append(tx, scope, {
      kind: 'webhook.endpoint-added',
      endpointId: id,
      url,
      kinds,
    });
    await announce(tx, scope.providerId, 'webhooks', [id]);
    return { endpoint: presentEndpoint(await lockedEndpoint(tx, scope, id), now), secret };
  });
}

/** Changes what is given; turning an endpoint on again lets it begin afresh. */
export async function editEndpoint(
  deps: WebhooksDeps,
  scope: Scope,
  id: string,
  wish: {
    url?: string | undefined;
    description?: string | undefined;
    kinds?: WebhookKind[] | undefined;
    isActive?: boolean | undefined;
  },
): Promise<WebhookEndpoint> {
  const { isActive, ...given } = wish;
  const now = deps.clock.now();
  return deps.database.asProvider(scope.providerId, async (tx) => {
    const present = await lockedEndpoint(tx, scope, id);
    const url = given.url === undefined ? present.url : usable(deps, given.url);
    const kinds = given.kinds ?? (present.kinds as WebhookKind[]);
    const description = given.description ?? present.description;
    await changeEndpoint(tx, scope, id, { url, kinds, description });
    const isOther = given.url !== undefined || given.kinds || given.description !== undefined;
    const facts = { endpointId: id, url };
    if (isOther)
      await deps.events.append(tx, scope, { kind: 'webhook.endpoint-changed', ...facts, kinds });
    if (isActive === true && present.state === 'disabled') {
      await turnOn(tx, scope, id, now);
      await deps.events.append(tx, scope, { kind: 'webhook.endpoint-enabled', ...facts });
    }
    if (isActive === false && present.state === 'active') {
      await turnOff(tx, scope, id, 'person', now);
      const because = 'someone turned it off';
      await deps.events.append(tx, scope, { kind: 'webhook.endpoint-disabled', ...facts, because });
    }
    await announce(tx, scope.providerId, 'webhooks', [id]);
    return presentEndpoint(await lockedEndpoint(tx, scope, id), now);
  });
}

/**
 * Removes an endpoint with all its deliveries and their log. One that is not here is fine, so that
 * a removal may be repeated.
 */
export async function removeEndpoint(deps: WebhooksDeps, scope: Scope, id: string): Promise<void> {
  await deps.database.asProvider(scope.providerId, async (tx) => {
    const present = await findEndpoint(tx, scope, id, { lock: true });
    if (!present) return;
    await deleteEndpoint(tx, scope, id);
    const { url } = present;
    await deps.events.append(tx, scope, { kind: 'webhook.endpoint-removed', endpointId: id, url });
    await announce(tx, scope.providerId, 'webhooks', [id]);
  });
}

/** Makes a new secret; for a day each message is signed with both, so that none is refused. */
export async function rotateSecret(
  deps: WebhooksDeps,
  scope: Scope,
  id: string,
): Promise<WithSecret> {
  const { secrets, clock } = deps;
  const secret = newSecret();
  const now = clock.now();
  return deps.database.asProvider(scope.providerId, async (tx) => {
    const present = await lockedEndpoint(tx, scope, id);
    const before = secrets.open(present.sealed_secret, secretPlace(id));
    await changeEndpoint(tx, scope, id, {
      sealed_secret: secrets.seal(secret, secretPlace(id)),
      sealed_old_secret: secrets.seal(before, oldSecretPlace(id)),
      old_secret_until: plus(now, WEBHOOK_OVERLAP_HOURS * HOUR_MS),
    });
    const { url } = present;
    await deps.events.append(tx, scope, { kind: 'webhook.secret-rotated', endpointId: id, url });
    await announce(tx, scope.providerId, 'webhooks', [id]);
    return { endpoint: presentEndpoint(await lockedEndpoint(tx, scope, id), now), secret };
  });
}

/** Turns an endpoint off; what waits for it has failed and can be replayed. */
export async function turnOff(
  tx: Tx,
  scope: Scope,
  id: string,
  because: 'person' | 'failing',
  now: Date,
): Promise<void> {
  await changeEndpoint(tx, scope, id, { state: 'disabled', disabled_because: because });
  await failWaiting(tx, id, now);
}

function turnOn(tx: Tx, scope: Scope, id: string, now: Date): Promise<void> {
  return changeEndpoint(tx, scope, id, {
    state: 'active',
    disabled_because: null,
    failures: 0,
    failing_since: null,
    next_try_at: now,
  });
}

/**
 * An endpoint that nobody else changes, turns off or sends to until the transaction ends.
 * @throws AppError `request.not-found`
 */
export async function lockedEndpoint(tx: Tx, scope: Scope, id: string): Promise<EndpointRow> {
  const row = await findEndpoint(tx, scope, id, { lock: true });
  if (!row) throw new AppError('request.not-found');
  return row;
}

function usable(deps: WebhooksDeps, text: string): string {
  try {
    return checkedUrl(text, deps.allowLocal).href;
  } catch (error) {
    if (!(error instanceof NotAllowedError)) throw error;
    throw new AppError('webhook.address-not-allowed', error.message, {
      extras: { fields: [{ field: 'url', message: error.message }] },
    });
  }
}

/** In the form that the libraries of Standard Webhooks take. */
function newSecret(): string {
  return `whsec_${randomBytes(SECRET_BYTES).toString('base64')}`;
}
