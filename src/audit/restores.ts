import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { AcceptedRestore } from '#contract/audit';
import type { ProviderId } from '#contract/ids';
import { writeWhole } from '#platform/data-dir';
import type { Logger } from '#platform/logger';
import { openOrNull, type Resealed } from '#platform/reseal';
import type { SecretBox } from '#platform/secrets';
import type { AnchorLine } from './anchor-lines.ts';

const Place = z.object({ position: z.coerce.bigint(), hash: z.string() });

/** A break in what was noted of a chain, accepted by whoever runs Bursar: a backup was put back. */
const Restore = z.object({
  at: z.iso.datetime().transform((text) => new Date(text)),
  /** What was noted up to this entry still holds; what was noted after it, before `at`, does not. */
  keptUpTo: z.coerce.bigint(),
  /** The newest entry that was noted before. */
  noted: Place,
  /** Where the chain had come to when the break was accepted; null: there was none. */
  head: Place.nullable(),
});
export type Restore = z.output<typeof Restore>;

/** Accepted breaks, kept beside the anchors. Each is sealed, so that a line put in by hand is none. */
export interface Restores {
  /** Oldest first. One whose seal opens with none of the keys is passed over. */
  read(providerId: ProviderId): Promise<Restore[]>;
  add(providerId: ProviderId, restore: Restore): Promise<void>;
  /** Seals those of these providers with the present key. */
  reseal(providerIds: readonly ProviderId[]): Promise<Resealed>;
}

const FILE = 'restores.jsonl';
const Line = z.object({ restore: z.string(), seal: z.string() });
type Line = z.output<typeof Line>;

/** Breaks in the folders of `anchorsPath`. */
export function createRestores(deps: {
  anchorsPath: string;
  secrets: SecretBox;
  logger: Logger;
}): Restores {
  const { secrets, logger } = deps;
  const fileOf = (providerId: ProviderId) => join(deps.anchorsPath, providerId, FILE);
  const isSealed = (providerId: ProviderId, { restore, seal }: Line) =>
    openOrNull(secrets, seal, placeOf(providerId)) === restore;

  async function readLines(providerId: ProviderId): Promise<Line[]> {
    const text = await readFile(fileOf(providerId), 'utf8').catch((error) => {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
      throw error;
    });
    const lines = text.split('\n').filter((line) => line !== '');
    return lines.map((line) => parsed(line) ?? { restore: line, seal: '' });
  }

  async function writeLines(providerId: ProviderId, lines: readonly Line[]): Promise<void> {
    await mkdir(join(deps.anchorsPath, providerId), { recursive: true, mode: 0o700 });
    const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
    await writeWhole(fileOf(providerId), text);
  }

  function sealed(providerId: ProviderId, restore: string): Line {
    return { restore, seal: secrets.seal(restore, placeOf(providerId)) };
  }

  return {
    async read(providerId) {
      const lines = await readLines(providerId);
      const ours = lines.filter((line) => isSealed(providerId, line));
      if (ours.length < lines.length) {
        logger.error(
          { providerId, passedOver: lines.length - ours.length },
          'accepted restores of the audit log open with none of the keys',
        );
      }
      return ours.map(({ restore }) => Restore.parse(JSON.parse(restore)));
    },

    async add(providerId, restore) {
      const lines = await readLines(providerId);
      await writeLines(providerId, [...lines, sealed(providerId, textOf(restore))]);
    },

    async reseal(providerIds) {
      const sum: Resealed = { resealed: 0, unreadable: 0, left: 0 };
      for (const providerId of providerIds) {
        const lines = await readLines(providerId);
        const isOld = ({ seal }: Line) => secrets.keyIdOf(seal) !== secrets.currentKeyId;
        if (!lines.some(isOld)) continue;
        const anew = lines.map((line) => {
          if (!isOld(line)) return line;
          const isOurs = isSealed(providerId, line);
          sum[isOurs ? 'resealed' : 'unreadable'] += 1;
          return isOurs ? sealed(providerId, line.restore) : line;
        });
        await writeLines(providerId, anew);
      }
      return sum;
    },
  };
}

/**
 * The hashes by position that a chain must fit, in the order in which they were noted. The first word
 * on a position counts: a later one that differs was not ours. What an accepted restore has done away
 * with counts no more, and what was noted between the two neither: the head then stands for it.
 */
export function whatHolds(
  lines: readonly AnchorLine[],
  restores: readonly Restore[],
): Map<bigint, string> {
  const noted = lines.map((line) => ({
    ...line,
    acceptedLater: restores.filter(({ at }) => line.at <= at),
  }));
  const heads = restores.flatMap(({ at, head }, index) =>
    head ? [{ at, ...head, acceptedLater: restores.slice(index + 1) }] : [],
  );
  const holds = new Map<bigint, string>();
  const inOrder = [...noted, ...heads].sort((one, other) => one.at.getTime() - other.at.getTime());
  for (const { position, hash, acceptedLater } of inOrder) {
    if (acceptedLater.some(({ keptUpTo }) => position > keptUpTo)) continue;
    if (!holds.has(position)) holds.set(position, hash);
  }
  return holds;
}

/** A break as pages and programs see it. */
export function presentRestore({ at, keptUpTo, noted, head }: Restore): AcceptedRestore {
  return {
    acceptedAt: at.toISOString(),
    keptUpTo: Number(keptUpTo),
    noted: Number(noted.position),
    entries: Number(head?.position ?? 0n),
  };
}

function parsed(line: string): Line | null {
  try {
    return Line.parse(JSON.parse(line));
  } catch {
    return null;
  }
}

function placeOf(providerId: ProviderId): string {
  return `${FILE}/${providerId}`;
}

function textOf({ at, keptUpTo, noted, head }: Restore): string {
  const place = ({ position, hash }: { position: bigint; hash: string }) => ({
    position: position.toString(),
    hash,
  });
  return JSON.stringify({
    at: at.toISOString(),
    keptUpTo: keptUpTo.toString(),
    noted: place(noted),
    head: head && place(head),
  });
}
