import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { api } from './api.ts';
import type { Route } from './route.ts';
import { line, lines, Name } from './text.ts';

describe('a name', () => {
  it.each([
    'Ada\nLim',
    'Ada\r\nLim',
    'Ada\u2028Lim',
    'Ada\u2029Lim',
    'Ada\u001b[2J',
    'Ada\0',
    'A\ud800',
  ])('stays in its line: %j', (name) => {
    expect(Name.safeParse(name).success).toBe(false);
  });

  it.each(['Åsa O’Neill-Smith', '  Ngũgĩ wa Thiong’o ', 'علی‌رضا', '王小明 🦜'])(
    'may be %s',
    (name) => {
      expect(Name.parse(name)).toBe(name.trim());
    },
  );
});

it('takes line breaks and tabs where several lines are meant, and no other control characters', () => {
  expect(lines(20).safeParse('one\r\n\ttwo').success).toBe(true);
  for (const character of ['\0', '\u001b', '\u0007', '\u009b', '\ud800']) {
    expect(lines(20).safeParse(`one${character}`).success).toBe(false);
    expect(line(20).safeParse(`one${character}`).success).toBe(false);
  }
});

/**
 * Texts that may hold a NUL, which PostgreSQL keeps nowhere, each with the reason why it does no
 * harm. Every other text that is sent refuses it or loses it.
 */
const HARMLESS: Record<string, string> = {
  'acceptInvitation.body.password': 'passwords are kept as hashes',
  'beginAuthenticator.body.password': 'passwords are kept as hashes',
  'beginXeroTie.body.password': 'passwords are kept as hashes',
  'changePassword.body.current': 'passwords are kept as hashes',
  'changePassword.body.password': 'passwords are kept as hashes',
  'closeProvider.body.name': 'only compared with the name that is kept',
  'resetPassword.body.password': 'passwords are kept as hashes',
  'setImportOptions.body.mapping{key}': 'has to be the name of a column that was read',
  'signIn.body.password': 'passwords are kept as hashes',
  'startImport.body.files[].name': 'names of files are cleaned where the files are read',
};

describe('a NUL, which PostgreSQL keeps nowhere', () => {
  const taken = Object.entries(api).flatMap(([name, route]) =>
    (['params', 'query', 'body'] as const).flatMap((part) =>
      takersOf((route as Route)[part], `${name}.${part}`),
    ),
  );

  it('is refused or lost by every text that can be sent', () => {
    expect(taken.sort()).toEqual(Object.keys(HARMLESS).sort());
  });
});

/** Of every length that texts are asked to have, each with a NUL in it. */
const POISONED = [2, 6, 12, 20, 43, 64].flatMap((length) => [
  `${'a'.repeat(length - 1)}\0`,
  `\0${'a'.repeat(length - 1)}`,
  `a\0${'a'.repeat(length - 2)}`,
]);

/** The places in a shape that take a text with a NUL and hand it on. */
function takersOf(shape: z.core.$ZodType, place: string): string[] {
  const { def } = shape._zod as unknown as { def: Record<string, unknown> & { type: string } };
  const inside = (key: string) => takersOf(def[key] as z.core.$ZodType, place);
  switch (def.type) {
    case 'object':
      return Object.entries(def.shape as Record<string, z.core.$ZodType>).flatMap(([key, one]) =>
        takersOf(one, `${place}.${key}`),
      );
    case 'array':
      return takersOf(def.element as z.core.$ZodType, `${place}[]`);
    case 'record':
      return isText(def.keyType as z.core.$ZodType)
        ? recordTakers(shape, place)
        : inside('valueType');
    case 'union':
      return (def.options as z.core.$ZodType[]).flatMap((one) => takersOf(one, place));
    case 'optional':
    case 'nullable':
    case 'default':
    case 'readonly':
      return inside('innerType');
    case 'pipe':
      // What takes a text answers for it as a whole; what takes anything else is looked into.
      return isText(shape) ? leaf(shape, place) : inside('in');
    default:
      return leaf(shape, place);
  }
}

/** A record is asked as a whole, since a rule about it may stand outside of its keys and values. */
function recordTakers(shape: z.core.$ZodType, place: string): string[] {
  const takes = (given: object) => z.safeParse(shape, given).success;
  expect(takes({ clean: null })).toBe(true);
  return [
    ...(POISONED.some((text) => takes({ [text]: null })) ? [`${place}{key}`] : []),
    ...(POISONED.some((text) => takes({ clean: text })) ? [`${place}{}`] : []),
  ];
}

function isText(shape: z.core.$ZodType): boolean {
  const { def } = shape._zod as unknown as { def: { type: string; in?: z.core.$ZodType } };
  return def.type === 'string' || (def.in !== undefined && isText(def.in));
}

function leaf(shape: z.core.$ZodType, place: string): string[] {
  const handsOn = POISONED.some((text) => {
    const parsed = z.safeParse(shape, text);
    return parsed.success && JSON.stringify(parsed.data ?? null).includes('\\u0000');
  });
  return handsOn ? [place] : [];
}
