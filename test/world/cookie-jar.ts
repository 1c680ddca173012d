/** The cookies of one browser. Like a browser it tells hosts apart, and not their ports. */
export interface CookieJar {
  /** The `Cookie` header for a request; empty when there is none. */
  headerFor(url: string): string;
  /** Keeps what an answer sets and drops what it clears. */
  keep(url: string, answer: Response): void;
  has(name: string): boolean;
}

interface Cookie {
  name: string;
  value: string;
  host: string;
  path: string;
}

export function createCookieJar(): CookieJar {
  let cookies: Cookie[] = [];
  return {
    headerFor(url) {
      const { hostname, pathname } = new URL(url);
      return cookies
        .filter(({ host, path }) => host === hostname && pathname.startsWith(path))
        .map(({ name, value }) => `${name}=${value}`)
        .join('; ');
    },
    keep(url, answer) {
      for (const header of answer.headers.getSetCookie()) {
        const { cookie, isGone } = read(header, new URL(url).hostname);
        cookies = cookies.filter((one) => !isSame(one, cookie));
        if (!isGone) cookies.push(cookie);
      }
    },
    has: (name) => cookies.some((cookie) => cookie.name === name),
  };
}

function isSame(one: Cookie, other: Cookie): boolean {
  return one.name === other.name && one.host === other.host && one.path === other.path;
}

function read(header: string, host: string): { cookie: Cookie; isGone: boolean } {
  const [pair = '', ...attributes] = header.split(';').map((part) => part.trim());
  const split = pair.indexOf('=');
  const given = new Map(
    attributes.map((attribute) => {
      const [name = '', value = ''] = attribute.split('=');
      return [name.toLowerCase(), value] as const;
    }),
  );
  const cookie = {
    name: pair.slice(0, split),
    value: pair.slice(split + 1),
    host,
    path: given.get('path') || '/',
  };
  const expires = given.get('expires');
  const isPast = expires !== undefined && Date.parse(expires) <= Date.parse('1971-01-01');
  return { cookie, isGone: given.get('max-age') === '0' || isPast };
}
