import type { PersonId } from '#contract/ids';

/** What an auditor asks about people and rights, keys and the log itself. */
export type AccessEvent =
  | { kind: 'session.began'; personId: PersonId; name: string; how: string }
  /** Someone tried to sign in as a member of this provider and was not let in. */
  | {
      kind: 'session.refused';
      personId: PersonId;
      name: string;
      reason: string;
      /** Who it was is not known, but from where is. */
      address: string;
      agent: string;
    }
  /** Someone known asked for what their role does not allow. */
  | { kind: 'permission.refused'; permission: string; request: string }
  /** The stored secrets of this Bursar were sealed anew with another key. */
  | { kind: 'keys.rotated'; keyId: string }
  | { kind: 'audit.exported'; format: string; entries: number }
  | { kind: 'audit.checked'; entries: number; fault: string | null }
  /**
   * Whoever runs Bursar said that a backup was put back: what was noted outside the database after
   * entry `keptUpTo`, up to `noted`, is gone; `entries` were sealed by then.
   */
  | { kind: 'audit.restore-accepted'; keptUpTo: number; noted: number; entries: number };

/** The life of an endpoint that is told of events by signed webhooks. */
export type WebhookEvent =
  | { kind: 'webhook.endpoint-added'; endpointId: string; url: string; kinds: string[] }
  | { kind: 'webhook.endpoint-changed'; endpointId: string; url: string; kinds: string[] }
  | { kind: 'webhook.endpoint-removed'; endpointId: string; url: string }
  | { kind: 'webhook.endpoint-enabled'; endpointId: string; url: string }
  | { kind: 'webhook.endpoint-disabled'; endpointId: string; url: string; because: string }
  | { kind: 'webhook.secret-rotated'; endpointId: string; url: string }
  | { kind: 'webhook.replayed'; endpointId: string; url: string; deliveries: number };
