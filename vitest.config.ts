import { defineConfig } from 'vitest/config';

const shared = { pool: 'forks' as const };

/** The four kinds of tests; `npm test -- --project stories` runs one. */
export default defineConfig({
  test: {
    reporters: ['default', './test/count-reporter.ts'],
    globalSetup: ['test/world/global-setup.ts'],
    projects: [
      {
        test: {
          ...shared,
          name: 'unit',
          include: ['{src,contract,emulator,web,seeds}/**/*.test.{ts,tsx}'],
          testTimeout: 20_000,
        },
      },
      {
        test: {
          ...shared,
          name: 'house',
          include: ['test/house/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          ...shared,
          name: 'stories',
          include: ['test/stories/**/*.story.ts', 'test/simulation/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          ...shared,
          name: 'e2e',
          // After the others: a browser, a server and a worker want the machine for themselves.
          sequence: { groupOrder: 1 },
          include: ['test/e2e/**/*.e2e.ts', 'test/processes/**/*.test.ts'],
          fileParallelism: false,
          testTimeout: 180_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
