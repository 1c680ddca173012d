import type { WebhookKind } from '#contract/webhooks';
import type { AboutParty, BursarEvent } from '#events/index';
import { causeOfLink } from '#sync/index';

/**
 * What a receiver is told: ids, codes and facts. Names, addresses and secrets stay here, and so do
 * sentences, ours and Xero's: they quote them.
 */
export interface Message {
  kind: WebhookKind;
  data: Record<string, unknown>;
}

/** The message that an event is to the outside; null for what stays inside. */
export function messageOf(event: BursarEvent): Message | null {
  switch (event.kind) {
    case 'contact.linked': {
      const { xeroOrgId, contactId, how } = event;
      return { kind: 'contact.linked', data: { ...partyOf(event), xeroOrgId, contactId, how } };
    }
    case 'contact.relinked': {
      const { xeroOrgId, contactId } = event;
      const data = { ...partyOf(event), xeroOrgId, contactId, how: 'adopted' };
      return { kind: 'contact.linked', data };
    }
    case 'contact.refused': {
      const { xeroOrgId, reasons } = event;
      const cause = causeOfLink('blocked', reasons).code;
      return { kind: 'sync.failed', data: { ...partyOf(event), xeroOrgId, cause } };
    }
    case 'document.mirrored': {
      const { documentId, number, what } = event;
      return { kind: 'invoice.changed', data: { documentId, ...partyOf(event), number, what } };
    }
    default:
      return connectionMessage(event);
  }
}

/** A learner's id, or in its place a workplace's. */
function partyOf(event: AboutParty): AboutParty {
  const { learnerId, workplaceId } = event;
  return workplaceId === undefined ? { learnerId } : { workplaceId };
}

/** Every step in a connection's life: `change` is the step's name. */
function connectionMessage(event: BursarEvent): Message | null {
  if (!('connectionId' in event)) return null;
  const { connectionId } = event;
  const xeroOrgId = 'xeroOrgId' in event ? event.xeroOrgId : null;
  const change = event.kind.slice(event.kind.indexOf('.') + 1);
  return { kind: 'connection.changed', data: { connectionId, xeroOrgId, change } };
}

/** A message as it is sent, in the form that Standard Webhooks recommends. */
export function payloadOf(type: string, at: Date, data: Record<string, unknown>): string {
  return JSON.stringify({ type, timestamp: at.toISOString(), data });
}
