import type { SyncRules } from '#contract/drift';
import { aboutParty, type BursarEvent } from '#events/index';
import { AppError } from '#platform/app-error';
import { announce } from '#platform/live-updates';
import { byXero } from '#platform/scope';
import type { LaneRun } from '../lane/lane-run.ts';
import { holdLane } from '../lane/lane-store.ts';
import type { ContactLink } from '../links/contact-link.ts';
import { linksOfParties, saveLinks } from '../links/link-store.ts';
import { driftsToWeigh, readRules } from './drift-store.ts';
import type { DriftField } from './judge.ts';
import { oursByParty } from './ours.ts';
import { winnerOf } from './rules.ts';
import { pushOurs } from './settle-field.ts';
import { takeTheirs } from './take-theirs.ts';

/** Links that one act looks at: each value that is taken is a transaction of its own. */
const WEIGHED_PER_ACT = 50;

/**
 * Settles open drifts by the provider's rules, some at a time, and leaves what they leave to people.
 * Asks Xero nothing: what is to be sent is sent by the next push.
 */
export async function weighDrifts(run: LaneRun): Promise<void> {
  const { scope, xeroOrgId } = run;
  const { links, rules, count } = await run.record(async (tx, lane) => {
    const which = { rules: lane.drift_rules, limit: WEIGHED_PER_ACT };
    const due = await driftsToWeigh(tx, scope, xeroOrgId, which);
    return { links: due, rules: await readRules(tx, scope), count: lane.drift_rules };
  });
  for (const link of links) {
    const fields = link.drift.filter((field) => winnerOf(rules, field) === 'xero');
    if (fields.length > 0) await takeByRule(run, link, fields);
  }
  await pushByRule(run, links, rules, count);
}

/** Whoever changed something meanwhile makes it be weighed again; what can't be taken stays open. */
async function takeByRule(
  run: LaneRun,
  link: ContactLink,
  fields: readonly DriftField[],
): Promise<void> {
  const { deps, xeroOrgId, lease } = run;
  const scope = byXero(run.scope);
  try {
    await deps.database.asProvider(scope.providerId, async (tx) => {
      const taken = await takeTheirs(deps, tx, scope, {
        xeroOrgId,
        link,
        fields,
        by: 'rule',
        holdLane: async () => void (await holdLane(tx, scope, lease, run.now())),
      });
      if (taken === null) throw new AppError('request.conflict');
    });
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const facts = { xeroOrgId, code: error.code };
    deps.logger.info(facts, 'a value of Xero’s could not be taken; its drift stays open');
  }
}

async function pushByRule(
  run: LaneRun,
  weighed: readonly ContactLink[],
  rules: SyncRules,
  count: number,
): Promise<void> {
  const { deps, scope, xeroOrgId } = run;
  await run.record(async (tx, lane) => {
    // Somebody has just changed the rules: all of it is weighed anew.
    if (lane.drift_rules !== count) return;
    const ids = weighed.map((link) => link.partyId);
    const links = await linksOfParties(tx, scope, xeroOrgId, ids);
    const oursOf = await oursByParty(deps, tx, scope, links);
    const changed: ContactLink[] = [];
    const events: BursarEvent[] = [];
    for (const link of links) {
      const ours = oursOf.get(link.partyId);
      const fields = link.drift.filter((field) => winnerOf(rules, field) === 'bursar');
      if (!ours || fields.length === 0) {
        changed.push({ ...link, driftWeighed: count });
        continue;
      }
      const settled = pushOurs(link, ours.fields, fields);
      changed.push({ ...settled.link, driftWeighed: count });
      const { changes } = settled;
      const about = { ...aboutParty(link), xeroOrgId };
      events.push({ kind: 'contact.drift-decided', ...about, how: 'pushed', by: 'rule', changes });
    }
    await saveLinks(tx, scope, changed);
    await deps.events.append(tx, scope, ...events);
    await announce(tx, scope.providerId, 'sync', ids);
  });
}
