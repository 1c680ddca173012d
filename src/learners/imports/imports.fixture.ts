import { sql } from 'kysely';
import type { ImportRunId } from '#contract/ids';
import type { ImportRow, ImportRun } from '#contract/imports';
import type { Learner } from '#contract/learners';
import { loadLearners } from '../learner-store.ts';
import { type LearnersWorld, startLearnersWorld } from '../learners.fixture.ts';
import type { ImportYes } from './commit-import.ts';
import { importFromFiles } from './import-from-files.ts';
import type { GivenFile } from './import-record.ts';
import { loadRun, toRun } from './import-store.ts';
import { textFile } from './nat-samples.fixture.ts';
import { listRows } from './row-store.ts';
import { type ImportOptions, setImportOptions } from './set-options.ts';
import { startImport } from './start-import.ts';

/** A world of learners with the steps of an import at hand. */
export interface ImportsWorld extends LearnersWorld {
  /** Preview and yes in one. */
  importing(files: GivenFile[], options?: ImportOptions): Promise<ImportRun>;
  /** As far as the preview, with the matches proposed. */
  preview(file: GivenFile): Promise<ImportRun>;
  rowsOf(run: ImportRun): Promise<ImportRow[]>;
  learnersOf(run: ImportRun): Promise<Learner[]>;
  current(run: ImportRun): Promise<ImportRun>;
  countLearners(): Promise<number>;
  countFiles(id: ImportRunId): Promise<number>;
  /** Every learner is gone. */
  empty(): Promise<void>;
}

/** A yes to what a preview says. */
export function yesTo({ id, previewVersion }: ImportRun): ImportYes {
  return { importId: id, previewVersion };
}

/** A table by the name of people.csv. */
export function csv(...lines: string[]): GivenFile {
  return textFile('people.csv', lines);
}

/** Starts a world for imports, whose every step is taken as the owner. The caller closes it. */
export async function startImportsWorld(): Promise<ImportsWorld> {
  const world = await startLearnersWorld();
  const { scope, database } = world;
  const { providerId } = scope;

  async function rowsOf(run: ImportRun): Promise<ImportRow[]> {
    const page = await database.asProvider(providerId, (tx) =>
      listRows(tx, run.id, { limit: 200 }),
    );
    return page.items;
  }

  return {
    ...world,
    importing: (files, options = {}) => importFromFiles(world, scope, files, options),
    async preview(file) {
      const run = await startImport(world, scope, { files: [file], correctNameCase: true });
      return run.state === 'preview' ? run : setImportOptions(world, scope, run.id, {});
    },
    rowsOf,
    async learnersOf(run) {
      const ids = (await rowsOf(run)).flatMap((row) => (row.learnerId ? [row.learnerId] : []));
      return database.asProvider(providerId, (tx) => loadLearners(tx, scope, ids));
    },
    current: (run) =>
      database.asProvider(providerId, async (tx) => toRun(await loadRun(tx, scope, run.id))),
    countLearners: () =>
      database.asProvider(providerId, async (tx) => {
        const counted = await sql<{ n: number }>`select count(*)::int as n from learners`.execute(
          tx,
        );
        return counted.rows[0]?.n ?? -1;
      }),
    countFiles: (id) =>
      database.asProvider(providerId, async (tx) => {
        const files = tx.selectFrom('import_files').select('position').where('import_id', '=', id);
        return (await files.execute()).length;
      }),
    async empty() {
      await database.asProvider(providerId, (tx) => sql`delete from learners`.execute(tx));
    },
  };
}
