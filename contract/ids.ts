import { z } from 'zod';

export const ProviderId = z.uuid().brand<'ProviderId'>();
export type ProviderId = z.infer<typeof ProviderId>;

/** Ids of people come from the sign-in library and are opaque text. */
export const PersonId = z.string().min(1).max(64).brand<'PersonId'>();
export type PersonId = z.infer<typeof PersonId>;

export const LearnerId = z.uuid().brand<'LearnerId'>();
export type LearnerId = z.infer<typeof LearnerId>;

export const ConnectionId = z.uuid().brand<'ConnectionId'>();
export type ConnectionId = z.infer<typeof ConnectionId>;

/** Xero's id of an organisation (what its wire calls a tenant id); any GUID, not only RFC 9562 ones. */
export const XeroOrgId = z.guid().brand<'XeroOrgId'>();
export type XeroOrgId = z.infer<typeof XeroOrgId>;

export const DocumentId = z.uuid().brand<'DocumentId'>();
export type DocumentId = z.infer<typeof DocumentId>;

export const ImportRunId = z.uuid().brand<'ImportRunId'>();
export type ImportRunId = z.infer<typeof ImportRunId>;

export const ApiKeyId = z.uuid().brand<'ApiKeyId'>();
export type ApiKeyId = z.infer<typeof ApiKeyId>;
