import type { AcceptedRestore, AuditCheck } from '#contract/audit';
import { AppError } from '#platform/app-error';
import type { Scope } from '#platform/scope';
import { type CheckDeps, checkChain } from './check-chains.ts';
import { presentRestore } from './restores.ts';

/** Each holds a connection to the database for as long as it walks; others need some too. */
const CHECKS_AT_ONCE = 3;

/**
 * Checks a log because somebody asked for it, with few under way at once in this process.
 * @throws AppError `audit.check-under-way`
 */
export function checkOnDemand(
  deps: CheckDeps,
): (request: { scope: Scope }) => Promise<AuditCheck & { restores: AcceptedRestore[] }> {
  let underWay = 0;
  return async ({ scope }) => {
    if (underWay >= CHECKS_AT_ONCE) {
      throw new AppError('audit.check-under-way', 'Logs of others are being checked.');
    }
    underWay += 1;
    try {
      const checked = await checkChain(deps, scope);
      if (!checked) throw new AppError('audit.check-under-way', 'This log is being checked.');
      return {
        checkedAt: deps.clock.now().toISOString(),
        entries: Number(checked.entries),
        fault: checked.fault?.words ?? null,
        restores: checked.restores.map(presentRestore),
      };
    } finally {
      underWay -= 1;
    }
  };
}
