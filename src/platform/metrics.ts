import { sql } from 'kysely';
import type { Database, Tx } from './database.ts';

/** Label names with their values; few values each, never an id or an address. */
export type Labels = Readonly<Record<string, string>>;

/** One line of what is shown to whoever watches this Bursar. */
export interface Sample {
  name: string;
  labels: string;
  value: number;
}

/** Sums of what happened, over all processes: each counts by itself and adds to them now and then. */
export interface Metrics {
  count(name: string, labels?: Labels, by?: number): void;
  /** Adds what this process has counted to the sums in the database. */
  flush(): Promise<void>;
  /** All sums, this process's included. */
  sums(): Promise<Sample[]>;
}

/** Different names with labels that one process holds; beyond it nothing new is counted. */
const KINDS_MAX = 2_000;

/**
 * The counters of one process, in memory until they are flushed. What can't be written then is kept
 * for the next time; what a process that dies has not flushed is lost.
 */
export function createMetrics(database: Pick<Database, 'asSystem'>): Metrics {
  let counted = new Map<string, { name: string; labels: string; value: number }>();

  function add(name: string, labels: string, by: number): void {
    const key = `${name}{${labels}}`;
    const present = counted.get(key);
    if (present) present.value += by;
    else if (counted.size < KINDS_MAX) counted.set(key, { name, labels, value: by });
  }

  async function flush(): Promise<void> {
    if (counted.size === 0) return;
    const taken = counted;
    counted = new Map();
    try {
      await database.asSystem((tx) => addToSums(tx, [...taken.values()]));
    } catch (error) {
      for (const { name, labels, value } of taken.values()) add(name, labels, value);
      throw error;
    }
  }

  return {
    count: (name, labels = {}, by = 1) => add(name, labelText(labels), by),
    flush,
    async sums() {
      await flush();
      const rows = await database.asSystem((tx) =>
        tx.selectFrom('counters').selectAll().orderBy('name').orderBy('labels').execute(),
      );
      return rows.map(({ name, labels, value }) => ({ name, labels, value: Number(value) }));
    },
  };
}

async function addToSums(tx: Tx, samples: Sample[]): Promise<void> {
  // In one order, or two processes that flush at once could wait for each other.
  samples.sort((a, b) => (`${a.name}${a.labels}` < `${b.name}${b.labels}` ? -1 : 1));
  await sql`insert into counters (name, labels, value)
    select * from unnest(${samples.map(({ name }) => name)}::text[],
      ${samples.map(({ labels }) => labels)}::text[],
      ${samples.map(({ value }) => value)}::bigint[])
    on conflict (name, labels) do update set value = counters.value + excluded.value`.execute(tx);
}

/** Labels as Prometheus writes them, in the order of their names. */
export function labelText(labels: Labels): string {
  return Object.entries(labels)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}="${escaped(value)}"`)
    .join(',');
}

function escaped(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
