import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { api } from '#contract/api';
import { ROLES, roleMay } from '#contract/permissions';
import { startWorld, type World } from '../world/world.ts';

let world: World;

beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.close());

describe('a person’s role', () => {
  test.each(ROLES)('%s sees who they are and what they may do', async (role) => {
    const client = await world.people[role]();
    const me = await client.call(api.me);
    expect(me).toMatchObject({ kind: 'person', role, provider: { name: 'Harbour Training' } });
    expect(me.permissions.includes('api-keys.manage')).toBe(roleMay(role, 'api-keys.manage'));
  });

  test('someone who may not is told the rule and who here may', async () => {
    await world.people.owner();
    await world.people.admin();
    const staff = await world.people.staff();
    const problem = await staff.refusal(api.listApiKeys);
    expect(problem).toMatchObject({
      status: 403,
      code: 'permission.missing',
      detail: 'Only an Owner or Admin may make and revoke API keys.',
    });
    expect(problem.whoMay).toEqual(
      expect.arrayContaining([
        { name: 'Odile Marchand', role: 'Owner' },
        { name: 'Arjun Mehta', role: 'Admin' },
      ]),
    );
  });
});
