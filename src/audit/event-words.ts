import { appName } from '#connections/index';
import type { AuditEntry, AuditOutcome } from '#contract/audit';
import type { BursarEvent, EventKind } from '#events/index';

/** What an act is called; a kind that stands nowhere here is told by its own name. */
const TITLES: Partial<Record<EventKind, string>> = {
  'session.began': 'Signed in',
  'session.refused': 'Was not let in at sign-in',
  'permission.refused': 'Asked for what the role does not allow',
  'licence.granted': 'Licence added to the package',
  'licence.withdrawn': 'Licence taken out of the package',
  'support.opened': 'Support asked',
  'support.replied': 'Written on a support request',
  'support.closed': 'Support request closed',
  'support.reopened': 'Support request opened again',
  'provider.exported': 'All data taken out',
  'provider.closed': 'Provider closed',
  'provider.reopened': 'Closing undone',
  'keys.rotated': 'Stored secrets sealed with a new key',
  'audit.exported': 'Audit log exported',
  'audit.checked': 'Audit log checked',
  'audit.restore-accepted': 'Accepted that a backup was put back',
  'password.reset': 'Password set by a mailed link',
  'member.added': 'Person added',
  'api-key.created': 'API key made',
  'api-key.revoked': 'API key revoked',
  'connection.link-policy-set': 'Set who may use links for colleagues',
  'connection.consent-begun': 'Began to connect',
  'connection.consent-failed': 'Connecting did not succeed',
  'connection.activated': 'Connected',
  'connection.consent-lost': 'Access lost',
  'connection.paused': 'Paused',
  'connection.resumed': 'Resumed',
  'connection.trouble-began': 'Trouble began',
  'connection.trouble-over': 'Trouble is over',
  'connection.organisation-changed': 'Organisation changed its details in Xero',
  'connection.organisation-reset': 'Demo company was reset by Xero',
  'connection.in-step': 'In step again',
  'connection.disconnected': 'Disconnected',
  'learner.added': 'Learner added',
  'learner.changed': 'Learner changed',
  'workplace.added': 'Workplace added',
  'workplace.changed': 'Workplace changed',
  'learner.workplace-set': 'Workplace of a learner set',
  'import.finished': 'Import finished',
  'contact.linked': 'Learner linked to a Xero contact',
  'contact.relinked': 'Learner linked to another Xero contact',
  'contact.pushed': 'Learner sent to Xero',
  'contact.refused': 'Xero did not accept a learner',
  'document.mirrored': 'Invoice or credit note taken over from Xero',
  'webhook.endpoint-added': 'Webhook endpoint added',
  'webhook.endpoint-changed': 'Webhook endpoint changed',
  'webhook.endpoint-removed': 'Webhook endpoint removed',
  'webhook.endpoint-enabled': 'Webhook endpoint turned on',
  'webhook.endpoint-disabled': 'Webhook endpoint turned off',
  'webhook.secret-rotated': 'Webhook secret renewed',
  'webhook.replayed': 'Webhooks sent again',
};

/** Facts that stand elsewhere in an entry. */
const TOLD_ELSEWHERE = new Set(['kind']);

/** What the audit log calls an act of this kind, also of one that is written no longer. */
export function titleOf(kind: string): string {
  return TITLES[kind as EventKind] ?? sentence(kind);
}

/** How an act ended, which its kind tells; of a check of the log, what it found. */
export function outcomeOf(event: BursarEvent): AuditOutcome {
  if (/\.(?:[a-z-]+-)?refused$/.test(event.kind)) return 'refused';
  if (/(?:failed|lost)$/.test(event.kind)) return 'failed';
  if (event.kind === 'audit.checked' && event.fault !== null) return 'failed';
  return 'done';
}

/** Everything an event holds, as names and texts; with the names that are known of ids. */
export function factsOf(
  event: BursarEvent,
  names: ReadonlyMap<string, string> = new Map(),
): AuditEntry['facts'] {
  return Object.entries(event)
    .filter(([name, value]) => !TOLD_ELSEWHERE.has(name) && value !== null && value !== undefined)
    .flatMap(([name, value]) => {
      const text = name === 'app' ? appName(String(value)) : textOf(value);
      if (text === '') return [];
      const label = labelOf(value, names);
      return [{ name: sentence(name), value: text, ...(label === null ? {} : { label }) }];
    });
}

const ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The ids among an event's facts. */
export function idsIn(event: BursarEvent): string[] {
  return Object.values(event).flat().filter(isId);
}

function isId(value: unknown): value is string {
  return typeof value === 'string' && ID.test(value);
}

function labelOf(value: unknown, names: ReadonlyMap<string, string>): string | null {
  const ids = [value].flat().filter(isId);
  if (!ids.some((id) => names.has(id))) return null;
  return ids.map((id) => names.get(id) ?? id).join('; ');
}

function textOf(value: unknown): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (Array.isArray(value)) return value.map(textOf).join('; ');
  if (typeof value !== 'object' || value === null) return String(value);
  if (isChange(value)) return `${sentence(value.field)}: ${value.from ?? '—'} → ${value.to ?? '—'}`;
  return Object.entries(value)
    .filter(([, part]) => part !== null && part !== undefined)
    .map(([name, part]) => `${sentence(name)} ${textOf(part)}`)
    .join(', ');
}

function isChange(
  value: object,
): value is { field: string; from: string | null; to: string | null } {
  return 'field' in value && 'from' in value && 'to' in value;
}

/** `organisationName` and `connection.consent-begun` as words. */
function sentence(name: string): string {
  const words = name
    .replace(/[.-]/g, ' ')
    .replace(
      /([a-z])([A-Z])/g,
      (_, left: string, right: string) => `${left} ${right.toLowerCase()}`,
    )
    .replace(/\borg\b/, 'organisation');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
