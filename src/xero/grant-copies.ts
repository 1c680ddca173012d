import { chmod, mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { DAY_MS } from '#platform/clock';
import { makeDataFolder, writeWhole } from '#platform/data-dir';
import type { Logger } from '#platform/logger';
import { openOrNull } from '#platform/reseal';
import type { SecretBox } from '#platform/secrets';

/** A file of the folder of copies. Both are null where it can't be read, or was never finished. */
export interface KeptFile {
  name: string;
  grantId: string | null;
  /** When Xero's answer with the token came, by this machine's clock. */
  issuedAt: Date | null;
}

/**
 * The newest refresh token of each grant that this machine renewed, beside the database: a database
 * that is put back to an older state holds one that Xero has forgotten (decision 040). It is a
 * second line only, so nothing here throws for what a disk does; it is logged instead.
 */
export interface GrantCopies {
  keep(grantId: string, refreshToken: string, issuedAt: Date): Promise<void>;
  /** The token kept for a grant if it was issued after `instant`; null when there is none such. */
  newerThan(grantId: string, instant: Date): Promise<string | null>;
  drop(grantId: string): Promise<void>;
  /**
   * Seals a grant's copy with the present key, whose row the caller holds, so that no newer one is
   * written meanwhile. Null: it is so already, there is none, or the disk does not let us.
   */
  reseal(grantId: string): Promise<'resealed' | 'unreadable' | null>;
  list(): Promise<KeptFile[]>;
  remove(file: KeptFile): Promise<void>;
}

/** Keeps nothing: where copies are switched off. */
export const noGrantCopies: GrantCopies = {
  keep: async () => {},
  newerThan: async () => null,
  drop: async () => {},
  reseal: async () => null,
  list: async () => [],
  remove: async () => {},
};

const Copy = z.object({ issuedAt: z.iso.datetime(), sealed: z.string() });
const UUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
/** Whole copies, and halves of writes that a crash cut short. Anything else is not ours. */
const OUR_FILE = new RegExp(`^(${UUID})\\.json(?:\\.${UUID}\\.half)?$`);

/** Xero keeps a refresh token that nobody uses for 60 days. */
const TOKEN_LIFE_MS = 60 * DAY_MS;
/** A database may be empty for a while before a backup is put back into it. */
const GONE_WAIT_MS = 7 * DAY_MS;

/** Whether a file serves nothing any more: broken, out of date, or of a grant that is long gone. */
export function isOver({ issuedAt }: KeptFile, isGrantThere: boolean, now: Date): boolean {
  if (issuedAt === null) return true;
  const age = now.getTime() - issuedAt.getTime();
  return age > (isGrantThere ? TOKEN_LIFE_MS : GONE_WAIT_MS);
}

/** Copies as one file for each grant in `folder`, which is the owner's alone. */
export function createGrantCopies(deps: {
  folder: string;
  secrets: SecretBox;
  logger: Logger;
}): GrantCopies {
  const { folder, secrets, logger } = deps;
  const pathOf = (grantId: string) => join(folder, `${grantId}.json`);

  async function orLogged<T>(work: () => Promise<T>, otherwise: T, words: string): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return otherwise;
      logger.warn({ err: error, folder }, words);
      return otherwise;
    }
  }

  async function readCopy(name: string): Promise<z.output<typeof Copy>> {
    const text = await readFile(join(folder, name), 'utf8');
    return Copy.parse(JSON.parse(text));
  }

  async function writeCopy(grantId: string, refreshToken: string, issuedAt: string): Promise<void> {
    const sealed = secrets.seal(refreshToken, placeOf(grantId, issuedAt));
    await makeOurFolder(folder);
    await writeWhole(pathOf(grantId), JSON.stringify({ issuedAt, sealed }));
  }

  async function describe(name: string, grantId: string): Promise<KeptFile> {
    const broken: KeptFile = { name, grantId: null, issuedAt: null };
    if (name.endsWith('.half')) return broken;
    return readCopy(name).then(
      ({ issuedAt }) => ({ name, grantId, issuedAt: new Date(issuedAt) }),
      () => broken,
    );
  }

  return {
    keep: (grantId, refreshToken, issuedAt) => {
      const words = 'a renewed permission could not be kept beside the database';
      const write = () => writeCopy(grantId, refreshToken, issuedAt.toISOString());
      return orLogged(write, undefined, words);
    },

    newerThan: (grantId, instant) => {
      const words = 'the permission kept beside the database can’t be read';
      const read = async () => {
        const { issuedAt, sealed } = await readCopy(`${grantId}.json`);
        if (new Date(issuedAt) <= instant) return null;
        return secrets.open(sealed, placeOf(grantId, issuedAt));
      };
      return orLogged(read, null, words);
    },

    drop: (grantId) =>
      orLogged(() => rm(pathOf(grantId), { force: true }), undefined, 'a copy can’t be removed'),

    reseal: (grantId) => {
      const anew = async () => {
        const { issuedAt, sealed } = await readCopy(`${grantId}.json`);
        if (secrets.keyIdOf(sealed) === secrets.currentKeyId) return null;
        const refreshToken = openOrNull(secrets, sealed, placeOf(grantId, issuedAt));
        if (refreshToken === null) return 'unreadable';
        await writeCopy(grantId, refreshToken, issuedAt);
        return 'resealed';
      };
      return orLogged(anew, null, 'a copy can’t be sealed anew');
    },

    list: async () => {
      const names = await orLogged(() => readdir(folder), [], 'the copies can’t be listed');
      const files: KeptFile[] = [];
      for (const name of names) {
        const grantId = OUR_FILE.exec(name)?.[1];
        if (grantId !== undefined) files.push(await describe(name, grantId));
      }
      return files;
    },

    remove: ({ name }) =>
      orLogged(() => rm(join(folder, name), { force: true }), undefined, 'a copy can’t be removed'),
  };
}

/** Binds a sealed copy to its grant and instant: under another name or date it does not open. */
function placeOf(grantId: string, issuedAt: string): string {
  return `grants/${grantId}/copy/${issuedAt}`;
}

async function makeOurFolder(folder: string): Promise<void> {
  await makeDataFolder(dirname(folder));
  await mkdir(folder, { mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  await chmod(folder, 0o700);
}
