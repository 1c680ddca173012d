import type { DocumentKind } from '#contract/billing';
import type {
  ConnectionId,
  DocumentId,
  ImportRunId,
  LearnerId,
  PartyId,
  PartyKind,
  SyncRunId,
  WorkplaceId,
  XeroOrgId,
} from '#contract/ids';
import type { AccessEvent, WebhookEvent } from './access-events.ts';
import type { SignInEvent } from './sign-in-events.ts';

/** One field of a change as history shows it: texts, never secrets. */
export interface FieldChange {
  field: string;
  from: string | null;
  to: string | null;
}

/** Whose contact or paper something happened to. */
export type AboutParty =
  | { learnerId: LearnerId; workplaceId?: never }
  | { workplaceId: WorkplaceId; learnerId?: never };

/** Names the party of an event. */
export function aboutParty(party: { partyKind: PartyKind; partyId: PartyId }): AboutParty {
  return party.partyKind === 'learner'
    ? { learnerId: party.partyId as LearnerId }
    : { workplaceId: party.partyId as WorkplaceId };
}

/**
 * Everything that can happen, each with its data. An event is appended in the transaction of its
 * change and never altered; history, sync and live pages read this one log.
 */
export type BursarEvent =
  | AccessEvent
  | WebhookEvent
  | SignInEvent
  | {
      kind: 'learner.added';
      learnerId: LearnerId;
      name: string;
      revision: number;
      syncToXero: boolean;
      campus: string | null;
    }
  | {
      kind: 'learner.changed';
      learnerId: LearnerId;
      revision: number;
      syncToXero: boolean;
      /** Where the learner is now; decides which organisation they belong to. */
      campus: string | null;
      changes: FieldChange[];
    }
  | {
      kind: 'workplace.added';
      workplaceId: WorkplaceId;
      name: string;
      revision: number;
      syncToXero: boolean;
      campus: string | null;
    }
  | {
      kind: 'workplace.changed';
      workplaceId: WorkplaceId;
      revision: number;
      syncToXero: boolean;
      campus: string | null;
      changes: FieldChange[];
    }
  /** Where a learner works now, by name; null: nowhere that is known. */
  | {
      kind: 'learner.workplace-set';
      learnerId: LearnerId;
      workplaceName: string | null;
      formerName: string | null;
    }
  | {
      kind: 'learner.merged';
      learnerId: LearnerId;
      mergeId: string;
      mergedId: LearnerId;
      /** Who had been merged into the merged one before. */
      alsoMerged: LearnerId[];
      mergedName: string;
    }
  | { kind: 'learner.merged-away'; learnerId: LearnerId; keptId: LearnerId; keptName: string }
  | {
      kind: 'learner.unmerged';
      learnerId: LearnerId;
      mergeId: string;
      mergedId: LearnerId;
      alsoMerged: LearnerId[];
      mergedName: string;
    }
  | { kind: 'learner.merge-undone'; learnerId: LearnerId; keptName: string }
  | {
      kind: 'agreement.checked';
      xeroOrgId: XeroOrgId;
      checkId: string;
      verdict: 'agreed' | 'mended' | 'differs';
      differences: number;
    }
  | {
      kind: 'import.finished';
      importId: ImportRunId;
      added: number;
      changed: number;
      faulty: number;
    }
  | { kind: 'sync-problem.ignored'; problem: string; count: number; note: string | null }
  | { kind: 'sync-run.started'; runId: SyncRunId; run: string; total: number | null }
  | { kind: 'sync-run.steered'; runId: SyncRunId; how: 'paused' | 'resumed' | 'cancelled' }
  | {
      kind: 'sync-run.finished';
      runId: SyncRunId;
      run: string;
      added: number;
      changed: number;
      failed: number;
    }
  | { kind: 'connection.consent-begun'; app: string }
  | { kind: 'connection.consent-failed'; app: string; outcome: string }
  | {
      kind: 'connection.activated';
      connectionId: ConnectionId;
      xeroOrgId: XeroOrgId;
      organisationName: string;
      /** Who allowed it at Xero, where Xero named them. */
      xeroPerson?: string | null;
    }
  | {
      kind: 'connection.consent-lost';
      connectionId: ConnectionId;
      xeroOrgId: XeroOrgId;
      reason: string;
    }
  | { kind: 'connection.paused'; connectionId: ConnectionId; xeroOrgId: XeroOrgId }
  | { kind: 'connection.resumed'; connectionId: ConnectionId; xeroOrgId: XeroOrgId }
  /** Something is wrong, or another thing than before; `code` is one of `contract/errors`. */
  | { kind: 'connection.trouble-began'; connectionId: ConnectionId; code: string }
  | { kind: 'connection.trouble-over'; connectionId: ConnectionId; code: string }
  | {
      kind: 'connection.organisation-changed';
      connectionId: ConnectionId;
      xeroOrgId: XeroOrgId;
      organisationName: string;
      changes: FieldChange[];
    }
  /** Xero emptied it (a demo company's end), so that no contact or paper of before is there. */
  | { kind: 'connection.organisation-reset'; connectionId: ConnectionId; xeroOrgId: XeroOrgId }
  | {
      /** After a pause, a reconnect or the first connecting: nothing waits on either side. */
      kind: 'connection.in-step';
      connectionId: ConnectionId;
      xeroOrgId: XeroOrgId;
    }
  | { kind: 'connection.disconnected'; connectionId: ConnectionId; xeroOrgId: XeroOrgId | null }
  | { kind: 'connection.invitation-made'; invitationId: string; app: string }
  | { kind: 'connection.invitation-sent'; invitationId: string; to: string }
  | { kind: 'connection.invitation-revoked'; invitationId: string }
  | { kind: 'connection.link-policy-set'; policy: 'anybody' | 'members' }
  | {
      kind: 'organisation-rules.changed';
      rules: { campus: string | null; organisation: string }[];
    }
  | (AboutParty & {
      kind: 'contact.linked';
      xeroOrgId: XeroOrgId;
      contactId: string;
      how: 'created' | 'found' | 'adopted';
    })
  | (AboutParty & {
      /** A person said that another contact is this one. */
      kind: 'contact.relinked';
      xeroOrgId: XeroOrgId;
      contactId: string;
      formerContactId: string;
      changes: FieldChange[];
    })
  | (AboutParty & {
      kind: 'contact.pushed';
      xeroOrgId: XeroOrgId;
      revision: number;
      /** What had been changed in Xero too and was replaced by what the record here says. */
      changes: FieldChange[];
    })
  | (AboutParty & { kind: 'contact.refused'; xeroOrgId: XeroOrgId; reasons: string[] })
  | (AboutParty & {
      /** What became of fields that were changed in Xero, decided by a person or by a rule. */
      kind: 'contact.drift-decided';
      xeroOrgId: XeroOrgId;
      how: 'taken' | 'pushed' | 'ignored' | 'asked-again';
      by: 'person' | 'rule';
      /** From what was given up to what stands; what is ignored: from ours to Xero's. */
      changes: FieldChange[];
    })
  | { kind: 'sync-rules.changed'; changes: FieldChange[] }
  /** Contacts that may be this party's were found, and a person has to decide. */
  | (AboutParty & { kind: 'contact.undecided'; xeroOrgId: XeroOrgId; candidates: number })
  /** A person decided that nobody in Xero is this party. */
  | (AboutParty & { kind: 'contact.to-create'; xeroOrgId: XeroOrgId })
  | { kind: 'matching.proposed'; xeroOrgId: XeroOrgId; learnersToMatch: number }
  | {
      kind: 'matching.approved';
      xeroOrgId: XeroOrgId;
      linked: number;
      created: number;
      leftOut: number;
      undecided: number;
    }
  | (AboutParty & {
      /** What became of the contact in Xero, seen when it was read. */
      kind: 'contact.changed-in-xero';
      xeroOrgId: XeroOrgId;
      contactId: string;
      what: 'archived' | 'restored' | 'erasing' | 'merged' | 'renamed' | 'code-changed';
      changes: FieldChange[];
    })
  | { kind: 'books.changed'; xeroOrgId: XeroOrgId; changes: FieldChange[] }
  | (AboutParty & {
      kind: 'document.mirrored';
      documentId: DocumentId;
      number: string | null;
      /** An invoice, where it is not said. */
      paper?: DocumentKind;
      what: 'appeared' | 'changed';
      changes: FieldChange[];
    })
  | { kind: 'api-key.created'; apiKeyId: string; name: string; role: string }
  | { kind: 'api-key.revoked'; apiKeyId: string; name: string }
  | { kind: 'member.added'; personId: string; name: string; role: string }
  | { kind: 'licence.granted'; product: string }
  | { kind: 'licence.withdrawn'; product: string }
  | { kind: 'support.opened'; requestId: string; subject: string; app: string | null }
  | { kind: 'support.replied'; requestId: string; from: 'provider' | 'operator' }
  | { kind: 'support.closed'; requestId: string }
  | { kind: 'support.reopened'; requestId: string }
  | { kind: 'provider.exported'; providerId: string }
  | { kind: 'provider.closed'; providerId: string; eraseAt: string }
  | { kind: 'provider.reopened'; providerId: string };

export type EventKind = BursarEvent['kind'];
export type EventOf<Kind extends EventKind> = Extract<BursarEvent, { kind: Kind }>;

/** What an event is about, for finding the history of one thing. */
export function subjectOf(event: BursarEvent): { kind: string; id: string } {
  if (event.kind === 'books.changed') return { kind: 'books', id: event.xeroOrgId };
  if (event.kind === 'matching.proposed' || event.kind === 'matching.approved') {
    return { kind: 'matching', id: event.xeroOrgId };
  }
  if ('learnerId' in event && event.learnerId) return { kind: 'learner', id: event.learnerId };
  if ('workplaceId' in event && event.workplaceId) {
    return { kind: 'workplace', id: event.workplaceId };
  }
  if ('connectionId' in event) return { kind: 'connection', id: event.connectionId };
  if ('documentId' in event) return { kind: 'document', id: event.documentId };
  if ('invitationId' in event) return { kind: 'invitation', id: event.invitationId };
  if ('problem' in event) return { kind: 'sync-problem', id: event.problem };
  if ('checkId' in event) return { kind: 'agreement', id: event.checkId };
  if ('runId' in event) return { kind: 'sync-run', id: event.runId };
  if ('importId' in event) return { kind: 'import', id: event.importId };
  if ('endpointId' in event) return { kind: 'webhook-endpoint', id: event.endpointId };
  if ('apiKeyId' in event) return { kind: 'api-key', id: event.apiKeyId };
  if ('personId' in event) return { kind: 'person', id: event.personId };
  if (event.kind === 'sync-rules.changed') return { kind: 'app', id: 'xero' };
  if (event.kind === 'organisation-rules.changed') return { kind: 'app', id: 'xero' };
  if ('product' in event) return { kind: 'licence', id: event.product };
  if ('permission' in event) return { kind: 'permission', id: event.permission };
  if ('requestId' in event) return { kind: 'support-request', id: event.requestId };
  if ('providerId' in event) return { kind: 'provider', id: event.providerId };
  return { kind: 'app', id: 'app' in event ? event.app : 'unknown' };
}
