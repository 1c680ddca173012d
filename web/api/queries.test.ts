import { QueryClient, QueryObserver } from '@tanstack/react-query';
import { expect, test } from 'vitest';
import { ProblemError, unreachable } from './errors.ts';
import { isPassing, renew, routesOfTopic } from './queries.ts';

const NAME = 'listConnectionNews';

/** A shown answer whose every reading waits until it is let go, with what the reader then says. */
function showAnswer() {
  const client = new QueryClient();
  const readings: ((said: string) => void)[] = [];
  const observer = new QueryObserver(client, {
    queryKey: [NAME, {}],
    queryFn: () => new Promise<string>((resolve) => readings.push(resolve)),
  });
  const stop = observer.subscribe(() => undefined);
  const shown = () => client.getQueryData([NAME, {}]);
  return { client, readings, shown, stop };
}

test('a first answer that was under way when something changed is asked for once more', async () => {
  const { client, readings, shown, stop } = showAnswer();
  renew(client, [NAME]);
  expect(readings).toHaveLength(1);
  readings[0]?.('read before the change');
  await expect.poll(() => readings.length).toBe(2);
  readings[1]?.('read after the change');
  await expect.poll(shown).toBe('read after the change');
  expect(readings).toHaveLength(2);
  stop();
});

test('an answer that is there is asked for again at once, and no oftener', async () => {
  const { client, readings, shown, stop } = showAnswer();
  readings[0]?.('of before');
  await expect.poll(shown).toBe('of before');
  renew(client, [NAME, NAME]);
  expect(readings).toHaveLength(2);
  readings[1]?.('of now');
  await expect.poll(shown).toBe('of now');
  expect(readings).toHaveLength(2);
  stop();
});

test('whatever tells what is owed hears of connections too: owing counts only while connected', () => {
  const isMoney = (name: string) => /^(list|learner|workplace).*(Documents|Statement)$/.test(name);
  const told = routesOfTopic.documents.filter(isMoney);
  expect(told.length).toBeGreaterThan(4);
  expect(routesOfTopic.connections).toEqual(expect.arrayContaining(told));
  expect(routesOfTopic.connections).toEqual(
    expect.arrayContaining(['listLearners', 'listWorkplaces']),
  );
});

test('what passes by itself is asked again, but not what was refused as too much', () => {
  const tooMany = { ...unreachable, code: 'request.too-many' as const };
  expect(isPassing(new ProblemError(unreachable))).toBe(true);
  expect(isPassing(new ProblemError(tooMany))).toBe(false);
});
