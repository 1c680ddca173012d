import { z } from 'zod';
import { ApiKeyId, PersonId, ProviderId } from './ids.ts';
import { PERMISSIONS, Role } from './permissions.ts';
import { NoContent, route } from './route.ts';
import { SecondFactorPolicy, SignInStep } from './sign-in.ts';
import { line } from './text.ts';

export const SignIn = z.object({ email: z.email().max(255), password: z.string().min(1).max(200) });

export const Membership = z.object({
  providerId: ProviderId,
  providerName: z.string(),
  role: Role,
});

/** Who is asking: a signed-in person, or an API key, always acting for one provider. */
export const Me = z.object({
  kind: z.enum(['person', 'api-key']),
  name: z.string(),
  email: z.string().nullable(),
  provider: z.object({ id: ProviderId, name: z.string(), country: z.string() }),
  role: Role,
  permissions: z.array(z.enum(PERMISSIONS as [string, ...string[]])),
  /** Every provider this person belongs to. */
  memberships: z.array(Membership),
  secondFactor: z.object({
    policy: SecondFactorPolicy,
    /** Whether this sign-in was proved by a second factor; always so for an API key. */
    isStrong: z.boolean(),
  }),
});
export type Me = z.infer<typeof Me>;

export const Member = z.object({
  personId: PersonId,
  name: z.string(),
  email: z.string(),
  role: Role,
});
export type Member = z.infer<typeof Member>;

/** What a key is for, in its maker's words. */
export const ApiKeyName = line(100).min(1, 'must not be empty');

export const ApiKey = z.object({
  id: ApiKeyId,
  name: z.string(),
  role: Role,
  /** First characters of the key, to recognise it by. */
  prefix: z.string(),
  createdAt: z.iso.datetime(),
  lastUsedAt: z.iso.datetime().nullable(),
});
export type ApiKey = z.infer<typeof ApiKey>;

export const providerRoutes = {
  /** Web only: sets the session cookie. */
  signIn: route({
    method: 'POST',
    path: '/api/v1/session',
    permission: 'public',
    tag: 'Session',
    summary: 'Sign in with e-mail and password; a second factor may be asked for next',
    body: SignIn,
    answer: SignInStep,
  }),
  signOut: route({
    method: 'DELETE',
    path: '/api/v1/session',
    permission: 'public',
    tag: 'Session',
    summary: 'Sign out',
    answer: NoContent,
  }),
  me: route({
    method: 'GET',
    path: '/api/v1/me',
    permission: 'signed-in',
    tag: 'Session',
    summary: 'Who is asking, for which provider, and what they may do',
    answer: Me,
  }),
  listMembers: route({
    method: 'GET',
    path: '/api/v1/people',
    permission: 'people.view',
    tag: 'People',
    summary: 'The people of this provider with their roles (at most 500)',
    answer: z.object({ items: z.array(Member) }),
  }),
  listApiKeys: route({
    method: 'GET',
    path: '/api/v1/api-keys',
    permission: 'api-keys.manage',
    tag: 'API keys',
    summary: 'Active API keys (at most 100)',
    answer: z.object({ items: z.array(ApiKey) }),
  }),
  createApiKey: route({
    method: 'POST',
    path: '/api/v1/api-keys',
    permission: 'api-keys.manage',
    tag: 'API keys',
    summary: 'Make an API key; the key itself is shown only in this answer',
    body: z.object({
      name: ApiKeyName,
      role: Role,
    }),
    answer: z.object({ apiKey: ApiKey, key: z.string() }),
  }),
  revokeApiKey: route({
    method: 'DELETE',
    path: '/api/v1/api-keys/:apiKeyId',
    permission: 'api-keys.manage',
    tag: 'API keys',
    summary: 'Revoke an API key at once',
    params: z.object({ apiKeyId: ApiKeyId }),
    answer: NoContent,
  }),
};
