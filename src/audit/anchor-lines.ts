import { open } from 'node:fs/promises';
import { z } from 'zod';
import { ProviderId } from '#contract/ids';

/** Where a chain had come to at an instant. */
export interface AnchorLine {
  at: Date;
  position: bigint;
  /** In hex. */
  hash: string;
}

const Line = z.object({
  at: z.iso.datetime().transform((text) => new Date(text)),
  position: z.coerce.bigint(),
  hash: z.string().regex(/^[0-9a-f]{64}$/),
});
const LineOfAll = Line.extend({ providerId: ProviderId });

/** The lines as a file holds them. */
export function textOf(lines: readonly AnchorLine[]): string {
  return lines
    .map(({ at, position, hash }) => {
      const line = { at: at.toISOString(), position: position.toString(), hash };
      return `${JSON.stringify(line)}\n`;
    })
    .join('');
}

/** The lines of a provider's file, read a part at a time. None when there is no such file. */
export function readLines(path: string): AsyncGenerator<AnchorLine> {
  return readAs(path, Line);
}

/** The lines of the one file that once held those of all providers. */
export function readLinesOfAll(
  path: string,
): AsyncGenerator<AnchorLine & { providerId: ProviderId }> {
  return readAs(path, LineOfAll);
}

/** A line that a crash has cut short is passed over. */
async function* readAs<Shape extends z.ZodType>(
  path: string,
  shape: Shape,
): AsyncGenerator<z.output<Shape>> {
  const file = await openIfThere(path);
  if (file === null) return;
  try {
    for await (const text of file.readLines()) {
      const line = parsed(text, shape);
      if (line !== null) yield line;
    }
  } finally {
    await file.close();
  }
}

async function openIfThere(path: string) {
  return open(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
}

function parsed<Shape extends z.ZodType>(text: string, shape: Shape): z.output<Shape> | null {
  if (text === '') return null;
  try {
    return shape.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

/** The month of an instant, as in a file's name: `2026-11`. */
export function monthOf(at: Date): string {
  return at.toISOString().slice(0, 'YYYY-MM'.length);
}

/** Months that stay as they were noted: the present one and the one before. */
const WHOLE_MONTHS = 2;

/** Whether lines of a month may be thinned out by now: nobody writes to its file any more. */
export function isLongPast(month: string, now: Date): boolean {
  const count = (text: string) => {
    const [year = 0, number = 0] = text.split('-').map(Number);
    return year * 12 + number;
  };
  return count(monthOf(now)) - count(month) >= WHOLE_MONTHS;
}

/** The last line of each day. */
export function lastOfEachDay(lines: readonly AnchorLine[]): AnchorLine[] {
  const byDay = new Map<string, AnchorLine>();
  for (const line of lines) byDay.set(line.at.toISOString().slice(0, 'YYYY-MM-DD'.length), line);
  return [...byDay.values()];
}
