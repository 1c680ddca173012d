import { existsSync, readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

/** The build that `npm test` has made. */
const DIST = fileURLToPath(new URL('../../web/dist', import.meta.url));

/** A file of the build as Vite lists it, under the source that it is made of. */
interface Built {
  file: string;
  imports?: string[];
  css?: string[];
}
const manifest: Record<string, Built> = JSON.parse(
  readFileSync(`${DIST}/.vite/manifest.json`, 'utf8'),
);

const SHELL = 'pages/shell/Shell.tsx';

/**
 * Bytes, compressed by gzip as Bursar sends them, of all scripts and styles without which a page
 * isn't drawn on a first visit. A page that grows beyond its number either loads something that it
 * does not need yet, or the number is raised on purpose.
 */
test.each([
  ['signing in', [], 150],
  ['the list of learners', [SHELL, 'pages/learners/LearnersPage.tsx'], 183],
  ['the overview', [SHELL, 'pages/overview/OverviewPage.tsx'], 182],
] as const)('a first visit of %s loads no more than it may', (_page, parts, most_kb) => {
  const files = [...filesOf(['index.html', ...parts])];
  const sizes = files.map((file) => [sizeOf(file), file] as const).sort(([a], [b]) => b - a);
  const sum = sizes.reduce((total, [size]) => total + size, 0);
  const list = sizes.map(([size, file]) => `${size} ${file}`).join('\n');
  expect(sum, `${sum} bytes:\n${list}\n`).toBeLessThanOrEqual(most_kb * 1024);
});

/** The files of these sources and of all that they import, except where it is imported later. */
function filesOf(sources: readonly string[], seen = new Set<string>()): Set<string> {
  for (const source of sources) {
    const built = manifest[source];
    if (!built) throw new Error(`The build knows no ${source}`);
    if (seen.has(built.file)) continue;
    for (const file of [built.file, ...(built.css ?? [])]) seen.add(file);
    filesOf(built.imports ?? [], seen);
  }
  return seen;
}

/** What is sent: small files are not worth compressing. */
function sizeOf(file: string): number {
  const path = `${DIST}/${file}`;
  return statSync(existsSync(`${path}.gz`) ? `${path}.gz` : path).size;
}
