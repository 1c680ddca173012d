import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';
import { codeSources, importsOf, isTest, type Source } from './sources.ts';

/** A room imports rooms of lower rank only; rooms of one rank do not see each other. */
const RANKS: Record<string, number> = {
  platform: 0,
  events: 1,
  providers: 2,
  xero: 2,
  learners: 3,
  workplaces: 3,
  billing: 3,
  connections: 3,
  sync: 4,
  support: 5,
  closing: 5,
  audit: 5,
  webhooks: 5,
  entry: 6,
};

/** Rooms that must not know of each other though their ranks would allow it. */
const STRANGERS: Record<string, readonly string[]> = {
  learners: ['xero'],
  workplaces: ['xero'],
  billing: ['xero'],
};

/** Which npm package is for which room; a package that stands nowhere may be imported nowhere. */
const PACKAGES: Record<string, readonly string[]> = {
  platform: ['pg', 'kysely', 'graphile-worker', 'pino', 'zod', 'uuidv7', 'fastify', 'nodemailer'],
  events: ['zod'],
  providers: ['zod', 'kysely', 'better-auth', '@better-auth/passkey'],
  xero: ['zod', 'kysely', 'decimal.js'],
  learners: ['zod', 'kysely', 'csv-parse', 'fflate'],
  workplaces: ['zod', 'kysely'],
  billing: ['zod', 'kysely', 'csv-stringify'],
  connections: ['zod', 'kysely', 'fastify'],
  sync: ['zod', 'kysely', 'fastify', 'csv-parse', 'csv-stringify'],
  audit: ['zod', 'kysely', 'csv-stringify'],
  webhooks: ['zod', 'kysely', 'standardwebhooks'],
  support: ['kysely'],
  closing: ['zod', 'kysely', 'fastify', 'fflate'],
  entry: ['zod', 'fastify', '@fastify/*'],
  contract: ['zod'],
  emulator: ['fastify', '@fastify/*', 'yaml'],
  web: [
    'react',
    'react-dom',
    '@mantine/*',
    '@tanstack/*',
    '@tabler/icons-react',
    'zod',
    'uqr',
    'vite',
    '@vitejs/plugin-react',
  ],
  bin: ['pg', 'zod'],
  seeds: ['zod'],
};

const TEST_PACKAGES = [
  'vitest',
  'fast-check',
  'xero-node',
  'openid-client',
  'pg',
  'zod',
  'fastify',
  'kysely',
  'yaml',
  'smtp-server',
  'csv-stringify',
  'mailparser',
];

const sources = codeSources();

/** `platform`, `contract`, `web`, … : the room that a path belongs to. */
function roomOf(path: string): string {
  const [top = '', second = ''] = path.split('/');
  return top === 'src' ? second : top;
}

/** Turns an import of ours into a path; undefined for a package. */
function targetOf(source: Source, specifier: string): string | undefined {
  if (specifier.startsWith('.')) return normalize(join(dirname(source.path), specifier));
  const own = /^#([a-z]+)\/(.+)$/.exec(specifier);
  if (own === null) return undefined;
  const [, room = '', rest = ''] = own;
  return room === 'contract' ? `contract/${rest}.ts` : `src/${room}/${rest}.ts`;
}

interface Arrow {
  from: Source;
  to: string;
}

const arrows: Arrow[] = sources.flatMap((from) =>
  importsOf(from).flatMap((specifier) => {
    const to = targetOf(from, specifier);
    return to === undefined ? [] : [{ from, to }];
  }),
);

function say({ from, to }: Arrow): string {
  return `${from.path} imports ${to}`;
}

describe('arrows between rooms', () => {
  const between = arrows.filter(
    ({ from, to }) =>
      from.path.startsWith('src/') && to.startsWith('src/') && roomOf(from.path) !== roomOf(to),
  );

  it('are found at all', () => {
    expect(between.length).toBeGreaterThan(20);
  });

  it('lead to lower ranks only', () => {
    const wrong = between.filter(({ from, to }) => {
      const ours = RANKS[roomOf(from.path)];
      const theirs = RANKS[roomOf(to)];
      return ours === undefined || theirs === undefined || theirs >= ours;
    });
    expect(wrong.map(say)).toEqual([]);
  });

  it('keep learners, workplaces and billing from Xero', () => {
    const wrong = between.filter(({ from, to }) =>
      STRANGERS[roomOf(from.path)]?.includes(roomOf(to)),
    );
    expect(wrong.map(say)).toEqual([]);
  });

  it('enter a room by its door (platform has many small ones)', () => {
    const wrong = between.filter(
      ({ from, to }) =>
        roomOf(to) !== 'platform' && !/^src\/[a-z]+\/index\.ts$/.test(to) && !isTest(from.path),
    );
    expect(wrong.map(say)).toEqual([]);
  });

  it('carry Xero’s wire shapes to sync’s mapping alone', () => {
    const wrong = arrows.filter(
      ({ from, to }) => to.startsWith('src/xero/wire/') && !/^src\/xero\//.test(from.path),
    );
    expect(wrong.filter(({ from }) => !isTest(from.path)).map(say)).toEqual([]);
  });

  it('lead from contract, web and emulator nowhere they should not', () => {
    const allowed: Record<string, readonly string[]> = {
      contract: ['contract'],
      web: ['web', 'contract'],
      emulator: ['emulator'],
    };
    const wrong = arrows.filter(({ from, to }) => {
      const rooms = allowed[roomOf(from.path)];
      return rooms !== undefined && !rooms.includes(roomOf(to));
    });
    expect(wrong.map(say)).toEqual([]);
  });

  it('lead from src neither to tests, seeds, bin nor to the pages', () => {
    const wrong = arrows.filter(
      ({ from, to }) =>
        from.path.startsWith('src/') && !/^(src|contract)\//.test(to) && !isTest(from.path),
    );
    expect(wrong.map(say)).toEqual([]);
  });
});

describe('packages', () => {
  it('are imported by the rooms that may', () => {
    const wrong = sources.flatMap((source) => {
      const room = roomOf(source.path);
      if (source.path.split('/').length === 1 || room === 'test' || isTest(source.path)) return [];
      return packagesOf(source)
        .filter((name) => !mayImport(room, name))
        .map((name) => `${source.path} imports ${name}`);
    });
    expect(wrong).toEqual([]);
  });

  it('are allowed only where they are imported', () => {
    const imported = new Set(
      sources
        .filter(({ path }) => !isTest(path))
        .flatMap((source) => packagesOf(source).map((name) => `${roomOf(source.path)} ${name}`)),
    );
    const idle = Object.entries(PACKAGES).flatMap(([room, names]) =>
      names
        .filter((name) => !name.endsWith('/*') && !imported.has(`${room} ${name}`))
        .map((name) => `${room} does not import ${name}`),
    );
    expect(idle).toEqual([]);
  });

  it('are in tests beside the code those of the room and of testing', () => {
    const wrong = sources.flatMap((source) => {
      const room = roomOf(source.path);
      if (!isTest(source.path) || room === 'test') return [];
      return packagesOf(source)
        .filter((name) => !mayImport(room, name) && !TEST_PACKAGES.includes(name))
        .map((name) => `${source.path} imports ${name}`);
    });
    expect(wrong).toEqual([]);
  });
});

function packagesOf(source: Source): string[] {
  return importsOf(source)
    .filter((specifier) => !/^(\.|#|node:|virtual:)/.test(specifier))
    .map((specifier) =>
      specifier
        .split('/')
        .slice(0, specifier.startsWith('@') ? 2 : 1)
        .join('/'),
    );
}

function mayImport(room: string, name: string): boolean {
  return (PACKAGES[room] ?? []).some((allowed) =>
    allowed.endsWith('/*') ? name.startsWith(allowed.slice(0, -1)) : name === allowed,
  );
}
