/**
 * Written by `npm run schema` from the migrated database; not edited by hand.
 */

import type { ColumnType } from 'kysely';

export type ArrayType<T> = ArrayTypeImpl<T> extends (infer U)[] ? U[] : ArrayTypeImpl<T>;

export type ArrayTypeImpl<T> =
  T extends ColumnType<infer S, infer I, infer U> ? ColumnType<S[], I[], U[]> : T[];

export type Generated<T> =
  T extends ColumnType<infer S, infer I, infer U>
    ? ColumnType<S, I | undefined, U>
    : ColumnType<T, T | undefined, T>;

export type Int8 = ColumnType<bigint, bigint | number | string, bigint | number | string>;

export type Json = JsonValue;

export type JsonArray = JsonValue[];

export type JsonObject = {
  [x: string]: JsonValue | undefined;
};

export type JsonPrimitive = boolean | number | string | null;

export type JsonValue = JsonArray | JsonObject | JsonPrimitive;

export type Timestamp = ColumnType<Date, Date | string, Date | string>;

export interface AgreementChecks {
  asked_by: Json | null;
  begun_at: Timestamp;
  calls: Generated<number>;
  difference_count: Generated<number>;
  differences: Generated<Json>;
  finished_at: Timestamp | null;
  id: string;
  papers: Generated<number>;
  position: Generated<Json>;
  provider_id: string;
  step: string;
  verdict: string | null;
  way: string;
  xero_org_id: string;
}

export interface AgreementSums {
  check_id: string;
  currency: string;
  kind: string;
  ours_count: Generated<number>;
  ours_due_minor: Generated<Int8>;
  ours_total_minor: Generated<Int8>;
  party_id: string;
  provider_id: string;
  status: string;
  theirs_count: Generated<number>;
  theirs_due_minor: Generated<Int8>;
  theirs_total_minor: Generated<Int8>;
}

export interface Allocations {
  amount_minor: Int8;
  currency: string;
  date: string | null;
  document_id: string;
  invoice_number: string | null;
  invoice_xero_id: string;
  position: Generated<number>;
  provider_id: string;
  xero_id: string;
  xero_org_id: string;
}

export interface ApiKeys {
  created_at: Timestamp;
  created_by: string;
  created_by_person: string | null;
  id: string;
  key_hash: Buffer;
  last_used_at: Timestamp | null;
  name: string;
  prefix: string;
  provider_id: string;
  revoked_at: Timestamp | null;
  role: string;
}

export interface AuditChain {
  event_id: string;
  hash: Buffer;
  position: Int8;
  provider_id: string;
  sealed_at: Timestamp;
}

export interface AuditChecks {
  checked_at: Timestamp;
  entries: Int8;
  fault: string | null;
  provider_id: string;
}

export interface AuditCursor {
  is_only: Generated<boolean>;
  seq: Int8;
  xid: string;
}

export interface AuditErasures {
  erased_at: Timestamp;
  hash: Buffer | null;
  position: Int8;
  provider_id: string;
}

export interface AuthAccount {
  accessToken: string | null;
  accessTokenExpiresAt: Timestamp | null;
  accountId: string;
  createdAt: Generated<Timestamp>;
  id: string;
  idToken: string | null;
  password: string | null;
  providerId: string;
  refreshToken: string | null;
  refreshTokenExpiresAt: Timestamp | null;
  scope: string | null;
  updatedAt: Timestamp;
  userId: string;
}

export interface AuthPasskey {
  aaguid: string | null;
  backedUp: boolean;
  counter: number;
  createdAt: Timestamp | null;
  credentialID: string;
  deviceType: string;
  id: string;
  name: string | null;
  publicKey: string;
  transports: string | null;
  userId: string;
}

export interface AuthRateLimit {
  count: number;
  id: string;
  key: string;
  lastRequest: Int8;
}

export interface AuthSession {
  createdAt: Generated<Timestamp>;
  expiresAt: Timestamp;
  id: string;
  ipAddress: string | null;
  secondFactor: string | null;
  token: string;
  updatedAt: Timestamp;
  userAgent: string | null;
  userId: string;
}

export interface AuthTwoFactor {
  backupCodes: string;
  failedVerificationCount: Generated<number | null>;
  id: string;
  lockedUntil: Timestamp | null;
  secret: string;
  userId: string;
  verified: Generated<boolean | null>;
}

export interface AuthUser {
  createdAt: Generated<Timestamp>;
  email: string;
  emailVerified: boolean;
  id: string;
  image: string | null;
  name: string;
  twoFactorEnabled: Generated<boolean | null>;
  updatedAt: Generated<Timestamp>;
}

export interface AuthVerification {
  createdAt: Generated<Timestamp>;
  expiresAt: Timestamp;
  id: string;
  identifier: string;
  updatedAt: Generated<Timestamp>;
  value: string;
}

export interface Books {
  changed_at: Timestamp | null;
  provider_id: string;
  read_at: Timestamp;
  settings: Json;
  xero_org_id: string;
}

export interface ConnectInvitations {
  app: string;
  asked_by: Json;
  attempts: Generated<number>;
  created_at: Timestamp;
  expires_at: Timestamp;
  id: string;
  joins_others: boolean;
  last_outcome: string | null;
  last_person: string | null;
  provider_id: string;
  revoked_at: Timestamp | null;
  sent_to: string | null;
  token_hash: Buffer;
  used_at: Timestamp | null;
}

export interface ConnectionChoices {
  base_currency: string | null;
  connection_id: string;
  country: string | null;
  is_demo: Generated<boolean>;
  is_described: Generated<boolean>;
  legal_name: string | null;
  organisation_name: string;
  provider_id: string;
  tax_number: string | null;
  xero_connection_id: string;
  xero_org_id: string;
}

export interface ConnectionLife {
  catching_up_since: Timestamp | null;
  checked_at: Timestamp | null;
  connected_by_person: string | null;
  connection_id: string;
  described_at: Timestamp | null;
  failing_since: Timestamp | null;
  in_step_at: Timestamp | null;
  next_check_at: Timestamp;
  paused_at: Timestamp | null;
  paused_by: string | null;
  provider_id: string;
  told_of: string | null;
  told_since: Timestamp | null;
}

export interface Connections {
  app: string;
  auth_event_id: string | null;
  base_currency: string | null;
  connected_at: Timestamp | null;
  connected_by: string;
  country: string | null;
  created_at: Timestamp;
  disconnected_at: Timestamp | null;
  grant_id: string | null;
  id: string;
  is_demo: Generated<boolean>;
  joins_others: Generated<boolean>;
  legal_name: string | null;
  organisation_name: string | null;
  provider_id: string;
  short_code: string | null;
  state: string;
  tax_number: string | null;
  trouble_code: string | null;
  trouble_since: Timestamp | null;
  xero_connection_id: string | null;
  xero_org_id: string | null;
  xero_person: string | null;
}

export interface Consents {
  app: string;
  asked_by: Json;
  binding_hash: Buffer | null;
  created_at: Timestamp;
  expires_at: Timestamp;
  finished_at: Timestamp | null;
  id: string;
  invitation_id: string | null;
  joins_others: Generated<boolean>;
  provider_id: string;
  sealed_verifier: string | null;
  state_hash: Buffer | null;
  used_at: Timestamp | null;
}

export interface ContactLinks {
  accepted: Generated<Json>;
  attempts: Generated<number>;
  base: Json | null;
  contact_changed_at: Timestamp | null;
  contact_from: string | null;
  contact_id: string | null;
  contact_status: string | null;
  drift: Generated<string[]>;
  drift_since: Timestamp | null;
  drift_weighed: number | null;
  had_contact: string | null;
  last_attempt_at: Timestamp | null;
  last_pushed_at: Timestamp | null;
  match_due: Generated<boolean>;
  next_attempt_at: Timestamp;
  numbered_name: Generated<boolean>;
  offered: Json | null;
  papers_due: Generated<boolean>;
  papers_for: string | null;
  party_id: string;
  party_kind: Generated<string>;
  provider_id: string;
  pushed_revision: number | null;
  reasons: Generated<Json>;
  replaces_code: Generated<boolean>;
  seen: Json | null;
  standing: string | null;
  uncertain_since: Timestamp | null;
  urgent: Generated<boolean>;
  wanted_revision: number;
  wants_new: Generated<boolean>;
  xero_org_id: string;
}

export interface Counters {
  labels: string;
  name: string;
  value: Int8;
}

export interface Cursors {
  heard_at: Timestamp | null;
  newest_seen: Timestamp | null;
  next_at: Generated<Timestamp>;
  page: Generated<number>;
  position: Timestamp | null;
  provider_id: string;
  quiet_walks: Generated<number>;
  read_until: Timestamp | null;
  resource: string;
  rows_read: Generated<number>;
  walked_at: Timestamp | null;
  walking: boolean;
  xero_org_id: string;
}

export interface Documents {
  changed_in_xero_at: Timestamp;
  contact_id: string;
  content_hash: Buffer;
  credited_minor: Int8;
  currency: string;
  date: string | null;
  due_date: string | null;
  due_minor: Int8;
  has_online_view: boolean;
  id: string;
  kind: string;
  lines: Json;
  mirrored_at: Timestamp;
  number: string | null;
  paid_minor: Int8;
  party_id: string | null;
  party_kind: Generated<string>;
  provider_id: string;
  raw: Json;
  reference: string | null;
  remaining_minor: Generated<Int8>;
  shape: Generated<number>;
  status: string;
  subtotal_minor: Int8;
  tax_minor: Int8;
  tax_mode: string;
  total_minor: Int8;
  xero_id: string;
  xero_org_id: string;
}

export interface ErasedProviders {
  erased_at: Timestamp;
  provider_id: string;
  rows_erased: Int8;
}

export interface Events {
  actor: Json;
  actor_id: Generated<string>;
  area: Generated<string>;
  at: Timestamp;
  data: Json;
  document_id: Generated<string | null>;
  id: string;
  kind: string;
  provider_id: string;
  seq: Generated<Int8>;
  subject_id: string;
  subject_kind: string;
  xid: Generated<string>;
}

export interface Grants {
  access_expires_at: Timestamp;
  app: string;
  client_id: string | null;
  created_at: Timestamp;
  dead_since: Timestamp | null;
  generation: number;
  holder_name: string | null;
  id: string;
  issuer: string | null;
  refresh_expires_at: Timestamp;
  refreshed_at: Timestamp;
  scopes: string;
  sealed_access_token: string;
  sealed_refresh_token: string;
  state: string;
  xero_user_id: string;
}

export interface ImportFiles {
  content: Buffer;
  import_id: string;
  name: string;
  position: number;
  provider_id: string;
}

export interface ImportRows {
  applied: Generated<boolean>;
  changes: Json;
  fields: Json;
  import_id: string;
  learner_id: string | null;
  line: number;
  name: string;
  position: number;
  provider_id: string;
  reasons: Json;
  verdict: string;
}

export interface ImportRuns {
  applied_to: Generated<number>;
  attempts: Generated<number>;
  columns: Json;
  committed_by: Json | null;
  correct_name_case: boolean;
  created_at: Timestamp;
  failure: string | null;
  file_names: Json;
  finished_at: Timestamp | null;
  id: string;
  import_look_alikes: boolean;
  kind: string;
  preview_version: Generated<number>;
  progressed_at: Timestamp | null;
  provider_id: string;
  remarks: Json;
  rows_added: Generated<number>;
  rows_applied: Generated<number>;
  rows_changed: Generated<number>;
  rows_faulty: Generated<number>;
  rows_new: Generated<number>;
  rows_total: Generated<number>;
  rows_unchanged: Generated<number>;
  started_by: Json;
  state: string;
}

export interface Installation {
  is_only: Generated<boolean>;
  noted_at: Timestamp;
  public_url: string;
}

export interface LaneCalls {
  heard: Generated<string[]>;
  id: Generated<Int8>;
  party_id: string | null;
  provider_id: string;
  urgent: Generated<boolean>;
  xero_org_id: string;
}

export interface Lanes {
  catching_up_since: Timestamp | null;
  connection_id: string;
  contacts_known_at: Timestamp | null;
  drift_rules: Generated<number>;
  failures: Generated<number>;
  last_pull_at: Timestamp | null;
  last_push_at: Timestamp | null;
  lease_owner: string | null;
  lease_until: Timestamp | null;
  next_agreement_at: Timestamp | null;
  next_sweep_at: Timestamp;
  organisation_name: string;
  page_rows: Generated<Json>;
  paper_reading: Json | null;
  patience: Generated<Json>;
  pause_reason: string | null;
  pause_spares_people: Generated<boolean>;
  paused_until: Timestamp | null;
  provider_id: string;
  push_careful: Generated<boolean>;
  push_rows: Generated<number>;
  set_aside: Generated<Json>;
  state: string;
  stop_reason: string | null;
  wake_at: Timestamp;
  wakes: Generated<Int8>;
  xero_org_id: string;
}

export interface LearnerCounters {
  last_number: number;
  provider_id: string;
}

export interface LearnerIdentities {
  identity: string;
  learner_id: string;
  provider_id: string;
}

export interface LearnerMerges {
  id: string;
  kept_after: Json;
  kept_before: Json;
  kept_id: string;
  merged_at: Timestamp;
  merged_before: Json;
  merged_by: Json;
  merged_id: string;
  provider_id: string;
  undo_until: Timestamp;
  undone_at: Timestamp | null;
}

export interface Learners {
  alternative_email: string | null;
  australian_business_number: string | null;
  campus: string | null;
  campus_key: string | null;
  created_at: Timestamp;
  date_of_birth: string | null;
  email: string | null;
  first_name: string | null;
  gender: string | null;
  id: string;
  is_active: boolean;
  last_name: string | null;
  learner_number: string;
  merged_into: string | null;
  middle_name: string | null;
  name_sort: string;
  number_key: string;
  number_sort: string;
  phone_home: string | null;
  phone_mobile: string | null;
  phone_work: string | null;
  postal_address: Json;
  preferred_name: string | null;
  provider_id: string;
  ref_external: string | null;
  revision: number;
  street_address: Json;
  sync_to_xero: boolean;
  title: string | null;
  updated_at: Timestamp;
  usi: string | null;
}

export interface LearnerTokens {
  learner_id: string;
  provider_id: string;
  token: string;
}

export interface LearnerWorkplaces {
  learner_id: string;
  merge_id: string | null;
  provider_id: string;
  workplace_id: string;
}

export interface Licences {
  granted_at: Timestamp;
  product: string;
  provider_id: string;
  withdrawn_at: Timestamp | null;
}

export interface Mails {
  attempts: Generated<number>;
  due_at: Timestamp;
  id: string;
  is_confidential: Generated<boolean>;
  last_error: string | null;
  once_key: string;
  provider_id: string;
  queued_at: Timestamp;
  recipients: string[];
  sent_at: Timestamp | null;
  state: Generated<string>;
  subject: string;
  text: string;
}

export interface Matchings {
  approved_at: Timestamp | null;
  approved_by: string | null;
  count_calls: Generated<number>;
  counted_version: number | null;
  dirty: Generated<boolean>;
  looked_at_to: string | null;
  proposed_at: Timestamp | null;
  provider_id: string;
  state: string;
  version: Generated<number>;
  xero_org_id: string;
}

export interface MatchProposals {
  accepted: Generated<boolean>;
  candidates: Json;
  contact_hash: string | null;
  contact_id: string | null;
  decided_by: string | null;
  decision: string | null;
  grouping: string;
  is_renewed: Generated<boolean>;
  keys: Generated<string[]>;
  name_sort: string;
  party_id: string;
  party_kind: Generated<string>;
  party_name: string;
  party_number: string;
  party_revision: number;
  provider_id: string;
  replaces_code: Generated<boolean>;
  row_version: Generated<number>;
  touched: Generated<boolean>;
  xero_org_id: string;
}

export interface MemberInvitations {
  created_at: Timestamp;
  email: string;
  ended_at: Timestamp | null;
  expires_at: Timestamp;
  id: string;
  invited_by: string;
  invited_by_person: string | null;
  provider_id: string;
  role: string;
  token_hash: Buffer;
  was_mailed: Generated<boolean>;
}

export interface Members {
  created_at: Timestamp;
  person_id: string;
  provider_id: string;
  role: string;
}

export interface Notices {
  attempts: Generated<number>;
  event_at: Timestamp;
  first_heard_at: Timestamp;
  heard: Int8;
  kind: string;
  provider_id: string;
  resource_id: string;
  xero_org_id: string;
}

export interface OrganisationRules {
  campus: string | null;
  campus_key: string | null;
  position: number;
  provider_id: string;
  xero_org_id: string;
}

export interface PaperCoverage {
  kind: string;
  known_from: Timestamp;
  provider_id: string;
  xero_org_id: string;
}

export interface PaperMarks {
  changed_at: Timestamp;
  contact_id: string;
  currency: string | null;
  due_minor: Int8 | null;
  is_sale: boolean;
  kind: string;
  provider_id: string;
  read_at: Timestamp;
  status: string | null;
  total_minor: Int8 | null;
  xero_id: string;
  xero_org_id: string;
}

export interface PaymentBatches {
  batch_xero_id: string;
  payment_xero_id: string;
  provider_id: string;
  xero_org_id: string;
}

export interface Payments {
  amount_minor: Int8;
  currency: string;
  date: string | null;
  document_id: string;
  position: Generated<number>;
  provider_id: string;
  reference: string | null;
  xero_id: string;
  xero_org_id: string;
}

export interface ProviderClosings {
  closed_at: Timestamp | null;
  closed_by: string | null;
  disconnect_at: Timestamp | null;
  erase_at: Timestamp | null;
  exported_at: Timestamp | null;
  provider_id: string;
}

export interface Providers {
  colleague_links: Generated<string>;
  country: Generated<string>;
  created_at: Timestamp;
  name: string;
  provider_id: string;
  second_factor: Generated<string>;
  time_zone: Generated<string>;
}

export interface SignInAttempts {
  attempts: number;
  key: string;
  window_started_at: Timestamp;
}

export interface SpentCodes {
  code_hash: Buffer;
  spent_at: Timestamp;
}

export interface SupportMessages {
  at: Timestamp;
  author: string;
  id: string;
  provider_id: string;
  request_id: string;
  sender: string;
  text: string;
}

export interface SupportRequests {
  app: string | null;
  asked_at: Timestamp;
  asked_by: string;
  asked_by_email: string | null;
  changed_at: Timestamp;
  id: string;
  message_count: Generated<number>;
  provider_id: string;
  state: string;
  subject: string;
}

export interface SyncIgnores {
  cause_hash: string;
  ignored_at: Timestamp;
  ignored_by: Json;
  note: string | null;
  problem: string;
  provider_id: string;
  subject_id: string;
}

export interface SyncRules {
  field: string;
  provider_id: string;
  winner: string;
}

export interface SyncRunItems {
  aim: Generated<string>;
  label: string;
  outcome: string | null;
  provider_id: string;
  reason: string | null;
  run_id: string;
  seq: number;
  stage: string;
  subject_id: string;
  subject_kind: string;
}

export interface SyncRuns {
  created_at: Timestamp;
  failure: string | null;
  finished_at: Timestamp | null;
  id: string;
  kind: string;
  lane_work: boolean;
  organisation_name: string | null;
  papers_added: Generated<number>;
  papers_changed: Generated<number>;
  papers_failed: Generated<number>;
  papers_found: Generated<number>;
  papers_read: Generated<number>;
  papers_total: number | null;
  progressed_at: Timestamp;
  provider_id: string;
  range: Json;
  started_by: Json;
  state: string;
  step: string;
  tally: Json | null;
  walk: Json | null;
  xero_org_id: string | null;
}

export interface UnnoticedChanges {
  changes: number;
  first_at: Timestamp;
  last_at: Timestamp;
  provider_id: string;
  xero_org_id: string;
}

export interface WebhookArrivals {
  app: string;
  last_delivery_at: Timestamp | null;
  last_intent_at: Timestamp | null;
}

export interface WebhookAttempts {
  answer: string | null;
  at: Timestamp;
  attempt: number;
  delivery_id: string;
  milliseconds: number;
  outcome: string;
  provider_id: string;
  status: number | null;
}

export interface WebhookDeliveries {
  attempts: Generated<number>;
  attempts_since_replay: Generated<number>;
  created_at: Timestamp;
  endpoint_id: string;
  finished_at: Timestamp | null;
  id: string;
  kind: string;
  next_attempt_at: Timestamp | null;
  payload: string;
  provider_id: string;
  state: string;
}

export interface WebhookEndpoints {
  created_at: Timestamp;
  created_by: string;
  description: string;
  disabled_because: string | null;
  failing_since: Timestamp | null;
  failures: Generated<number>;
  id: string;
  kinds: string[];
  last_delivered_at: Timestamp | null;
  next_try_at: Timestamp;
  old_secret_until: Timestamp | null;
  provider_id: string;
  sealed_old_secret: string | null;
  sealed_secret: string;
  state: string;
  url: string;
}

export interface Workers {
  id: string;
  seen_at: Timestamp;
  started_at: Timestamp;
}

export interface WorkplaceCounters {
  last_number: number;
  provider_id: string;
}

export interface Workplaces {
  business_number: string | null;
  campus: string | null;
  contact_first_name: string | null;
  contact_last_name: string | null;
  created_at: Timestamp;
  email: string | null;
  id: string;
  is_active: boolean;
  legal_name: string | null;
  name: string;
  name_sort: string;
  number_key: string;
  phone: string | null;
  postal_address: Json;
  provider_id: string;
  revision: number;
  street_address: Json;
  sync_to_xero: boolean;
  updated_at: Timestamp;
  workplace_number: string;
}

export interface WorkplaceTokens {
  provider_id: string;
  token: string;
  workplace_id: string;
}

export interface XeroAllowedConnections {
  allowed_at: Timestamp;
  grant_id: string;
  xero_connection_id: string;
}

export interface XeroAppBudgets {
  app: string;
  filled_at: Timestamp;
  paused_until: Timestamp | null;
  tokens: number;
}

export interface XeroBudgets {
  bytes_today: Generated<Int8>;
  calls_today: Generated<number>;
  day_left: number | null;
  day_limit: Generated<number>;
  day_seen_at: Timestamp | null;
  last_call_at: Timestamp | null;
  minute_left: number | null;
  minute_seen_at: Timestamp | null;
  pause_kind: string | null;
  paused_until: Timestamp | null;
  recent_calls: Generated<ArrayType<Timestamp>>;
  used_on: string | null;
  xero_org_id: string;
}

export interface XeroCallLeases {
  id: string;
  until: Timestamp;
  xero_org_id: string;
}

export interface XeroContactKeys {
  contact_id: string;
  key: string;
  provider_id: string;
  xero_org_id: string;
}

export interface XeroContacts {
  changed_at: Timestamp | null;
  code: string | null;
  contact_id: string;
  email: string | null;
  first_name: string | null;
  hash: string;
  invoices: number | null;
  invoices_at: Timestamp | null;
  last_name: string | null;
  merged_into: string | null;
  name: string;
  phones: string[];
  provider_id: string;
  search: string;
  status: string;
  xero_org_id: string;
}

export interface Schema {
  agreement_checks: AgreementChecks;
  agreement_sums: AgreementSums;
  allocations: Allocations;
  api_keys: ApiKeys;
  audit_chain: AuditChain;
  audit_checks: AuditChecks;
  audit_cursor: AuditCursor;
  audit_erasures: AuditErasures;
  'auth.account': AuthAccount;
  'auth.passkey': AuthPasskey;
  'auth.rateLimit': AuthRateLimit;
  'auth.session': AuthSession;
  'auth.twoFactor': AuthTwoFactor;
  'auth.user': AuthUser;
  'auth.verification': AuthVerification;
  books: Books;
  connect_invitations: ConnectInvitations;
  connection_choices: ConnectionChoices;
  connection_life: ConnectionLife;
  connections: Connections;
  consents: Consents;
  contact_links: ContactLinks;
  counters: Counters;
  cursors: Cursors;
  documents: Documents;
  erased_providers: ErasedProviders;
  events: Events;
  grants: Grants;
  import_files: ImportFiles;
  import_rows: ImportRows;
  import_runs: ImportRuns;
  installation: Installation;
  lane_calls: LaneCalls;
  lanes: Lanes;
  learner_counters: LearnerCounters;
  learner_identities: LearnerIdentities;
  learner_merges: LearnerMerges;
  learner_tokens: LearnerTokens;
  learner_workplaces: LearnerWorkplaces;
  learners: Learners;
  licences: Licences;
  mails: Mails;
  match_proposals: MatchProposals;
  matchings: Matchings;
  member_invitations: MemberInvitations;
  members: Members;
  notices: Notices;
  organisation_rules: OrganisationRules;
  paper_coverage: PaperCoverage;
  paper_marks: PaperMarks;
  payment_batches: PaymentBatches;
  payments: Payments;
  provider_closings: ProviderClosings;
  providers: Providers;
  sign_in_attempts: SignInAttempts;
  spent_codes: SpentCodes;
  support_messages: SupportMessages;
  support_requests: SupportRequests;
  sync_ignores: SyncIgnores;
  sync_rules: SyncRules;
  sync_run_items: SyncRunItems;
  sync_runs: SyncRuns;
  unnoticed_changes: UnnoticedChanges;
  webhook_arrivals: WebhookArrivals;
  webhook_attempts: WebhookAttempts;
  webhook_deliveries: WebhookDeliveries;
  webhook_endpoints: WebhookEndpoints;
  workers: Workers;
  workplace_counters: WorkplaceCounters;
  workplace_tokens: WorkplaceTokens;
  workplaces: Workplaces;
  xero_allowed_connections: XeroAllowedConnections;
  xero_app_budgets: XeroAppBudgets;
  xero_budgets: XeroBudgets;
  xero_call_leases: XeroCallLeases;
  xero_contact_keys: XeroContactKeys;
  xero_contacts: XeroContacts;
}
