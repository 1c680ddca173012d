import { claimCall } from './claim-call.ts';
import type { Run } from './environment.ts';
import type { Row } from './tables.ts';

type Named = Readonly<Record<string, unknown>>;

/** What the migrations define as functions, and PostgreSQL's own that touch the session. */
const functions: Record<string, (args: readonly unknown[], run: Run, named: Named) => unknown> = {
  set_config([name, value], { tx }) {
    if (name === 'bursar.provider') tx.provider = String(value);
    return value;
  },
  current_provider: (_args, { tx }) => tx.provider,
  pg_notify: () => null,
  pg_current_xact_id: () => '1',
  former_organisations([provider], run) {
    const connections = rowsOf(run, 'connections').filter((row) => row.provider_id === provider);
    const present = new Set(
      connections
        .filter((row) => ['active', 'paused', 'needs-consent'].includes(String(row.state)))
        .map((row) => row.xero_org_id),
    );
    const past = connections.map((row) => row.xero_org_id);
    return [...new Set(past)].filter((id) => id !== null && !present.has(id));
  },
  enqueue_job([task, payload, key, attempts], { tables, tx }) {
    const table = tables.tables.get('jobs');
    if (!table) throw new Error('There is no queue');
    for (const place of [...table.places]) {
      const row = place.owner === tx ? place.pending : place.committed;
      if (key === null || !row || row.key !== key || row.locked_by !== null) continue;
      // One that waits is replaced by this one.
      tables.lock(place, tx);
      tables.write(place, { ...row, payload, attempts: 0 }, tx);
      return null;
    }
    const given = { task, payload, key, attempts: 0, max_attempts: attempts, locked_by: null };
    tables.insert(table, tables.complete(table, given), tx);
    return null;
  },
};

export function hostFunction(
  name: string,
  args: readonly unknown[],
  named: Named,
  run: Run,
): unknown {
  const found = functions[name];
  if (!found) throw new Error(`No function ${name} is known here`);
  return found(args, run, named);
}

interface HostRows {
  columns: readonly string[];
  rowsOf(args: readonly unknown[], named: Named, run: Run): Row[];
}

export function hostRows(name: string): HostRows {
  if (name === 'xero_claim_call') {
    return {
      columns: ['granted', 'kind', 'retry_at'],
      rowsOf: (_args, named, run) => [claimCall(named, run)],
    };
  }
  throw new Error(`No function ${name} that gives rows is known here`);
}

export function rowsOf({ tables, tx }: Run, name: string): Row[] {
  const table = tables.tables.get(name);
  if (!table) throw new Error(`There is no table ${name}`);
  return tables.scan(table, tx);
}
