// npm test: install, build, and run every test; the last line is the plain count.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { prepare, run } from './bootstrap.mjs';

const node = await prepare({ web: true });
const folder = mkdtempSync(join(tmpdir(), 'bursar-count-'));
const counts = join(folder, 'counts.json');
const code = await run(node, ['node_modules/vitest/vitest.mjs', 'run', ...process.argv.slice(2)], {
  env: { BURSAR_TEST_COUNTS: counts },
});
const { passed, failed } = readCounts();
rmSync(folder, { recursive: true, force: true });
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed > 0 ? code || 1 : code);

function readCounts() {
  try {
    return JSON.parse(readFileSync(counts, 'utf8'));
  } catch {
    // The run ended before it could count: that is one failure, whatever it was.
    return { passed: 0, failed: 1 };
  }
}
