import { z } from 'zod';
import { LearnerId, WorkplaceId, XeroOrgId } from './ids.ts';
import { NoContent, route } from './route.ts';
import { opaque } from './text.ts';

/** Who wins a field that was changed in Xero. */
export const WINNERS = ['ask', 'bursar', 'xero'] as const;
export const Winner = z.enum(WINNERS);
export type Winner = z.infer<typeof Winner>;

/** What a rule can be set for; the three names of a contact go together. */
export const RULE_FIELDS = ['name', 'email', 'mobile', 'home', 'work', 'street', 'postal'] as const;
export const RuleField = z.enum(RULE_FIELDS);
export type RuleField = z.infer<typeof RuleField>;

export const DriftField = z.enum(['firstName', 'lastName', ...RULE_FIELDS]);
export type DriftField = z.infer<typeof DriftField>;

/** Each field in the words of a page. */
export const driftFieldNames: Record<DriftField, string> = {
  name: 'Contact name',
  firstName: 'First name',
  lastName: 'Last name',
  email: 'E-mail',
  mobile: 'Mobile',
  home: 'Home phone',
  work: 'Work phone',
  street: 'Street address',
  postal: 'Postal address',
};

/** What each choice of a rule means. */
export const winnerTexts: Record<Winner, { title: string; words: string }> = {
  ask: {
    title: 'Ask each time',
    words: 'Xero keeps its value and Bursar its own until somebody decides.',
  },
  bursar: {
    title: 'Bursar’s stands',
    words: 'Xero is set back to what Bursar says; the history names what was replaced.',
  },
  xero: {
    title: 'Xero’s stands',
    words: 'Bursar’s record takes over what Xero says, where Bursar can hold it.',
  },
};

export const SyncRules = z.record(RuleField, Winner);
export type SyncRules = z.infer<typeof SyncRules>;

/** One field that says something else in Xero than here. */
export const FieldDrift = z.object({
  field: DriftField,
  ours: z.string().nullable(),
  theirs: z.string().nullable(),
  /** `ignored`: somebody said that both may differ; asked again once either side changes. */
  state: z.enum(['open', 'ignored']),
  /** Why Xero's value can't be taken into the record here; null when it can. */
  cannotTake: z.string().nullable(),
});
export type FieldDrift = z.infer<typeof FieldDrift>;

/** Where a learner or workplace and its contact differ. */
export const PartyDrift = z.object({
  xeroOrgId: XeroOrgId,
  organisationName: z.string(),
  /** When the contact was changed in Xero, as Xero tells it; it does not tell by whom. */
  changedAt: z.iso.datetime().nullable(),
  /** Names what was looked at; an act on anything else is refused. */
  version: z.string(),
  fields: z.array(FieldDrift),
});
export type PartyDrift = z.infer<typeof PartyDrift>;

/** `take`: Xero's into our record; `push`: ours to Xero; `ignore`: both stay; `ask-again` undoes that. */
export const DriftAct = z.enum(['take', 'push', 'ignore', 'ask-again']);
export type DriftAct = z.infer<typeof DriftAct>;

const oneParty = z.object({ partyId: z.union([LearnerId, WorkplaceId]) });

export const driftRoutes = {
  partyDrift: route({
    method: 'GET',
    path: '/api/v1/sync/drift/:partyId',
    permission: 'learners.view',
    tag: 'Sync',
    summary: 'In which fields a learner or workplace and its contact in Xero differ',
    params: oneParty,
    answer: z.object({ drift: PartyDrift.nullable() }),
  }),
  decideDrift: route({
    method: 'POST',
    path: '/api/v1/sync/drift/:partyId',
    permission: 'learners.sync',
    tag: 'Sync',
    summary:
      'Decide about fields that differ: take Xero’s (asks for the right to edit), push, ignore',
    params: oneParty,
    body: z.object({
      act: DriftAct,
      /** Left out: every field that the act can be done with. */
      fields: z.array(DriftField).min(1).optional(),
      version: opaque(64),
    }),
    answer: z.object({ drift: PartyDrift.nullable() }),
  }),
  getSyncRules: route({
    method: 'GET',
    path: '/api/v1/sync/rules',
    permission: 'connections.view',
    tag: 'Sync',
    summary: 'Who wins each field that was changed in Xero',
    answer: z.object({ rules: SyncRules, openDrifts: z.int() }),
  }),
  setSyncRules: route({
    method: 'PUT',
    path: '/api/v1/sync/rules',
    permission: 'connections.manage',
    tag: 'Sync',
    summary: 'Set who wins each field; what is open now is settled by it in the background',
    body: z.object({ rules: SyncRules }),
    answer: NoContent,
  }),
};
