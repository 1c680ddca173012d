// npm test: install, build, and run every test; the last line is the plain count.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { prepare, run, say } from './bootstrap.mjs';

/** A run that takes longer than this hangs: it is ended, so that one learns where. */
const RUN_MAX_MS = 45 * 60_000;
/** Once everything is over, how long what tests have left behind may keep the runner. */
const END_MAX_MS = 30_000;
const LOOKED_EVERY_MS = 1_000;

const node = await prepare({ web: true });
const folder = mkdtempSync(join(tmpdir(), 'bursar-count-'));
const counts = join(folder, 'counts.json');
/** Written by the runner once it has cleared everything away and found no secret lying about. */
const ended = join(folder, 'ended');
const code = await run(node, ['node_modules/vitest/vitest.mjs', 'run', ...process.argv.slice(2)], {
  env: { BURSAR_TEST_COUNTS: counts, BURSAR_TEST_ENDED: ended },
  watch: endHanging,
});
const { passed, failed } = readCounts();
const isOver = existsSync(ended);
rmSync(folder, { recursive: true, force: true });
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed > 0 || !isOver ? code || 1 : code);

function readCounts() {
  try {
    return JSON.parse(readFileSync(counts, 'utf8'));
  } catch {
    // The run ended before it could count: that is one failure, whatever it was.
    return { passed: 0, failed: 1 };
  }
}

/** Ends a runner that hangs; answers with what stops the watch and, where it acted, the exit code. */
function endHanging(child) {
  const begun = Date.now();
  let overSince = 0;
  let exitCode;
  const timer = setInterval(() => {
    const now = Date.now();
    if (overSince === 0 && existsSync(ended)) overSince = now;
    const isStuck = overSince > 0 && now - overSince > END_MAX_MS;
    if (!isStuck && now - begun < RUN_MAX_MS) return;
    say(
      isStuck
        ? 'All tests are over, but something they left keeps the runner; it is ended.'
        : `The tests have run for ${RUN_MAX_MS / 60_000} minutes and are ended.`,
    );
    exitCode = isStuck ? 0 : 1;
    child.kill('SIGKILL');
  }, LOOKED_EVERY_MS);
  return () => {
    clearInterval(timer);
    return exitCode;
  };
}
