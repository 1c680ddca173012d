import { writeFileSync } from 'node:fs';
import type { Reporter, SerializedError, TestModule } from 'vitest/node';

/**
 * Writes how many tests passed and failed to the file that BURSAR_TEST_COUNTS names. A file that
 * could not be run and an error outside every test count as a failure each.
 */
export default class CountReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly SerializedError[]): void {
    const path = process.env.BURSAR_TEST_COUNTS;
    if (!path) return;
    const counts = { passed: 0, failed: errors.length };
    for (const module of modules) {
      const results = [...module.children.allTests()].map((test) => test.result().state);
      const failedTests = results.filter((state) => state === 'failed').length;
      counts.passed += results.filter((state) => state === 'passed').length;
      counts.failed += failedTests;
      if (!module.ok() && failedTests === 0) counts.failed += 1;
    }
    writeFileSync(path, JSON.stringify(counts));
  }
}
