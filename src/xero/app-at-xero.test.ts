import { expect, test } from 'vitest';
import { appOf, isSameApp } from './app-at-xero.ts';
import { config } from './xero.fixture.ts';

test('an emulator of this machine is the same at another port, and no other Xero', () => {
  const at = (identityUrl: string) => appOf({ ...config, identityUrl });
  const [one, moved] = [at('http://localhost:3001'), at('http://127.0.0.1:4001')];
  expect(isSameApp(one, moved)).toBe(true);
  expect(isSameApp(one, at('https://identity.xero.com'))).toBe(false);
});

test('without an app nothing can be used, and with one whatever nobody has noted yet', () => {
  expect(appOf({ ...config, app: null })).toBeNull();
  expect(isSameApp(null, null)).toBe(false);
  expect(isSameApp(null, appOf(config))).toBe(true);
});
