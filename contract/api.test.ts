import { describe, expect, test } from 'vitest';
import { api } from './api.ts';

describe('the routes of the API', () => {
  const routes = Object.entries(api);

  test('are each found at one address', () => {
    const addresses = routes.map(([, route]) => `${route.method} ${route.path}`);
    expect(new Set(addresses).size).toBe(addresses.length);
  });

  test.each(routes)('%s declares every parameter of its path', (_name, route) => {
    const named = [...route.path.matchAll(/:(\w+)/g)].map((match) => match[1]);
    const shape = 'shape' in route.params ? Object.keys(route.params.shape) : [];
    expect(shape.sort()).toEqual(named.sort());
  });

  test('are public only where nobody can be signed in yet', () => {
    const open = routes.filter(([, route]) => route.permission === 'public').map(([name]) => name);
    expect(open.sort()).toEqual([
      'acceptInvitation',
      'beginPasskeySignIn',
      'continueConsent',
      'finishXeroSignUp',
      'forgotPassword',
      'getInvitation',
      'proveSecondFactor',
      'readMemberInvitation',
      'readXeroSignUp',
      'resetPassword',
      'signIn',
      'signInOptions',
      'signInWithPasskey',
      'signOut',
    ]);
  });
});
