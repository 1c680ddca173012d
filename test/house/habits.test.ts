import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, normalize, sep } from 'node:path';
import { describe, expect, it } from 'vitest';
import { allSources, codeSources, isTest, type Source, withoutComments } from './sources.ts';

const LONGEST_FILE = 300;
const LONGEST_TEST = 400;
const LONGEST_DOOR = 60;

/** Files that are longer for a reason. */
const LONG_FILES: Record<string, string> = {
  'src/platform/schema.ts': 'written by a program',
};

/** Business code: everything whose time must come from an injected clock. */
const TIMED = /^src\/(?!platform\/)/;

/** But where rows go under the lock: what is pruned, and grants, which nobody may come to need meanwhile. */
const LOCKING =
  /^src\/(?!providers\/(spent-codes|sign-in-attempts)|xero\/grant-store|connections\/across-providers)/;

/** Where the machine's own time is the matter itself. */
const OWN_TIME: Record<string, string> = {};

const code = codeSources();

describe('files', () => {
  it('are at most 300 lines long, tests 400', () => {
    const long = code
      .filter(({ path }) => !(path in LONG_FILES))
      .map(({ path, text }) => ({ path, lines: text.split('\n').length - 1 }))
      .filter(({ path, lines }) => lines > (isTest(path) ? LONGEST_TEST : LONGEST_FILE));
    expect(long).toEqual([]);
  });

  it('that are named as long are there and long', () => {
    const short = Object.keys(LONG_FILES).filter((path) => {
      const source = code.find((one) => one.path === path);
      return source === undefined || source.text.split('\n').length <= LONGEST_FILE;
    });
    expect(short).toEqual([]);
  });

  it('that are doors are short', () => {
    const long = code
      .filter(({ path }) => /^src\/[a-z]+\/index\.ts$/.test(path))
      .filter(({ text }) => text.split('\n').length > LONGEST_DOOR);
    expect(long.map(({ path }) => path)).toEqual([]);
  });

  it('have names in kebab-case, pages and components in PascalCase', () => {
    const odd = code.filter(({ path }) => {
      const name = path.split('/').at(-1) ?? '';
      const kebab =
        /^[a-z0-9]+(-[a-z0-9]+)*(\.(test|story|e2e|fixture|config|d))*\.(ts|tsx|mjs)$/.test(name);
      return !kebab && !(/^web\//.test(path) && /^[A-Z][A-Za-z0-9]*\.tsx$/.test(name));
    });
    expect(odd.map(({ path }) => path)).toEqual([]);
  });

  it('export by name', () => {
    const wanted =
      /^(vitest\.config|web\/vite\.config|test\/count-reporter|test\/world\/global-setup)/;
    const odd = code.filter(
      ({ path, text }) => !wanted.test(path) && /^export default\b/m.test(text),
    );
    expect(odd.map(({ path }) => path)).toEqual([]);
  });
});

describe('time', () => {
  it('comes from the clock that was handed in', () => {
    expect(linesThatMatch(TIMED, /\bDate\.now\(\)|\bnew Date\(\)|\bperformance\.now\(\)/)).toEqual(
      [],
    );
  });

  it('is never asked of the database by business SQL', () => {
    const asked =
      /(?<![.\w])now\(\)(?!\s*[:=])|\bclock_timestamp\(\)|\bcurrent_timestamp\b|\bstatement_timestamp\(\)/i;
    expect(linesThatMatch(TIMED, asked)).toEqual([]);
  });
});

describe('chance', () => {
  it('is handed in too', () => {
    expect(linesThatMatch(TIMED, /\bMath\.random\b/)).toEqual([]);
  });
});

describe('row locks', () => {
  it('let others name the row: whoever writes a row that refers to it would wait, and deadlock', () => {
    const keyed = /\.forUpdate\(\)|\bfor update\b(?! skip locked)/;
    expect(linesThatMatch(LOCKING, keyed)).toEqual([]);
  });
});

describe('tests', () => {
  it('are never left out or run alone', () => {
    const odd = code
      .filter(({ path }) => isTest(path) && !path.startsWith('test/house/'))
      .flatMap((source) => matches(source, /\b(it|test|describe)\.(only|skip|todo)\(/));
    expect(odd).toEqual([]);
  });
});

describe('docstrings', () => {
  it('stand directly above every exported function and class', () => {
    const exported = code
      .filter(({ path }) => /^(src|contract|emulator|web)\//.test(path) && !isTest(path))
      .filter(({ path }) => path !== 'src/platform/schema.ts')
      .flatMap(exportedFunctions);
    expect(exported.length).toBeGreaterThan(1000);
    expect(exported.filter((one) => !one.isTold).map(({ place }) => place)).toEqual([]);
  });

  it('are looked for however a function is written', () => {
    const text = [
      '/** Why. */\nexport function a() {}',
      '/**\n * Why,\n * at length.\n */\nexport async function* b() {}',
      '/** Why. */\n\nexport function c() {}',
      '/* A remark. */\nexport abstract class D {}',
      '// A remark.\nexport class E {}',
      '/** @throws AppError `a.code` */\nexport function h() {}',
      '/**\n * @throws AppError `a.code`\n */\nexport function i() {}',
      'export const f = async (one: string): Promise<void> => {};',
      'export const g: Handler = (one) =>\n  one;',
      'export const NO_FUNCTION = (7 * 24) / 2;',
    ].join('\n');
    const told = exportedFunctions({ path: 'p.ts', text }).map((one) => [one.place, one.isTold]);
    expect(told).toEqual([
      ['p.ts:2: export function a() {}', true],
      ['p.ts:7: export async function* b() {}', true],
      ['p.ts:10: export function c() {}', false],
      ['p.ts:12: export abstract class D {}', false],
      ['p.ts:14: export class E {}', false],
      ['p.ts:16: export function h() {}', false],
      ['p.ts:20: export function i() {}', false],
      ['p.ts:21: export const f = async (one: string): Promise<void> => {};', false],
      ['p.ts:22: export const g: Handler = (one) =>', false],
    ]);
  });
});

describe('code', () => {
  it('leaves nothing for later and hides nothing from the checkers', () => {
    const marks =
      /\b(TODO|FIXME|XXX|HACK)\b|@ts-ignore|@ts-nocheck|@ts-expect-error|eslint-disable/;
    const odd = code
      .filter(({ path }) => !path.startsWith('test/house/'))
      .flatMap((source) => matches(source, marks));
    expect(odd).toEqual([]);
  });

  it('does not know of the emulator in src and web', () => {
    const odd = code
      .filter(({ path }) => /^(src|web|contract)\//.test(path) && !isTest(path))
      .flatMap((source) => matches({ ...source, text: withoutComments(source.text) }, /emulator/i));
    expect(odd).toEqual([]);
  });
});

describe('documents', () => {
  const documents = allSources().filter(({ path }) => path.endsWith('.md'));

  it('link to what exists', () => {
    const dead = documents.flatMap(({ path, text }) =>
      linksOf(text)
        .map((link) => normalize(join(dirname(path), link)))
        .filter((target) => !existsSync(target))
        .map((target) => `${path} links to ${target}`),
    );
    expect(dead).toEqual([]);
  });

  it('name only files of ours that exist', () => {
    const dead = documents
      .filter(({ path }) => /^(README|ARCHITECTURE|STYLE)\.md$|^docs\//.test(path))
      .flatMap(({ path, text }) =>
        // What is built, `web/dist`, need not be there yet.
        [...text.matchAll(/`((?:src|web(?!\/dist)|contract|test|bin|emulator|docs)\/[\w./-]+)`/g)]
          .map((match) => match[1] ?? '')
          .filter((target) => !['', '.ts', '.tsx', '.mjs'].some((end) => existsSync(target + end)))
          .map((target) => `${path} names ${target}`),
      );
    expect(dead).toEqual([]);
  });

  it('say in docs/design.md how every state looks', () => {
    const written = [
      ...readFileSync('docs/design.md', 'utf8').matchAll(/([^|·(]+) \((\w+), [^)]+\)/g),
    ].flatMap(([, words = '', colour]) =>
      words.split(',').map((word) => `${word.trim()}: ${colour}`),
    );
    const shown = code
      .filter(({ path }) => path.startsWith('web/') && !isTest(path))
      .flatMap(({ text }) => [...text.matchAll(/word: '([^']+)',\s+colour: '(\w+)'/g)])
      .map(([, word, colour]) => `${word}: ${colour}`);
    expect(shown.length).toBeGreaterThan(50);
    expect(shown.filter((state) => !written.includes(state))).toEqual([]);
  });
});

describe('words', () => {
  it('name no folder of the machine that they were written on', () => {
    const usual =
      /(?<![\w.$}-])\/(?:home|Users|root|tmp|work(?:spaces?)?|builds?)\/[\w.-]|[A-Z]:\\Users\\/;
    // Wherever this copy lies; a folder of one name, `/app`, says too little to be looked for.
    const here = [process.cwd(), homedir()]
      .filter((path) => path.split(sep).length > 2)
      .map((path) => `${path.replace(/\W/g, '\\$&')}(?![\\w-])`);
    const pattern = new RegExp([usual.source, ...here].join('|'));
    expect(allSources().flatMap((source) => matches(source, pattern))).toEqual([]);
  });

  it('name no place of packages but the public one', () => {
    const places = [
      ...readFileSync('package-lock.json', 'utf8').matchAll(/"resolved": "([^"]+)"/g),
      ...readFileSync('.npmrc', 'utf8').matchAll(/registry\s*=\s*(\S+)/g),
    ].map((match) => match[1] ?? '');
    expect(places.filter((place) => !place.startsWith('https://registry.npmjs.org/'))).toEqual([]);
  });

  it('keep the names of STYLE.md: a provider is no tenant, an app no integration', () => {
    const odd = code
      .filter(
        ({ path }) => /^(src|contract|web)\//.test(path) && !/\/xero\/|xero-|sync\//.test(path),
      )
      .filter(({ path }) => !isTest(path))
      .flatMap((source) =>
        matches(
          { ...source, text: withoutComments(source.text) },
          /\btenants?(Id)?\b|\bintegrations?\b/i,
        ),
      );
    expect(odd).toEqual([]);
  });
});

const EXPORTED =
  /^export (?:default )?(?:(?:async )?function\b|(?:abstract )?class\b|const \w+.* = (?:async )?(?:\w+|[<(].*\)(?:: .+)?) =>).*/gm;

/** Where a file exports a function or a class, and whether a docstring is the line above. */
function exportedFunctions({ path, text }: Source): { place: string; isTold: boolean }[] {
  return [...text.matchAll(EXPORTED)].map(({ 0: line, index }) => {
    const before = text.slice(0, index);
    const comment = before.endsWith('*/\n') ? before.slice(before.lastIndexOf('/*')) : '';
    const place = `${path}:${before.split('\n').length}: ${line}`;
    // What may go wrong does not say yet what it is for.
    return { place, isTold: comment.startsWith('/**') && !/^\/\*\*[\s*]*@throws/.test(comment) };
  });
}

function linesThatMatch(where: RegExp, pattern: RegExp): string[] {
  return code
    .filter(({ path }) => where.test(path) && !isTest(path) && !(path in OWN_TIME))
    .flatMap((source) => matches({ ...source, text: withoutComments(source.text) }, pattern));
}

function matches({ path, text }: Source, pattern: RegExp): string[] {
  return text
    .split('\n')
    .flatMap((line, index) => (pattern.test(line) ? [`${path}:${index + 1}: ${line.trim()}`] : []));
}

/** Relative links of a Markdown text, without anchors; code blocks are left out. */
function linksOf(text: string): string[] {
  const prose = text.replace(/```[\s\S]*?```/g, '').replace(/`[^`\n]*`/g, '');
  return [...prose.matchAll(/\]\(([^)\s]+)(?:\s+"[^"]*")?\)/g)]
    .map((match) => (match[1] ?? '').split('#')[0] ?? '')
    .filter((link) => link !== '' && !/^[a-z]+:/i.test(link));
}
