import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

/** A file of the project. */
export interface Source {
  /** Relative to the project's folder, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

const TEXT = /\.(ts|tsx|mjs|sql|md|json|css|html|yml|yaml|example)$|(^|\/)(run|LICENSE)$/;

/** Every text file that git keeps or would keep; nothing ignored. */
export function allSources(): Source[] {
  const listed = execFileSync(
    'git',
    ['ls-files', '--cached', '--others', '--exclude-standard', '-z'],
    { encoding: 'utf8', maxBuffer: 50_000_000 },
  );
  return listed
    .split('\0')
    .filter((path) => TEXT.test(path) && path !== 'package-lock.json' && existsSync(path))
    .map((path) => ({ path, text: readFileSync(path, 'utf8') }));
}

/** TypeScript and JavaScript alone. */
export function codeSources(): Source[] {
  return allSources().filter(({ path }) => /\.(ts|tsx|mjs)$/.test(path));
}

export function isTest(path: string): boolean {
  return /\.(test|story|e2e|fixture)\.tsx?$/.test(path) || path.startsWith('test/');
}

/** The text without comments and the contents of strings that span lines, line numbers kept. */
export function withoutComments(text: string): string {
  return text
    .replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ' '))
    .replace(/(^|[^:'"`])\/\/[^\n]*/g, '$1');
}

const IMPORT =
  /(?:^|\n)\s*(?:import|export)\s(?:[^'";]*?\sfrom\s*)?['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/g;

/** What a file imports, as written. */
export function importsOf(source: Source): string[] {
  const text = withoutComments(source.text);
  return [...text.matchAll(IMPORT)].map((match) => match[1] ?? match[2] ?? '');
}
