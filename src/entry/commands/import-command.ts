import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { IMPORT_BYTES_MAX, type ImportRun } from '#contract/imports';
import { ownScope } from '#platform/scope';
import { type Command, chosenProvider, UsageError } from './command.ts';

interface GivenFile {
  name: string;
  content: Uint8Array;
}

export const importLearners: Command = {
  name: 'import learners',
  summary: 'Bring learners in from a CSV file, AVETMISS NAT files, a folder or a zip of them',
  options: {
    provider: { value: 'ID', isNeeded: false, help: 'id or name; not needed when there is one' },
  },
  files: 'FILE…',
  async run(context, given) {
    const files = await readAll(given.files);
    const { id } = await chosenProvider(context, given);
    const run = await context.learners.importFromFiles(ownScope(id), files);
    return { data: { import: run, providerId: id }, words: wordsOf(run) };
  },
};

function wordsOf({ counts, remarks }: ImportRun): string[] {
  return [
    `${counts.total} records: ${counts.new} new, ${counts.changed} changed, ` +
      `${counts.unchanged} unchanged, ${counts.faulty} faulty and left out.`,
    ...remarks.map((remark) => `- ${remark}`),
  ];
}

/** The files named, and those directly inside the folders named; all of them small enough. */
async function readAll(paths: readonly string[]): Promise<GivenFile[]> {
  const files: string[] = [];
  let bytes = 0;
  for (const path of paths) {
    const found = await stat(path).catch(() => {
      throw new UsageError(`There is no file “${path}”.`);
    });
    files.push(...(found.isDirectory() ? await filesIn(path) : [path]));
  }
  const contents: GivenFile[] = [];
  for (const path of files) {
    bytes += (await stat(path)).size;
    if (bytes > IMPORT_BYTES_MAX) {
      throw new UsageError(`That is more than ${IMPORT_BYTES_MAX / 1024 ** 2} MB at once.`);
    }
    contents.push({ name: basename(path), content: await readFile(path) });
  }
  return contents;
}

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && !entry.name.startsWith('.'));
  if (files.length === 0) throw new UsageError(`The folder “${folder}” holds no files.`);
  return files.map(({ name }) => join(folder, name)).sort();
}
