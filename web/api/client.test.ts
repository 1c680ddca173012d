import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { addressOf, call } from './client.ts';
import { explain, problemOf } from './errors.ts';
import { waitAfter } from './live.ts';

const fetched = vi.fn<typeof fetch>();

beforeEach(() => {
  vi.stubGlobal('fetch', fetched);
  vi.stubGlobal('localStorage', { getItem: () => 'p1' });
});
afterEach(() => {
  vi.unstubAllGlobals();
  fetched.mockReset();
});

describe('an address', () => {
  test('has its parameters filled in and escaped, and only what is set in its query', () => {
    const path = '/api/v1/learners/:learnerId/history';
    expect(addressOf(path, { learnerId: 'a/b' }, { cursor: undefined, limit: 5, search: '' })).toBe(
      '/api/v1/learners/a%2Fb/history?limit=5',
    );
  });
});

describe('a call', () => {
  test('says for which provider it is, and gives the answer', async () => {
    fetched.mockResolvedValue(Response.json({ items: [] }));
    expect(await call('listMembers', {})).toEqual({ items: [] });
    const [, request] = fetched.mock.calls[0] ?? [];
    expect(new Headers(request?.headers).get('x-bursar-provider')).toBe('p1');
    expect(request?.credentials).toBe('same-origin');
  });

  test('of a route that has nothing to say gives null', async () => {
    fetched.mockResolvedValue(new Response(null, { status: 204 }));
    expect(await call('signOut', {})).toBeNull();
  });

  test.each([
    ['a proxy’s page', new Response('<html>', { status: 502 }), 'server.busy'],
    ['an answer that is no JSON', new Response('<html>'), 'server.unexpected'],
    [
      'a refusal of somebody else',
      Response.json({ error: 1 }, { status: 404 }),
      'request.not-found',
    ],
    ['a bare refusal', new Response('', { status: 403 }), 'permission.missing'],
  ])('that meets %s fails as a problem with a way out', async (_name, answer, code) => {
    fetched.mockResolvedValue(answer);
    const error = await call('listMembers', {}).catch((thrown: unknown) => thrown);
    expect(problemOf(error).code).toBe(code);
    expect(explain(error).way).not.toBe('');
  });

  test('that gets nowhere says that Bursar can’t be reached', async () => {
    fetched.mockRejectedValue(new TypeError('Failed to fetch'));
    const error = await call('listMembers', {}).catch((thrown: unknown) => thrown);
    expect(explain(error).title).toBe('Bursar can’t be reached');
    expect(explain(error).way).toContain('goes on by itself');
  });

  test('that was to change something and got nowhere promises nothing', async () => {
    fetched.mockRejectedValue(new TypeError('Failed to fetch'));
    const error = await call('leaveProvider', {}).catch((thrown: unknown) => thrown);
    expect(explain(error).title).toBe('Bursar can’t be reached');
    expect(explain(error).way).toContain('done or not');
  });

  test('that is given up stays given up', async () => {
    const stop = new AbortController();
    stop.abort();
    fetched.mockRejectedValue(new DOMException('Aborted', 'AbortError'));
    await expect(call('listMembers', {}, stop.signal)).rejects.toThrow('Aborted');
  });
});

describe('a problem', () => {
  test('names who may do what was refused', async () => {
    const problem = {
      type: 'about:blank',
      title: 'Your role does not allow this',
      status: 403,
      code: 'permission.missing',
      way: 'Ask someone who may do it.',
      remedy: 'ask',
      whoMay: [{ name: 'Odile Marchand', role: 'Owner' }],
    };
    fetched.mockResolvedValue(Response.json(problem, { status: 403 }));
    const error = await call('listApiKeys', {}).catch((thrown: unknown) => thrown);
    expect(explain(error).whoMay).toEqual(['Odile Marchand (Owner)']);
  });
});

test('a lost live connection is tried again ever more rarely, never more than half a minute apart', () => {
  expect([0, 1, 2, 3, 20].map(waitAfter)).toEqual([1_000, 2_000, 4_000, 8_000, 30_000]);
});
