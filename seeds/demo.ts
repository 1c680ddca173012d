import { api } from '#contract/api';
import { callRoute } from '#entry/call-route';
import { type Context, createContext } from '#entry/context';
import { systemClock } from '#platform/clock';
import type { Config } from '#platform/config';
import { silentLogger } from '#platform/logger';
import { ownScope } from '#platform/scope';
import type { Provider } from '#providers/index';
import { layDemoBooks } from './demo-books.ts';
import { harbourLearners, keaLearners, unfinishedLearners } from './demo-learners.ts';
import { type DemoSignIn, demoSignIns } from './demo-sign-ins.ts';

export { type DemoSignIn, demoSignIns } from './demo-sign-ins.ts';

/**
 * Lays the demo into a Bursar without any provider; one that is in use stays as it is. With an
 * emulator, whose books are new, its bookkeeper knows some of the learners already, and most
 * learners wait to be put into Xero: the first connection has something to propose.
 */
export async function seedDemo(config: Config, emulatorUrl: string | null): Promise<void> {
  const context = await createContext(config, { logger: silentLogger, poolSize: 2 });
  try {
    const known = await context.providers.list(1);
    if (known.length > 0) return;
    if (emulatorUrl !== null) await layDemoBooks(emulatorUrl, systemClock);
    await layDemo(context, { syncToXero: emulatorUrl !== null });
  } finally {
    await context.close();
  }
}

/** Two providers with people and learners; the second is small and shows switching. */
async function layDemo(context: Context, { syncToXero }: { syncToXero: boolean }): Promise<void> {
  // Trying out Connect takes one press: there is nothing here to guard.
  const secondFactor = 'optional';
  const harbour = await context.providers.create({
    name: 'Harbour Training',
    country: 'AU',
    secondFactor,
  });
  await addPeople(context, harbour, demoSignIns);
  await addLearners(context, harbour, harbourLearners, syncToXero);
  await addLearners(context, harbour, unfinishedLearners, false);
  const kea = await context.providers.create({
    name: 'Kea Skills Institute',
    country: 'NZ',
    secondFactor,
  });
  await addPeople(
    context,
    kea,
    demoSignIns.filter(({ role }) => role === 'owner'),
  );
  await addLearners(context, kea, keaLearners, syncToXero);
}

async function addPeople(
  context: Context,
  provider: Provider,
  people: readonly DemoSignIn[],
): Promise<void> {
  for (const person of people) await context.providers.addPerson(ownScope(provider.id), person);
}

async function addLearners(
  context: Context,
  provider: Provider,
  learners: typeof harbourLearners,
  syncToXero: boolean,
): Promise<void> {
  for (const learner of learners) {
    const body = { ...learner, syncToXero, saveAnyway: true };
    await callRoute(context.endpoints, ownScope(provider.id), api.addLearner, { body });
  }
}
