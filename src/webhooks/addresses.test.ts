import type { LookupAddress } from 'node:dns';
import dns from 'node:dns/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { checkedUrl, isPublicAddress, NotAllowedError, publicLookup } from './addresses.ts';
import { createPost } from './post-message.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

/** The name leads to these addresses from now on. */
function leadTo(...addresses: string[]): LookupAddress[] {
  const found = addresses.map((address) => ({ address, family: 4 }));
  vi.spyOn(dns, 'lookup').mockImplementation((async () => found) as unknown as typeof dns.lookup);
  return found;
}

const INSIDE = [
  '0.0.0.0',
  '10.1.2.3',
  '100.64.0.1',
  '127.0.0.1',
  '169.254.169.254',
  '172.31.255.255',
  '192.168.1.1',
  '198.18.0.1',
  '224.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  '::ffff:127.0.0.1',
  '::ffff:10.0.0.1',
  '64:ff9b::7f00:1',
  'fc00::1',
  'fd12:3456::1',
  'fe80::1',
  'ff02::1',
  '2001:db8::1',
  '2002:7f00:1::',
  'no address',
];

describe('an address', () => {
  it.each(INSIDE)('%s is none of the public internet', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });

  it.each(['8.8.8.8', '172.32.0.1', '192.0.3.1', '2606:4700::1111'])('%s is one', (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });
});

describe('the address of an endpoint', () => {
  it.each([
    'http://hooks.provider.org/',
    'https://localhost/',
    'https://db.internal/',
    'https://intranet/',
    'https://127.0.0.1/',
    'https://2130706433/',
    'https://0x7f.1/',
    'https://[::1]/',
    'https://[::ffff:169.254.169.254]/',
    'https://user:password@hooks.provider.org/',
    'file:///etc/passwd',
    'no address',
  ])('%s is refused', (text) => {
    expect(() => checkedUrl(text, false)).toThrow(NotAllowedError);
  });

  it('that is https on the public internet is taken, without its fragment', () => {
    const { href } = checkedUrl('https://hooks.provider.org:8443/bursar?x=1#part', false);
    expect(href).toBe('https://hooks.provider.org:8443/bursar?x=1');
  });

  it('inside a network is taken for development alone', () => {
    expect(checkedUrl('http://localhost:4000/', true).href).toBe('http://localhost:4000/');
    expect(() => checkedUrl('ftp://localhost/', true)).toThrow(NotAllowedError);
  });
});

describe('a name', () => {
  const look = (all: boolean) =>
    new Promise<unknown>((resolve, reject) =>
      publicLookup('hooks.provider.org', { all }, (error, address) =>
        error ? reject(error) : resolve(address),
      ),
    );

  it('that leads to the public internet gives what was checked', async () => {
    const found = leadTo('8.8.8.8');
    expect(await look(false)).toBe('8.8.8.8');
    expect((await look(true)) as LookupAddress[]).toEqual(found);
  });

  it('that leads inside, be it with one of several addresses, is not connected to', async () => {
    leadTo('8.8.8.8', '10.0.0.1');
    await expect(look(true)).rejects.toThrow(NotAllowedError);
    const posted = await createPost(false)('https://hooks.provider.org/', {}, '{}');
    expect(posted).toMatchObject({ outcome: 'not-allowed', status: null });
  });
});
