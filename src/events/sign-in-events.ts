/** What people do with their own accounts, and who works for a provider. */
export type SignInEvent =
  | { kind: 'second-factor.on'; personId: string; name: string }
  | { kind: 'second-factor.off'; personId: string; name: string }
  /** By those who run Bursar, for someone who lost it. */
  | { kind: 'second-factor.reset'; personId: string; name: string }
  | { kind: 'second-factor.codes-renewed'; personId: string; name: string }
  | { kind: 'passkey.added'; personId: string; name: string; passkey: string }
  | { kind: 'passkey.removed'; personId: string; name: string; passkey: string }
  | { kind: 'password.changed'; personId: string; name: string }
  /** By a link that was mailed to whoever forgot theirs. */
  | { kind: 'password.reset'; personId: string; name: string }
  | { kind: 'sessions.ended'; personId: string; name: string; sessions: number }
  | { kind: 'xero-sign-in.tied'; personId: string; name: string }
  | { kind: 'xero-sign-in.untied'; personId: string; name: string }
  | { kind: 'second-factor.policy-set'; policy: 'required' | 'optional' }
  | { kind: 'member.invited'; invitationId: string; email: string; role: string }
  | { kind: 'member.invitation-revoked'; invitationId: string; email: string }
  | { kind: 'member.role-changed'; personId: string; name: string; from: string; to: string }
  | { kind: 'member.removed'; personId: string; name: string; role: string }
  | { kind: 'member.left'; personId: string; name: string; role: string };
