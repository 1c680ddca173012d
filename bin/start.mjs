// npm start: install, build and run everything.
import { prepare, run } from './bootstrap.mjs';

const node = await prepare({ web: true });
process.exit(await run(node, ['bin/supervise.ts'], { tethered: true }));
