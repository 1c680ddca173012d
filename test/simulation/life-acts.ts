import { api } from '#contract/api';
import type { ConnectionId } from '#contract/ids';
import type { DeskAct } from './acts.ts';
import type { Desk } from './desk.ts';
import type { Random } from './random.ts';

/** What people do about the connection itself, and while it waits for them. */
export const lifeActs: Record<string, { weight: number; act: DeskAct }> = {
  'connection-paused': { weight: 0.5, act: pause },
  'connection-resumed': { weight: 1, act: resume },
  disconnected: { weight: 0.3, act: disconnect },
  'proposal-decided': { weight: 2, act: decideProposal },
  'matches-approved': { weight: 1.5, act: approveMatches },
};

/** The connection to the desk's organisation; null while there is none. */
export async function connectionOf(desk: Desk) {
  const { apps } = await desk.call(api.listApps, {});
  const all = apps.flatMap(({ connections }) => connections);
  const isLive = (one: (typeof all)[number]) =>
    one.state !== 'disconnected' && one.organisation?.xeroOrgId === desk.xeroOrgId;
  return all.find(isLive) ?? null;
}

async function pause(desk: Desk): Promise<void> {
  const connection = await connectionOf(desk);
  if (connection?.state !== 'active') return;
  await desk.call(api.pauseConnection, { params: { connectionId: connection.id } });
}

/** Lets what was paused go on, if it was. */
export async function resume(desk: Desk): Promise<void> {
  const connection = await connectionOf(desk);
  if (connection?.state !== 'paused') return;
  await desk.call(api.resumeConnection, { params: { connectionId: connection.id } });
}

async function disconnect(desk: Desk): Promise<void> {
  const connection = await connectionOf(desk);
  if (!connection) return;
  await desk.call(api.disconnect, { params: { connectionId: connection.id } });
}

/** Where it waits for a person to say who is whom. */
async function openMatching(desk: Desk) {
  const connection = await connectionOf(desk);
  if (!connection) return null;
  const params = { connectionId: connection.id as ConnectionId };
  const { state, version } = await desk.call(api.getMatching, { params });
  return state === 'open' ? { params, version } : null;
}

/** One learner of those about whom something is proposed. */
async function decideProposal(desk: Desk, random: Random): Promise<void> {
  const open = await openMatching(desk);
  if (!open) return;
  const group = random.pick(['safe', 'decide', 'decide', 'create'] as const);
  const wish = random.pick(['link', 'create', 'leave-out', 'as-proposed'] as const);
  const { items } = await desk.call(api.listProposals, { params: open.params, query: { group } });
  if (items.length === 0) return;
  const { learner, candidates, rowVersion } = random.pick(items);
  const [first] = candidates;
  const decision = wish === 'link' && !first ? 'create' : wish;
  const contactId = decision === 'link' ? first?.contact.contactId : undefined;
  const body = { decision, rowVersion, ...(contactId ? { contactId } : {}) };
  const params = { ...open.params, partyId: learner.partyId };
  await desk.call(api.decideProposal, { params, body });
}

/** Says yes to all that is safe and to new contacts for the rest; whoever is doubtful stays so. */
export async function approveMatches(desk: Desk): Promise<void> {
  const open = await openMatching(desk);
  if (!open) return;
  for (const group of ['safe', 'create'] as const) {
    const body = { group, accepted: true };
    await desk.call(api.acceptProposals, { params: open.params, body });
  }
  const { version } = await desk.call(api.getMatching, { params: open.params });
  await desk.call(api.approveMatching, { params: open.params, body: { version } });
}
