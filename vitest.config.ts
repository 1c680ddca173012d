import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/** Stories wait for the database as much as they compute, so that two of them fill one core. */
const MAX_WORKERS = Math.max(2, availableParallelism() - 1);
/** What is waited for may take its time on a machine that is busy; one second is no fault. */
const patient = { poll: { timeout: 15_000 } };
const shared = { pool: 'forks' as const, maxWorkers: MAX_WORKERS, expect: patient };
/** What files have loaded serves the next file too: modules keep no state between worlds. */
const together = { ...shared, isolate: false };

/** The kinds of tests; `npm test -- --project stories` runs one. */
export default defineConfig({
  test: {
    reporters: ['default', './test/count-reporter.ts'],
    globalSetup: ['test/world/global-setup.ts'],
    projects: [
      {
        test: {
          ...together,
          name: 'unit',
          include: ['{src,contract,emulator,web,seeds}/**/*.test.{ts,tsx}'],
          setupFiles: ['test/world/property-seed.ts'],
          testTimeout: 20_000,
        },
      },
      {
        test: {
          ...together,
          name: 'house',
          include: ['test/house/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          ...together,
          name: 'stories',
          include: ['test/stories/**/*.story.ts', 'test/{simulation,bench}/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          ...shared,
          name: 'e2e',
          // After the others: a browser is a program of its own beside its worker.
          sequence: { groupOrder: 1 },
          include: ['test/e2e/**/*.e2e.ts'],
          testTimeout: 180_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          ...shared,
          name: 'processes',
          // Whole products started and killed, one after another.
          sequence: { groupOrder: 2 },
          include: ['test/processes/**/*.test.ts'],
          fileParallelism: false,
          maxWorkers: 1,
          testTimeout: 180_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
