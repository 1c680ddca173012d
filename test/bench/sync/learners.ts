import { api } from '#contract/api';
import type { SyncRun } from '#contract/runs';
import { ownScope } from '#platform/scope';
import type { BenchWorld } from './bench-world.ts';

/** A learner as they stand in the file that is imported. */
export interface Person {
  number: string;
  firstName: string;
  lastName: string;
  email: string;
  mobile?: string;
}

/** Names that nobody shares, so that a run measures calls and not clashes. */
export function inventPerson(index: number): Person {
  const number = `L${String(index + 1).padStart(6, '0')}`;
  return {
    number,
    firstName: `Given${index % 400}`,
    lastName: `Family${index}`,
    email: `learner${index}@example.com`,
  };
}

export function inventPeople(count: number): Person[] {
  return Array.from({ length: count }, (_, index) => inventPerson(index));
}

const ROWS_PER_FILE = 40_000;

/** Adds learners by import, with Sync to Xero off. */
export async function addLearners(world: BenchWorld, people: readonly Person[]): Promise<void> {
  const scope = ownScope(world.people.providerId);
  for (let at = 0; at < people.length; at += ROWS_PER_FILE) {
    const rows = people.slice(at, at + ROWS_PER_FILE);
    const lines = rows.map(({ number, firstName, lastName, email, mobile }) =>
      [number, firstName, lastName, email, mobile ?? ''].join(','),
    );
    const heads = 'Learner number,First name,Last name,E-mail,Mobile';
    const content = Buffer.from([heads, ...lines].join('\n'));
    await world.context.learners.importFromFiles(scope, [{ name: 'people.csv', content }]);
  }
}

/** Turns Sync to Xero on for everybody by one bulk run, as a person would. */
export async function startSyncing(world: BenchWorld): Promise<SyncRun> {
  const wish = { kind: 'sync-on', learners: { filter: {} } } as const;
  const { runs } = await world.owner.call(api.startSyncRun, { body: wish });
  const [run] = runs;
  if (!run) throw new Error('No run was started');
  return run;
}

/** The run as it stands now. */
export function runOf(world: BenchWorld, { id }: SyncRun): Promise<SyncRun> {
  return world.owner.call(api.getSyncRun, { params: { runId: id } });
}

/** Contacts at Xero by learner number: how many there are, and how many numbers they bear. */
export function contactsAtXero({ bookkeeper }: BenchWorld): { contacts: number; numbers: number } {
  const active = bookkeeper.books.contacts.all().filter((one) => one.status === 'ACTIVE');
  return { contacts: active.length, numbers: new Set(active.map((one) => one.number)).size };
}
