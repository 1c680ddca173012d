// npm run bursar -- …: the command line, with the database that npm start uses.
import { prepare, run } from './bootstrap.mjs';

const node = await prepare({ web: false });
process.exit(
  await run(node, ['bin/command-line.ts', ...process.argv.slice(2)], { tethered: true }),
);
