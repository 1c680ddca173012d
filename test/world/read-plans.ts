import type { CompiledQuery } from 'kysely';
import type { Tx } from '#platform/database';

interface PlanNode {
  'Node Type': string;
  'Relation Name'?: string;
  'Actual Rows': number;
  'Actual Loops': number;
  'Rows Removed by Filter'?: number;
  Plans?: PlanNode[];
}

export interface ReadRows {
  rows: number;
  /** Tables that were read from one end to the other. */
  scans: string[];
}

/** What `work` reads, in the plans of all its queries, each of which is carried out twice. */
export async function readPlans(tx: Tx, work: (tx: Tx) => Promise<unknown>): Promise<ReadRows> {
  const seen: CompiledQuery[] = [];
  await work(recording(tx, seen));
  if (seen.length === 0) throw new Error('Nothing was asked of the database');
  const totals: ReadRows = { rows: 0, scans: [] };
  for (const query of seen) {
    const explained = await tx.executeQuery<{ 'QUERY PLAN': { Plan: PlanNode }[] }>({
      ...query,
      sql: `explain (analyze, format json) ${query.sql}`,
    });
    for (const { Plan } of explained.rows[0]?.['QUERY PLAN'] ?? []) add(Plan, totals);
  }
  return totals;
}

/** The same transaction, with every query written down that goes through it. */
function recording(tx: Tx, seen: CompiledQuery[]): Tx {
  return tx.withPlugin({
    transformQuery({ node, queryId }) {
      seen.push(tx.getExecutor().compileQuery(node, queryId));
      return node;
    },
    transformResult: async ({ result }) => result,
  }) as Tx;
}

function add(node: PlanNode, totals: ReadRows): void {
  const table = node['Relation Name'];
  if (table) {
    const each = node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0);
    totals.rows += each * node['Actual Loops'];
    if (node['Node Type'] === 'Seq Scan') totals.scans.push(table);
  }
  for (const child of node.Plans ?? []) add(child, totals);
}
