import { api } from '#contract/api';
import type { ConnectionId } from '#contract/ids';
import { type Client, Refusal } from './client.ts';

/** People who approve whatever Bursar proposes, so that a story need not be about it. */
export interface Reviews {
  /** From now on this person looks whether the connection has proposals to approve. */
  expect(client: Client, connectionId: ConnectionId): void;
  /** Approves what is open now; true when there was anything, so that work may follow. */
  approveOpen(): Promise<boolean>;
}

export function createReviews(): Reviews {
  const expected = new Map<ConnectionId, Client>();
  return {
    expect: (client, connectionId) => expected.set(connectionId, client),
    async approveOpen() {
      let wasAny = false;
      for (const [connectionId, client] of expected) {
        const outcome = await approveMatches(client, connectionId);
        if (outcome !== 'waiting') expected.delete(connectionId);
        if (outcome === 'approved') wasAny = true;
      }
      return wasAny;
    },
  };
}

/** Accepts everything that was proposed and approves; the doubtful stay undecided. */
export async function approveMatches(
  client: Client,
  connectionId: ConnectionId,
): Promise<'approved' | 'waiting' | 'nothing'> {
  const params = { connectionId };
  const answer = await client.call(api.getMatching, { params }).catch(nothingIfRefused);
  if (answer === null) return 'nothing';
  if (answer.state === 'reading' || answer.state === 'proposing' || answer.isRenewing) {
    return 'waiting';
  }
  if (answer.state !== 'open') return 'nothing';
  await client.call(api.acceptProposals, { params, body: { group: 'safe', accepted: true } });
  const body = { group: 'create' as const, accepted: true };
  const { version } = await client.call(api.acceptProposals, { params, body });
  await client.call(api.approveMatching, { params, body: { version } });
  return 'approved';
}

/** Disconnected meanwhile, or the person no longer may. */
function nothingIfRefused(error: unknown): null {
  if (error instanceof Refusal) return null;
  throw error;
}
