import { expect, test } from 'vitest';
import { checkOrigin } from './origin.ts';

const OURS = 'https://bursar.example.org';
const plain = {
  method: 'POST',
  origin: undefined as string | undefined,
  fetchSite: undefined as string | undefined,
  hasCookie: false,
  hasKey: false,
};

function passes(given: Partial<typeof plain>): boolean {
  try {
    checkOrigin({ ...plain, ...given }, OURS);
    return true;
  } catch {
    return false;
  }
}

test.each([
  ['our own page', { origin: OURS, hasCookie: true }, true],
  ['our page, as the browser vouches', { fetchSite: 'same-origin', hasCookie: true }, true],
  ['another site', { origin: 'https://evil.example', hasCookie: true }, false],
  ['another site, signed out (a forced sign-in)', { origin: 'https://evil.example' }, false],
  ['a sister site', { fetchSite: 'same-site', hasCookie: true }, false],
  ['a sandboxed frame', { origin: 'null', hasCookie: true }, false],
  ['our host by another port', { origin: 'https://bursar.example.org:8443' }, false],
  ['our host without TLS', { origin: 'http://bursar.example.org' }, false],
  ['a cookie without any origin', { hasCookie: true }, false],
  ['a program without a cookie', {}, true],
  ['a program with a key', { hasKey: true, origin: 'https://elsewhere.example' }, true],
  ['reading', { method: 'GET', origin: 'https://evil.example', hasCookie: true }, true],
])('a change asked for by %s passes: %o → %s', (_who, given, expected) => {
  expect(passes(given)).toBe(expected);
});
