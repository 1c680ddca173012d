import { useQuery } from '@tanstack/react-query';
import { type Permission, permissions, roleMay, rolesThatMay } from '#contract/permissions';
import type { Member } from '#contract/providers';
import { SECOND_FACTOR_FOR } from '#contract/sign-in';
import { ask } from './queries.ts';
import { useMe } from './session.ts';

/** Whether the reader may do something; if not, why, and who here may. */
export interface May {
  allowed: boolean;
  /** Null when allowed. */
  reason: string | null;
  /** What the reader can bring to be allowed; null when their role is what stands in the way. */
  wants: 'second-factor' | null;
}

/**
 * Whether the reader's role, and how they signed in, let them do something. Who else may is asked
 * for only when the role does not; until that has come the reason names roles alone. For pages
 * behind sign-in; the server checks again.
 */
export function useMay(permission: Permission): May {
  const me = useMe();
  const allowed = roleMay(me.role, permission);
  const members = useQuery({ ...ask('listMembers'), enabled: !allowed, staleTime: 300_000 });
  if (!allowed) {
    const reason = reasonAgainst(permission, members.data?.items ?? []);
    return { allowed, reason, wants: null };
  }
  const { policy, isStrong } = me.secondFactor;
  const isWeak = policy === 'required' && !isStrong && SECOND_FACTOR_FOR.includes(permission);
  if (!isWeak) return { allowed, reason: null, wants: null };
  const reason = `To ${permissions[permission].allows} you sign in with a second factor: set one up, or sign in again with yours.`;
  return { allowed: false, reason, wants: 'second-factor' };
}

/** "Only an Owner or Admin may … Here: Ana Silva, Ben Ott." Three are named, the rest counted. */
export function reasonAgainst(permission: Permission, members: readonly Member[]): string {
  const { allows } = permissions[permission];
  const rule = `Only ${rolesThatMay(permission)} may ${allows}.`;
  const able = members.filter((member) => roleMay(member.role, permission));
  if (able.length === 0) return rule;
  const names = able.slice(0, 3).map((member) => member.name);
  const more = able.length > names.length ? ` and ${able.length - names.length} more` : '';
  return `${rule} Here: ${names.join(', ')}${more}.`;
}
