import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { api } from '#contract/api';
import { IMPORT_BYTES_MAX, type ImportRow, type ImportRun } from '#contract/imports';
import { ownScope } from '#platform/scope';
import { callRoute } from '../call-route.ts';
import { type Command, chosenProvider, UsageError } from './command.ts';

/** Faulty records that are named one by one; the page lists them all. */
const FAULTS_TOLD = 50;

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
    const scope = ownScope(id);
    const run = await context.learners.importFromFiles(scope, files);
    const { items: faulty } = await callRoute(context.endpoints, scope, api.listImportRows, {
      params: { importId: run.id },
      query: { verdict: 'faulty', limit: FAULTS_TOLD },
    });
    return { data: { import: run, faulty, providerId: id }, words: wordsOf(run, faulty) };
  },
};

function wordsOf({ counts, remarks }: ImportRun, faulty: readonly ImportRow[]): string[] {
  return [
    `${counts.total} records: ${counts.new} new, ${counts.changed} changed, ` +
      `${counts.unchanged} unchanged, ${counts.faulty} faulty and left out.`,
    ...faulty.map(({ line, name, reasons }) => `- Line ${line}, ${name}: ${reasons.join(' ')}`),
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
