// Runs one TypeScript program of the project under its own Node: node bin/run.mjs emulator/main.ts
import { prepare, run } from './bootstrap.mjs';

const node = await prepare({ web: false });
process.exit(await run(node, process.argv.slice(2)));
