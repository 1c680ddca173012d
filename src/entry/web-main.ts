import { readConfig, readEnvironment } from '#platform/config';
import { createContext } from './context.ts';
import { reportReady, runProcess } from './process-life.ts';
import { startWeb } from './web.ts';

await runProcess(async () => {
  const context = await createContext(readConfig(readEnvironment()));
  await context.databaseIsThere();
  const web = await startWeb(context);
  context.logger.info({ url: web.url }, 'serving');
  reportReady();
  return async () => {
    await web.close();
    await context.close();
  };
});
