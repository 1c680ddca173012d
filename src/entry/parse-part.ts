import type { z } from 'zod';
import { AppError } from '#platform/app-error';

const FIELDS_NAMED_MAX = 50;

/**
 * Parses one part of a call: its parameters, query or body.
 * @throws AppError `request.invalid`, with each wrong field named
 */
export function parsePart(shape: z.ZodType, given: unknown): unknown {
  const parsed = shape.safeParse(given);
  if (parsed.success) return parsed.data;
  const fields = parsed.error.issues.slice(0, FIELDS_NAMED_MAX).map((issue) => ({
    field: issue.path.map(String).join('.'),
    message: issue.message,
  }));
  throw new AppError('request.invalid', undefined, { extras: { fields } });
}
