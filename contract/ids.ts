import { z } from 'zod';
import { opaque } from './text.ts';

// Ids are compared as text, and PostgreSQL gives them back in lower case however they were sent.

export const ProviderId = z.uuid().toLowerCase().brand<'ProviderId'>();
export type ProviderId = z.infer<typeof ProviderId>;

/** Ids of people come from the sign-in library and are opaque text. */
export const PersonId = opaque(64).brand<'PersonId'>();
export type PersonId = z.infer<typeof PersonId>;

export const LearnerId = z.uuid().toLowerCase().brand<'LearnerId'>();
export type LearnerId = z.infer<typeof LearnerId>;

export const WorkplaceId = z.uuid().toLowerCase().brand<'WorkplaceId'>();
export type WorkplaceId = z.infer<typeof WorkplaceId>;

/** Whoever has a contact in Xero and papers there: a learner, or the workplace that pays for one. */
export type PartyId = LearnerId | WorkplaceId;
export type PartyKind = 'learner' | 'workplace';

export const ConnectionId = z.uuid().toLowerCase().brand<'ConnectionId'>();
export type ConnectionId = z.infer<typeof ConnectionId>;

/** Xero's id of an organisation (what its wire calls a tenant id); any GUID, not only RFC 9562 ones. */
export const XeroOrgId = z.guid().toLowerCase().brand<'XeroOrgId'>();
export type XeroOrgId = z.infer<typeof XeroOrgId>;

export const DocumentId = z.uuid().toLowerCase().brand<'DocumentId'>();
export type DocumentId = z.infer<typeof DocumentId>;

export const ImportRunId = z.uuid().toLowerCase().brand<'ImportRunId'>();
export type ImportRunId = z.infer<typeof ImportRunId>;

export const SyncRunId = z.uuid().toLowerCase().brand<'SyncRunId'>();
export type SyncRunId = z.infer<typeof SyncRunId>;

export const ApiKeyId = z.uuid().toLowerCase().brand<'ApiKeyId'>();
export type ApiKeyId = z.infer<typeof ApiKeyId>;
