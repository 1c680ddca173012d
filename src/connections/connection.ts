import type { ConnectionState } from '#contract/connections';
import type { ErrorCode } from '#contract/errors';
import type { ConnectionId, XeroOrgId } from '#contract/ids';

/** An organisation as it described itself when it was connected. */
export interface Organisation {
  xeroOrgId: XeroOrgId;
  name: string;
  legalName: string | null;
  country: string | null;
  baseCurrency: string | null;
  taxNumber: string | null;
  isDemo: boolean;
  shortCode: string | null;
}

/** One provider's tie to one Xero organisation. */
export interface Connection {
  id: ConnectionId;
  state: ConnectionState;
  /** Null once the grant was erased. */
  grantId: string | null;
  /** Xero's id of the connection, which is what is deleted at the end; null while choosing. */
  xeroConnectionId: string | null;
  authEventId: string | null;
  organisation: Organisation | null;
  connectedBy: string;
  /** Who allowed it at Xero, as Xero named them. */
  xeroPerson: string | null;
  /** While choosing: whether the organisation comes beside those that are connected. */
  joinsOthers: boolean;
  connectedAt: Date | null;
  trouble: { code: ErrorCode; since: Date } | null;
}

/**
 * Every move a connection can make; no other is. A consent under way is no connection yet: it
 * stands in its own table until Xero has answered.
 */
export const connectionMoves = {
  choosing: ['active', 'disconnected'],
  active: ['paused', 'needs-consent', 'disconnected'],
  paused: ['active', 'needs-consent', 'disconnected'],
  'needs-consent': ['active', 'disconnected'],
  disconnected: [],
} as const satisfies Record<ConnectionState, readonly ConnectionState[]>;

/** States in which an organisation is bound to its provider, so that no other may have it. */
export const LIVE_STATES = ['active', 'paused', 'needs-consent'] as const;

/** The states from which a connection may move to this one. */
export function statesBefore(to: ConnectionState): ConnectionState[] {
  const states = Object.keys(connectionMoves) as ConnectionState[];
  return states.filter((from) => mayMove(from, to));
}

/** Whether the table has this move; to stay as it is counts as none. */
export function mayMove(from: ConnectionState, to: ConnectionState): boolean {
  return (connectionMoves[from] as readonly ConnectionState[]).includes(to);
}

/** What a person may do with a connection in a state. */
export function connectionCan(state: ConnectionState): {
  choose: boolean;
  reconnect: boolean;
  disconnect: boolean;
} {
  return {
    choose: state === 'choosing',
    reconnect: state === 'needs-consent',
    disconnect: mayMove(state, 'disconnected'),
  };
}
