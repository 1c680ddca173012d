const JWT = /\beyJ[\w-]{5,}\.[\w-]+(?:\.[\w-]*)?/g;
const BEARER = /\b(Bearer|Basic)\s+[\w\-.~+/=]{8,}/gi;
const NAMED =
  /\b(access_token|refresh_token|id_token|client_secret|client_id|code_verifier|code)("?\s*[=:]\s*"?)[^"&\s,}]+/gi;
const TAG = /<(?:script|style)[\s\S]*?<\/(?:script|style)>|<[^>]*>/gi;

const SHOWN_MAX = 500;

/** Text from outside as it may be shown and logged: no secrets, no markup, at most 500 characters. */
export function presentable(text: string): string {
  const plain = text
    .slice(0, 10_000)
    .replace(TAG, ' ')
    .replace(JWT, '[secret]')
    .replace(BEARER, '$1 [secret]')
    .replace(NAMED, '$1$2[secret]')
    .replace(/\s+/g, ' ')
    .trim();
  return plain.length > SHOWN_MAX ? `${plain.slice(0, SHOWN_MAX - 1)}…` : plain;
}
