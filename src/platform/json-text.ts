const REFUSED_BY_POSTGRES = /\\u(?:0000|d[89a-f])/;
const UNSTORABLE = /[\0\p{Cs}]/gu;

/**
 * JSON as a `jsonb` column takes it. PostgreSQL refuses NUL and halves of surrogate pairs, which
 * JSON can spell and which a text cut in its middle leaves; each becomes U+FFFD, as it does on its
 * way into a text column. Keys of objects are ours and left alone.
 */
export function jsonText(value: unknown): string {
  const text = JSON.stringify(value);
  if (!REFUSED_BY_POSTGRES.test(text)) return text;
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'string' ? part.replace(UNSTORABLE, '\ufffd') : part,
  );
}
