import { readConfig, readEnvironment } from '#platform/config';
import { createContext } from './context.ts';
import { reportReady, runProcess } from './process-life.ts';
import { startWorkerProcess } from './worker.ts';

await runProcess(async (stop) => {
  const context = await createContext(readConfig(readEnvironment()));
  await context.databaseIsThere();
  const worker = await startWorkerProcess(context);
  worker.ended.catch(stop);
  context.logger.info('working');
  reportReady();
  return async () => {
    await worker.close();
    await context.close();
  };
});
