import type { ProviderId } from '#contract/ids';
import type { EventLog } from '#events/index';
import { type Clock, DAY_MS, MINUTE_MS, plus } from '#platform/clock';
import type { Database } from '#platform/database';
import type { Logger } from '#platform/logger';
import { ownScope, type Scope } from '#platform/scope';
import type { Anchors } from './anchors.ts';
import { listErasures, noteCheck, uncheckedSince } from './audit-store.ts';
import { type Verdict, verifyChain } from './verify-chain.ts';

interface Deps {
  database: Database;
  clock: Clock;
  events: EventLog;
  logger: Logger;
  anchors: Anchors;
}

/** Chains that one look at what is due goes through. */
const CHECKED_AT_ONCE = 20;
const LOOKED_EVERY_MS = 10 * MINUTE_MS;

/** Checks a provider's chain now and keeps the verdict. */
export async function checkChain(deps: Deps, scope: Scope): Promise<Verdict> {
  const { database, clock, events, logger } = deps;
  const { providerId } = scope;
  const anchored = (await deps.anchors.read()).get(providerId) ?? new Map();
  const verdict = await verifyChain(database, providerId, anchored);
  const fault = verdict.fault?.words ?? null;
  if (fault) logger.error({ providerId, fault }, 'the audit log is not as it was sealed');
  await database.asProvider(providerId, async (tx) => {
    const { entries } = verdict;
    await noteCheck(tx, scope, { checkedAt: clock.now(), entries, fault });
    const isAsked = scope.actor.kind !== 'bursar';
    if (!isAsked && !fault) return;
    await events.append(tx, scope, { kind: 'audit.checked', entries: Number(entries), fault });
  });
  return verdict;
}

/** Has every chain checked once a day, by whichever worker looks first. */
export function createDailyChecks(deps: Deps): () => Promise<void> {
  let nextLook = deps.clock.now();
  return async () => {
    const now = deps.clock.now();
    if (now < nextLook) return;
    nextLook = plus(now, LOOKED_EVERY_MS);
    const due = await deps.database.asSystem((tx) =>
      uncheckedSince(tx, plus(now, -DAY_MS), CHECKED_AT_ONCE),
    );
    for (const id of due) await checkChain(deps, ownScope(id as ProviderId));
  };
}

export interface ProviderVerdict extends Verdict {
  providerId: ProviderId;
  /** When the whole log was erased with its provider, if it was. */
  erasedAt: Date | null;
}

/**
 * Checks the chains of these providers, and of everyone who is only known from the notes outside
 * the database: a log that vanished is a fault unless it was erased as a whole.
 */
export async function verifyAll(
  deps: Pick<Deps, 'database' | 'anchors'>,
  providerIds: readonly ProviderId[],
  options: { alsoVanished: boolean },
): Promise<ProviderVerdict[]> {
  const anchors = await deps.anchors.read();
  const erasures = await deps.database.asSystem(listErasures);
  const vanished = options.alsoVanished
    ? [...anchors.keys()].filter((id) => !providerIds.includes(id))
    : [];
  const verdicts: ProviderVerdict[] = [];
  for (const providerId of [...providerIds, ...vanished]) {
    const anchored = anchors.get(providerId) ?? new Map<bigint, string>();
    // Whoever owns the database can note an erasure of anybody: only what is gone was erased.
    const erasure = vanished.includes(providerId)
      ? erasures.find((one) => one.provider_id === providerId)
      : undefined;
    if (erasure && fits(erasure, anchored)) {
      const left = await verifyChain(deps.database, providerId, new Map());
      if (left.entries === 0n) {
        verdicts.push({ ...left, providerId, erasedAt: erasure.erased_at });
        continue;
      }
    }
    const verdict = await verifyChain(deps.database, providerId, anchored);
    verdicts.push({ ...verdict, providerId, erasedAt: null });
  }
  return verdicts;
}

/** An erasure accounts for what was noted up to where it found the chain's end. */
function fits(
  erasure: { position: bigint; hash: Buffer | null },
  anchored: ReadonlyMap<bigint, string>,
): boolean {
  for (const [position, hash] of anchored) {
    if (position > erasure.position) return false;
    if (position === erasure.position && hash !== erasure.hash?.toString('hex')) return false;
  }
  return true;
}
