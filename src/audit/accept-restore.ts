import type { ProviderId } from '#contract/ids';
import { ownScope } from '#platform/scope';
import { hashesAt } from './chain-store.ts';
import { type CheckDeps, readNoted, verifyAll } from './check-chains.ts';
import type { Restore } from './restores.ts';
import { type Fault, verifyChain } from './verify-chain.ts';

/** What became of accepting a restore for one provider. */
export interface Acceptance {
  providerId: ProviderId;
  /** `refused`: something else is wrong with the log, which no restore explains. */
  outcome: 'accepted' | 'nothing-to-accept' | 'refused';
  restore: Restore | null;
  /** What is wrong, where it was refused. */
  fault: string | null;
}

/**
 * Says that these logs are other ones than were noted outside the database because a backup was put
 * back, so that checking goes on from where they stand now. Up to the newest entry that is as it was
 * noted, what was noted holds. A log that does not fit in itself is left as it is.
 */
export async function acceptRestores(
  deps: CheckDeps,
  providerIds: readonly ProviderId[],
  options: { alsoVanished: boolean },
): Promise<Acceptance[]> {
  const acceptances: Acceptance[] = [];
  for (const { providerId, fault } of await verifyAll(deps, providerIds, options)) {
    if (fault === null) {
      acceptances.push({ providerId, outcome: 'nothing-to-accept', restore: null, fault: null });
      continue;
    }
    const found = await explain(deps, providerId, fault);
    if ('words' in found) {
      acceptances.push({ providerId, outcome: 'refused', restore: null, fault: found.words });
      continue;
    }
    await note(deps, providerId, found, providerIds.includes(providerId));
    acceptances.push({ providerId, outcome: 'accepted', restore: found, fault: null });
  }
  return acceptances;
}

/** The break that explains a fault; or the fault that is left, which none does. */
async function explain(
  deps: CheckDeps,
  providerId: ProviderId,
  fault: Fault,
): Promise<Restore | Fault> {
  if (!fault.isAnother) return fault;
  const noted = [...(await readNoted(deps, providerId)).holds];
  return deps.database.asSystem(async (tx) => {
    const present = await hashesAt(
      tx,
      providerId,
      noted.map(([position]) => position),
    );
    const isGone = ([position, hash]: [bigint, string]) => present.get(position) !== hash;
    // What was noted after the first that is gone was noted of the log that was put back.
    const kept = noted.slice(0, noted.findIndex(isGone));
    const left = await verifyChain(tx, providerId, new Map(kept));
    if (left.fault) return left.fault;
    return {
      at: deps.clock.now(),
      keptUpTo: newestOf(kept).position,
      noted: newestOf(noted.filter(isGone)),
      head: left.head,
    };
  });
}

function newestOf(noted: readonly [bigint, string][]): { position: bigint; hash: string } {
  let newest = { position: 0n, hash: '' };
  for (const [position, hash] of noted) if (position > newest.position) newest = { position, hash };
  return newest;
}

/** Keeps the break outside the database, and tells of it in the log of whoever is still there. */
async function note(
  deps: CheckDeps,
  providerId: ProviderId,
  restore: Restore,
  isThere: boolean,
): Promise<void> {
  if (!isThere) return deps.restores.add(providerId, restore);
  await deps.database.asProvider(providerId, async (tx) => {
    await deps.events.append(tx, ownScope(providerId), {
      kind: 'audit.restore-accepted',
      keptUpTo: Number(restore.keptUpTo),
      noted: Number(restore.noted.position),
      entries: Number(restore.head?.position ?? 0n),
    });
    await deps.restores.add(providerId, restore);
  });
}
