import type { Desk } from './desk.ts';
import { approveMatches, connectionOf, resume } from './life-acts.ts';
import { connectAgain, type WorldAt } from './world-acts.ts';

/** Points in which somebody mostly gets through Xero's pages. */
const POINTS_TO_CONNECT = 80;

/**
 * What keeps somebody from their organisation is put right, as people do who need it, or time does:
 * else most of what happens after a consent is lost, or a day's calls are used up, would happen to
 * nobody.
 */
export async function putRight(at: WorldAt, desk: Desk): Promise<void> {
  const { ground, world } = at;
  ground.emulator.control.troubles.setOffline(desk.xeroOrgId, false);
  await resume(desk);
  if ((await connectionOf(desk))?.state !== 'active' && world.nodes.length > 0) {
    connectAgain(at, desk);
    for (let left = POINTS_TO_CONNECT; left > 0; left -= 1) await world.scheduler.pass('desk');
  }
  await approveMatches(desk);
  await waitOutPause(at, desk);
}

async function waitOutPause({ ground, world }: WorldAt, desk: Desk): Promise<void> {
  const places = [...(ground.tables.tables.get('lanes')?.places ?? [])];
  const lane = places.find(({ committed }) => committed?.xero_org_id === desk.xeroOrgId)?.committed;
  const until = lane?.paused_until;
  if (!(until instanceof Date) || until <= ground.clock.now()) return;
  ground.clock.set(until);
  await world.scheduler.fireDue();
}
