import { expect, vi } from 'vitest';
import { api } from '#contract/api';
import type { SignedIn } from './people.ts';
import type { World } from './world.ts';

/**
 * Settles until the newest entry of the audit log is sealed: transactions in other databases of the
 * same server may hold that up for a moment.
 */
export async function settleSealed(world: World, owner: SignedIn): Promise<void> {
  await vi.waitFor(
    async () => {
      await world.settle();
      const { items } = await owner.call(api.listAudit, { query: { limit: 1 } });
      expect(items[0]?.position).not.toBeNull();
    },
    { timeout: 20_000 },
  );
}
