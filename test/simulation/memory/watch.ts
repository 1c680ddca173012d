import type { Scheduler } from '../scheduler.ts';
import type { Gate } from './database.ts';
import type { Place, Transaction } from './tables.ts';
import type { MemoryTables } from './transactions.ts';

/** Looks on while transactions are committed. */
export type CommitWatch = (node: string, written: readonly Place[]) => void;

/** A node's way to the tables: through the scheduler, and watched. */
export function createGate(
  node: string,
  scheduler: Scheduler,
  tables: MemoryTables,
  watch: CommitWatch,
): { gate: Gate; rollBackAll(): void } {
  const open = new Set<Transaction>();
  return {
    gate: {
      pass: () => scheduler.pass(node),
      wait: async (until) => {
        await until;
        await scheduler.pass(node);
      },
      gone: async () => {
        await scheduler.pass(node);
        throw new Error(`${node} goes on in a transaction that is over`);
      },
      begun: (tx) => void open.add(tx),
      ending: (tx, how) => {
        open.delete(tx);
        if (how === 'commit' && tx.touched.size > 0) watch(node, [...tx.touched]);
      },
    },
    rollBackAll() {
      for (const tx of open) tables.end(tx, 'rollback');
      open.clear();
    },
  };
}
