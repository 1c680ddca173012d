import { api } from '#contract/api';
import { callRoute } from '#entry/call-route';
import { type Context, createContext } from '#entry/context';
import type { Config } from '#platform/config';
import { silentLogger } from '#platform/logger';
import { ownScope } from '#platform/scope';
import type { Provider } from '#providers/index';
import { harbourLearners, keaLearners } from './demo-learners.ts';
import { type DemoSignIn, demoSignIns } from './demo-sign-ins.ts';

export { type DemoSignIn, demoSignIns } from './demo-sign-ins.ts';

/** Lays the demo into a Bursar without any provider; one that is in use stays as it is. */
export async function seedDemo(config: Config): Promise<void> {
  const context = await createContext(config, { logger: silentLogger, poolSize: 2 });
  try {
    const known = await context.providers.list(1);
    if (known.length === 0) await layDemo(context);
  } finally {
    await context.close();
  }
}

/** Two providers with people and learners; the second is small and shows switching. */
export async function layDemo(context: Context): Promise<{ harbour: Provider; kea: Provider }> {
  // Trying out Connect takes one press: there is nothing here to guard.
  const secondFactor = 'optional';
  const harbour = await context.providers.create({
    name: 'Harbour Training',
    country: 'AU',
    secondFactor,
  });
  await addPeople(context, harbour, demoSignIns);
  await addLearners(context, harbour, harbourLearners);
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
  await addLearners(context, kea, keaLearners);
  return { harbour, kea };
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
): Promise<void> {
  for (const learner of learners) {
    const body = { ...learner, saveAnyway: true };
    await callRoute(context.endpoints, ownScope(provider.id), api.addLearner, { body });
  }
}
