import type { WebhookKind } from '#contract/webhooks';
import type { AboutParty, BursarEvent } from '#events/index';

/** What a receiver is told: ids and facts. Names, addresses and secrets stay here. */
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
      return { kind: 'sync.failed', data: { ...partyOf(event), xeroOrgId, reasons } };
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
