import { auditRoutes } from '#contract/audit';
import type { ProviderId } from '#contract/ids';
import type { EventLog } from '#events/index';
import { type Clock, MINUTE_MS, plus } from '#platform/clock';
import type { Database } from '#platform/database';
import { type Endpoint, endpoint } from '#platform/http';
import type { Handler } from '#platform/jobs/worker';
import type { Logger } from '#platform/logger';
import type { Resealed } from '#platform/reseal';
import type { SecretBox } from '#platform/secrets';
import { type Acceptance, acceptRestores } from './accept-restore.ts';
import { createAnchors } from './anchors.ts';
import { type ProviderVerdict, verifyAll } from './check-chains.ts';
import { checkOnDemand } from './check-on-demand.ts';
import { createDailyChecks } from './daily-checks.ts';
import { createRefusalNotes, type NoteRefusal } from './note-refusals.ts';
import { auditStanding, exportAudit, listAudit } from './read-audit.ts';
import { createRestores } from './restores.ts';
import { type Heads, sealEvents } from './seal-events.ts';

export interface AuditDeps {
  database: Database;
  clock: Clock;
  events: EventLog;
  logger: Logger;
  /** Where the anchors are kept, outside the database. */
  dataDir: string;
  secrets: SecretBox;
}

/** The event log as an audit log: sealed, checked, shown and taken out. */
export interface Audit {
  readonly endpoints: Endpoint[];
  readonly handlers: Handler[];
  readonly noteRefusal: NoteRefusal;
  /** The folder of anchors. */
  readonly anchorsPath: string;
  /** Seals what can be sealed, notes outside the database how far, and has chains looked at daily. */
  tick(): Promise<void>;
  /** Notes at once how far the chains have come since the last time. */
  anchor(): Promise<void>;
  verify(
    providerIds: readonly ProviderId[],
    options: { alsoVanished: boolean },
  ): Promise<ProviderVerdict[]>;
  /** Has checking go on after a backup was put back; for whoever runs Bursar alone. */
  acceptRestores(
    providerIds: readonly ProviderId[],
    options: { alsoVanished: boolean },
  ): Promise<Acceptance[]>;
  /** Seals accepted restores with the present key. */
  resealRestores(): Promise<Resealed>;
}

const ANCHORED_EVERY_MS = MINUTE_MS;

/**
 * Wires the room, once for each process. Heads that wait to be noted as anchors are known only to
 * the process that sealed them.
 */
export function createAudit(deps: AuditDeps): Audit {
  const { clock, logger } = deps;
  const anchors = createAnchors(deps.dataDir);
  const restores = createRestores({ ...deps, anchorsPath: anchors.path });
  const withAnchors = { ...deps, anchors, restores };
  const daily = createDailyChecks(withAnchors);
  const toAnchor: Heads = new Map();
  let nextAnchor = clock.now();

  async function anchor(): Promise<void> {
    const heads = new Map(toAnchor);
    try {
      await anchors.add(heads, clock.now());
    } catch (error) {
      // Sealing goes on; the heads are noted as soon as the file can be written.
      logger.error({ err: error }, 'the audit log’s anchors can’t be written');
      return;
    }
    for (const [id, { position }] of heads) {
      if (toAnchor.get(id)?.position === position) toAnchor.delete(id);
    }
  }

  return {
    anchorsPath: anchors.path,
    noteRefusal: createRefusalNotes(deps),
    endpoints: [
      endpoint(auditRoutes.listAudit, ({ scope, query }) => listAudit(deps, scope, query)),
      endpoint(auditRoutes.auditStanding, ({ scope }) => auditStanding(withAnchors, scope)),
      endpoint(auditRoutes.exportAudit, ({ scope, body }) => exportAudit(deps, scope, body)),
      endpoint(auditRoutes.checkAudit, checkOnDemand(withAnchors)),
    ],
    handlers: [daily.handler],
    anchor,
    async tick() {
      for (const [id, head] of await sealEvents(deps)) toAnchor.set(id, head);
      if (clock.now() >= nextAnchor && toAnchor.size > 0) {
        nextAnchor = plus(clock.now(), ANCHORED_EVERY_MS);
        await anchor();
      }
      await daily.tick();
    },
    verify: (providerIds, options) => verifyAll(withAnchors, providerIds, options),
    acceptRestores: (providerIds, options) => acceptRestores(withAnchors, providerIds, options),
    resealRestores: async () => restores.reseal(await anchors.providers()),
  };
}
