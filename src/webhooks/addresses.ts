import type { LookupAddress, LookupOptions } from 'node:dns';
import dns from 'node:dns/promises';
import { BlockList, isIP, type LookupFunction } from 'node:net';

/** The address is none that Bursar sends to: inside a network, or not https. */
export class NotAllowedError extends Error {
  override readonly name = 'NotAllowedError';
}

/** Networks that are not the public internet (RFC 6890 and its successors). */
const PRIVATE_V4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
];
/** The public internet of IPv6 is 2000::/3 alone, without what stands for something else in it. */
const PUBLIC_V6 = '2000::/3';
const NOT_PUBLIC_V6 = ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'];

const privateV4 = listOf(PRIVATE_V4, 'ipv4');
const publicV6 = listOf([PUBLIC_V6], 'ipv6');
const notPublicV6 = listOf(NOT_PUBLIC_V6, 'ipv6');

/** Whether an IP address, as text, is one of the public internet. */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return !privateV4.check(address, 'ipv4');
  if (family !== 6) return false;
  return publicV6.check(address, 'ipv6') && !notPublicV6.check(address, 'ipv6');
}

/**
 * The address of an endpoint as it may be stored, or why it may not: https, a public name, no
 * name and password in it. With `allowLocal`, for development, anything that HTTP reaches.
 */
export function checkedUrl(text: string, allowLocal: boolean): URL {
  const url = URL.parse(text);
  const isWeb = url !== null && (url.protocol === 'https:' || url.protocol === 'http:');
  if (!isWeb) throw new NotAllowedError('It must be a web address that begins with https://.');
  if (url.username !== '' || url.password !== '') {
    throw new NotAllowedError(
      'It must not hold a name and password: the signature says who sends.',
    );
  }
  url.hash = '';
  if (allowLocal) return url;
  if (url.protocol !== 'https:') throw new NotAllowedError('It must begin with https://.');
  const host = hostOf(url);
  const isAddress = isIP(host) !== 0;
  if (isAddress ? !isPublicAddress(host) : !/\.[a-z0-9-]+\.?$/i.test(host) || isInside(host)) {
    throw new NotAllowedError('It must be on the public internet, not inside a network.');
  }
  return url;
}

/** The host without the brackets of an IPv6 address. */
export function hostOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '');
}

function isInside(host: string): boolean {
  return /(^|\.)(localhost|local|internal|intranet|lan|home|corp|test|invalid|example)\.?$/i.test(
    host,
  );
}

/**
 * Looks a name up and gives only public addresses to connect to. The connection is made to what
 * was checked here, so that a name can't answer differently a moment later.
 */
export const publicLookup: LookupFunction = (host, options, done) => {
  resolvePublic(host, options).then(
    (found) => {
      const [first] = found;
      if (options.all) (done as unknown as AllDone)(null, found);
      else if (first) done(null, first.address, first.family);
    },
    (error: NodeJS.ErrnoException) => done(error, '', 0),
  );
};

type AllDone = (error: null, addresses: LookupAddress[]) => void;

async function resolvePublic(host: string, options: LookupOptions): Promise<LookupAddress[]> {
  const found = await dns.lookup(host, { family: options.family ?? 0, all: true });
  if (found.length === 0 || !found.every(({ address }) => isPublicAddress(address))) {
    throw new NotAllowedError(`${host} leads into a network and not to the public internet.`);
  }
  return found;
}

function listOf(networks: readonly string[], family: 'ipv4' | 'ipv6'): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', bits = ''] = network.split('/');
    list.addSubnet(address, Number(bits), family);
  }
  return list;
}
