#!/usr/bin/env node
// The Xero emulator alone, from whatever folder: node /path/to/here/bin/emulator.mjs
import { resolve } from 'node:path';
import { prepare, run } from './bootstrap.mjs';

// A relative data folder is meant from where the caller stands, who is often in another project.
const { EMULATOR_DATA_DIR: folder } = process.env;
const env = folder ? { EMULATOR_DATA_DIR: resolve(folder) } : {};
const node = await prepare({ web: false });
process.exit(await run(node, ['emulator/main.ts'], { env }));
