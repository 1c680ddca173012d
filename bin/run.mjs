// Runs one TypeScript program of the project under its own Node: node bin/run.mjs emulator/main.ts
import { prepare, run } from './bootstrap.mjs';

// With --web in front of it, the pages are built first if they are not.
const args = process.argv.slice(2);
const web = args[0] === '--web';
const node = await prepare({ web });
process.exit(await run(node, web ? args.slice(1) : args));
