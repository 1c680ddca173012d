import type { TroubleCode } from '#contract/connection-life';
import type { ErrorCode } from '#contract/errors';
import { DAY_MS, HOUR_MS } from '#platform/clock';
import type { Scope } from '#platform/scope';
import {
  type Urgency,
  type WireOrganisation,
  XeroBusyError,
  XeroConsentError,
  XeroDownError,
  XeroError,
  type XeroOrgAccess,
  xeroScopes,
} from '#xero/index';
import { comeAlive } from '../come-alive.ts';
import type { Connection } from '../connection.ts';
import { holdConnection, moveBackToActive } from '../connection-store.ts';
import type { ConnectionsDeps } from '../deps.ts';
import { followOrganisation } from './follow-organisation.ts';
import { isClockOff, judgeClock } from './judge-clock.ts';
import { noteLife } from './life-store.ts';
import { planNextLook } from './plan-look.ts';
import { endTrouble, refineTrouble } from './record-trouble.ts';
import { OVER_WHEN_REACHED, troubleOfOutage } from './trouble.ts';

type FailureCode = TroubleCode | 'xero.busy' | 'xero.down';

/** What a light call found. `code` is null where nothing is known to be wrong. */
export type Finding =
  | { works: true; organisationName: string }
  | { works: false; code: FailureCode; detail: string | null };

/**
 * Who may draft neither may only look. Xero's description names thirteen acts and none about contacts,
 * and what it does not name is not known to be refused.
 */
const DRAFTS = ['CreateDraftInvoice', 'CreateDraftBill'];
/** Less a day, since the hour of a reset is not known. */
const DEMO_LIFE_MS = 27 * DAY_MS;
/** A person who may do all that is needed and was refused all the same is not tried again soon. */
const CONTRADICTION_WAIT_MS = 6 * HOUR_MS;

/**
 * Looks whether a connection works by having the organisation describe itself, which Xero counts
 * as no egress, and records what that says: a new name, a trouble that began or is over, the way
 * back to active. At most three calls. Never throws for what Xero answers.
 */
export async function checkConnection(
  deps: ConnectionsDeps,
  scope: Scope,
  connection: Connection,
  urgency: Urgency,
): Promise<Finding> {
  const access = accessOf(scope, connection);
  if (!access) return { works: false, code: 'xero.grant-dead', detail: null };
  const org = deps.xero.client.forOrg(access, urgency);
  try {
    const wire = await org.organisation();
    const held = await reasonToHold(deps, connection, () => org.refusedActs());
    const finding: Finding =
      held === null
        ? { works: true, organisationName: wire.Name }
        : { works: false, code: held.code, detail: null };
    await recordReached(deps, scope, access, wire, held);
    return finding;
  } catch (error) {
    if (!(error instanceof XeroError)) throw error;
    return recordFailure(deps, scope, connection, access, error);
  }
}

/**
 * What calls to a connection's organisation are made with; null once its grant was erased, and
 * while no organisation is chosen.
 */
export function accessOf(
  scope: Scope,
  { id, grantId, organisation }: Connection,
): XeroOrgAccess | null {
  if (grantId === null || organisation === null) return null;
  const { providerId } = scope;
  return { providerId, connectionId: id, xeroOrgId: organisation.xeroOrgId, grantId };
}

interface Held {
  code: TroubleCode;
  /** Until when it is not worth looking again; null: as usual. */
  waitMs: number | null;
}

/** Why a connection that lost its consent stays so although the light call gets through. */
async function reasonToHold(
  deps: ConnectionsDeps,
  { state, trouble, grantId }: Connection,
  refusedActs: () => Promise<string[]>,
): Promise<Held | null> {
  if (state !== 'needs-consent') return null;
  switch (trouble?.code) {
    case 'xero.scope-missing': {
      const standing = grantId === null ? null : await deps.xero.standingOf(grantId);
      const lacks = xeroScopes.some(({ scope }) => !standing?.scopes.includes(scope));
      return lacks ? { code: 'xero.scope-missing', waitMs: null } : null;
    }
    case 'xero.access-removed':
    case 'xero.person-demoted': {
      const refused = await refusedActs();
      const mayOnlyLook = DRAFTS.every((act) => refused.includes(act));
      if (mayOnlyLook) return { code: 'xero.person-demoted', waitMs: null };
      // Refused a moment ago, and now everything is allowed: only time can tell which is true.
      return trouble.code === 'xero.access-removed'
        ? { code: 'xero.person-demoted', waitMs: CONTRADICTION_WAIT_MS }
        : null;
    }
    default:
      return null;
  }
}

async function recordReached(
  deps: ConnectionsDeps,
  scope: Scope,
  { connectionId, xeroOrgId }: XeroOrgAccess,
  wire: WireOrganisation,
  held: Held | null,
): Promise<void> {
  const { database, clock } = deps;
  await database.asProvider(scope.providerId, async (tx) => {
    await holdConnection(tx, scope, connectionId);
    await followOrganisation(deps, tx, scope, connectionId, wire);
    const now = clock.now();
    await noteLife(tx, scope, connectionId, {
      checked_at: now,
      described_at: now,
      failing_since: null,
    });
    if (held) await refineTrouble(deps, tx, scope, connectionId, held.code);
    await endTrouble(deps, tx, scope, connectionId, OVER_WHEN_REACHED);
    await judgeClock(deps, tx, scope, connectionId);
    const organisationName = wire.Name;
    if (!held && (await moveBackToActive(tx, scope, connectionId, organisationName))) {
      await comeAlive(deps, tx, scope, { connectionId, xeroOrgId, organisationName });
    }
    await planNextLook(deps, tx, scope, connectionId, held?.waitMs ?? null);
  });
}

async function recordFailure(
  deps: ConnectionsDeps,
  scope: Scope,
  connection: Connection,
  access: XeroOrgAccess,
  error: XeroError,
): Promise<Finding> {
  const code = await codeOf(deps, connection, access, error);
  await deps.database.asProvider(scope.providerId, async (tx) => {
    await holdConnection(tx, scope, connection.id);
    await noteLife(tx, scope, connection.id, { checked_at: deps.clock.now() });
    if (error instanceof XeroConsentError || isOutage(connection.trouble?.code)) {
      await refineTrouble(deps, tx, scope, connection.id, code);
    }
    await planNextLook(deps, tx, scope, connection.id, null);
  });
  return { works: false, code, detail: error.detail ?? null };
}

/** One outage may turn into another one while it lasts. */
function isOutage(code: ErrorCode | undefined): boolean {
  return OVER_WHEN_REACHED.some((one) => one === code);
}

async function codeOf(
  deps: ConnectionsDeps,
  connection: Connection,
  access: XeroOrgAccess,
  error: XeroError,
): Promise<FailureCode> {
  if (error instanceof XeroBusyError) return 'xero.busy';
  if (error instanceof XeroDownError) return troubleOfOutage[error.why];
  if (!(error instanceof XeroConsentError)) return 'xero.down';
  switch (error.reason) {
    case 'grant-dead':
      return 'xero.grant-dead';
    case 'scope-missing':
      return 'xero.scope-missing';
    case 'token-refused':
      return isClockOff(deps) ? 'xero.clock-skew' : 'xero.token-refused';
    case 'access-removed':
      return whoseAccessEnded(deps, connection, access);
  }
}

/**
 * Xero answers 403 alike when the organisation was disconnected and when the person lost their
 * rights in it; whether the connection still stands there tells the two apart.
 */
async function whoseAccessEnded(
  deps: ConnectionsDeps,
  connection: Connection,
  { grantId, xeroOrgId }: XeroOrgAccess,
): Promise<TroubleCode> {
  try {
    const standing = await deps.xero.connections.list(grantId, null);
    if (standing.some((one) => one.xeroOrgId === xeroOrgId)) return 'xero.person-demoted';
    return isOldDemo(connection, deps.clock.now()) ? 'xero.demo-reset' : 'xero.access-removed';
  } catch (error) {
    if (error instanceof XeroConsentError && error.reason === 'grant-dead') {
      return 'xero.grant-dead';
    }
    if (error instanceof XeroError) return 'xero.access-removed';
    throw error;
  }
}

/** Demo companies live for 28 days; whoever connected one at its beginning sees it end then. */
function isOldDemo({ organisation, connectedAt }: Connection, now: Date): boolean {
  if (!organisation?.isDemo || connectedAt === null) return false;
  return now.getTime() - connectedAt.getTime() >= DEMO_LIFE_MS;
}
