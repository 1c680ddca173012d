import { isIP } from 'node:net';
import { z } from 'zod';
import type { EncryptionKey } from './secrets.ts';

/** All addresses of the machine, those of IPv4 too. */
export const EVERY_ADDRESS = '::';

/** A web address without a path. */
export function isOrigin(text: string): boolean {
  const url = URL.parse(text);
  if (url === null || !['http:', 'https:'].includes(url.protocol)) return false;
  return url.pathname === '/' && url.search === '' && url.hash === '' && url.username === '';
}

/** Whether what is sent there can be read on the way; what never leaves the machine can't. */
export function isOpen(address: string): boolean {
  return new URL(address).protocol === 'http:' && !isLoopback(address);
}

/** Whether a web address leads to the very machine that it is used on. */
export function isLoopback(address: string): boolean {
  const { hostname } = new URL(address);
  return ['localhost', '[::1]'].includes(hostname) || /^127(\.\d+){3}$/.test(hostname);
}

/**
 * Where to listen for whom `publicUrl` leads here: on this machine alone where it is a loopback
 * address, else on all addresses.
 */
export function listenAddressFor(publicUrl: string): string {
  if (!isLoopback(publicUrl)) return EVERY_ADDRESS;
  const { hostname } = new URL(publicUrl);
  return hostname === 'localhost' ? '127.0.0.1' : hostname.replace(/[[\]]/g, '');
}

/** A mail server's address as `SMTP_URL` takes it: `smtp:` or `smtps:`, and a host. */
export function isSmtpUrl(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && ['smtp:', 'smtps:'].includes(url.protocol) && url.hostname !== '';
}

/**
 * An e-mail address, or a name followed by one in angle brackets; the name has neither quotes nor
 * control characters, since it stands in a mail's head.
 */
export function isMailbox(text: string): boolean {
  const [, name = '', address = text] = /^([^<>]*)<([^<>]+)>$/.exec(text.trim()) ?? [];
  return !/[\p{Cc}"]/u.test(name) && z.email().safeParse(address.trim()).success;
}

/** An address of IPv4 or IPv6, or a network of them as `10.0.0.0/8`. */
export function isNetwork(text: string): boolean {
  const [address = '', bits, ...rest] = text.split('/');
  const width = isIP(address) === 6 ? 128 : 32;
  if (isIP(address) === 0 || rest.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= width);
}

const OPTIONS_RULE =
  'must not contain options: they would take the place of the role that keeps providers apart (alter role … set … gives them to the login instead)';

/** The address of a PostgreSQL database, whose start-up options are Bursar's own. */
export const databaseSetting = z
  .string({ error: 'must be set to the address of a PostgreSQL database' })
  .refine(isPostgresUrl, 'must begin with postgresql:// and name a database')
  .refine((text) => !URL.parse(text)?.searchParams.has('options'), OPTIONS_RULE);

function isPostgresUrl(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && /^postgres(ql)?:$/.test(url.protocol) && url.pathname.length > 1;
}

/** A whole number as text, within bounds. */
export function wholeNumberSetting(least: number, most: number) {
  const rule = `must be a whole number from ${least} to ${most}`;
  return z.string().transform(Number).pipe(z.int(rule).min(least, rule).max(most, rule));
}

/**
 * One `id:key` of `ENCRYPTION_KEYS`, 32 bytes in base64 or base64url; undefined for anything else.
 */
export function parseKey(text: string): EncryptionKey | undefined {
  const match = /^([A-Za-z0-9_-]{1,32}):([A-Za-z0-9+/_-]{43}=?)$/.exec(text.trim());
  const [, id, encoded] = match ?? [];
  if (id === undefined || encoded === undefined) return undefined;
  return { id, key: Buffer.from(encoded, 'base64') };
}
