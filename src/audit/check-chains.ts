import { sql } from 'kysely';
import type { ProviderId } from '#contract/ids';
import type { EventLog } from '#events/index';
import type { Clock } from '#platform/clock';
import type { Database, Tx } from '#platform/database';
import type { Logger } from '#platform/logger';
import type { Scope } from '#platform/scope';
import type { Anchors } from './anchors.ts';
import { listErasures, noteCheck } from './audit-store.ts';
import { type Restore, type Restores, whatHolds } from './restores.ts';
import { type Verdict, verifyChain } from './verify-chain.ts';

export interface CheckDeps {
  database: Database;
  clock: Clock;
  events: EventLog;
  logger: Logger;
  anchors: Anchors;
  restores: Restores;
}

/** What was noted of a chain outside the database, and what of it was said not to count any more. */
export interface Noted {
  holds: Map<bigint, string>;
  restores: Restore[];
}

/** Everything that is known of a provider's chain outside the database. */
export async function readNoted(
  { anchors, restores }: Pick<CheckDeps, 'anchors' | 'restores'>,
  providerId: ProviderId,
): Promise<Noted> {
  const accepted = await restores.read(providerId);
  return { holds: whatHolds(await anchors.read(providerId), accepted), restores: accepted };
}

export interface Checked extends Verdict {
  restores: Restore[];
}

/**
 * Checks a provider's chain now and keeps the verdict; null when somebody is at it already, here or
 * elsewhere.
 */
export async function checkChain(deps: CheckDeps, scope: Scope): Promise<Checked | null> {
  const { database, clock, events, logger } = deps;
  const { providerId } = scope;
  // Not inside the transaction, which may not rest for long.
  await deps.anchors.ready();
  const found = await database.asSystem(async (tx) => {
    if (!(await takeCheckLock(tx, providerId))) return null;
    const noted = await readNoted(deps, providerId);
    const verdict = await verifyChain(tx, providerId, noted.holds);
    if (verdict.fault === null) await thin(deps, providerId, noted);
    return { ...verdict, restores: noted.restores };
  });
  if (found === null) return null;
  const fault = found.fault?.words ?? null;
  if (fault) logger.error({ providerId, fault }, 'the audit log is not as it was sealed');
  await database.asProvider(providerId, async (tx) => {
    const { entries } = found;
    await noteCheck(tx, scope, { checkedAt: clock.now(), entries, fault });
    const isAsked = scope.actor.kind !== 'bursar';
    if (!isAsked && !fault) return;
    await events.append(tx, scope, { kind: 'audit.checked', entries: Number(entries), fault });
  });
  return found;
}

async function thin(deps: CheckDeps, providerId: ProviderId, { holds }: Noted): Promise<void> {
  try {
    await deps.anchors.thin(providerId, holds, deps.clock.now());
  } catch (error) {
    deps.logger.error({ err: error, providerId }, 'old anchors of the audit log stay as they are');
  }
}

const CHECK_LOCK = 0x61756370;

/** One check of a chain at a time over all machines. Ends with the transaction. */
async function takeCheckLock(tx: Tx, providerId: ProviderId): Promise<boolean> {
  const { rows } = await sql<{ taken: boolean }>`
    select pg_try_advisory_xact_lock(${CHECK_LOCK}, hashtext(${providerId})) as taken`.execute(tx);
  return rows[0]?.taken === true;
}

export interface ProviderVerdict extends Verdict {
  providerId: ProviderId;
  /** When the whole log was erased with its provider, if it was. */
  erasedAt: Date | null;
  restores: Restore[];
}

/**
 * Checks the chains of these providers, and of everyone who is only known from the notes outside
 * the database: a log that vanished is a fault unless it was erased as a whole.
 */
export async function verifyAll(
  deps: Pick<CheckDeps, 'database' | 'anchors' | 'restores'>,
  providerIds: readonly ProviderId[],
  options: { alsoVanished: boolean },
): Promise<ProviderVerdict[]> {
  const vanished = options.alsoVanished ? await vanishedBeside(deps.anchors, providerIds) : [];
  const erasures = await deps.database.asSystem(listErasures);
  const verdicts: ProviderVerdict[] = [];
  for (const providerId of [...providerIds, ...vanished]) {
    const { holds, restores } = await readNoted(deps, providerId);
    const verify = (anchored: ReadonlyMap<bigint, string>) =>
      deps.database.asSystem((tx) => verifyChain(tx, providerId, anchored));
    // Whoever owns the database can note an erasure of anybody: only what is gone was erased.
    const erasure = vanished.includes(providerId)
      ? erasures.find((one) => one.provider_id === providerId)
      : undefined;
    if (erasure && fits(erasure, holds)) {
      const left = await verify(new Map());
      if (left.entries === 0n) {
        verdicts.push({ ...left, providerId, restores, erasedAt: erasure.erased_at });
        continue;
      }
    }
    verdicts.push({ ...(await verify(holds)), providerId, restores, erasedAt: null });
  }
  return verdicts;
}

/** Everybody of whom something was noted, but these. */
async function vanishedBeside(
  anchors: Anchors,
  providerIds: readonly ProviderId[],
): Promise<ProviderId[]> {
  const known = new Set(providerIds);
  return (await anchors.providers()).filter((id) => !known.has(id));
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
