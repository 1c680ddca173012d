-- Papers --------------------------------------------------------------------------------------

-- Our copy of Xero's papers, of linked contacts only. Amounts are whole minor units of the paper's
-- own currency. A learner is named without a foreign key, here and below: checking it would lock
-- the learner's row after the lane's, against the order in which an edit takes the two.
create table documents (
  provider_id uuid not null references providers,
  id uuid primary key,
  xero_org_id uuid not null,
  kind text not null check (kind in ('invoice', 'credit-note', 'prepayment', 'overpayment')),
  xero_id uuid not null,
  contact_id uuid not null,
  learner_id uuid,
  number text,
  reference text,
  status text not null check (
    status in ('draft', 'submitted', 'approved', 'part-paid', 'paid', 'voided', 'deleted')),
  date date,
  due_date date,
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  tax_mode text not null check (tax_mode in ('exclusive', 'inclusive', 'none')),
  subtotal_minor bigint not null,
  tax_minor bigint not null,
  total_minor bigint not null,
  paid_minor bigint not null,
  credited_minor bigint not null,
  -- What is still to be paid; 0 once voided or deleted, whatever Xero goes on saying there.
  due_minor bigint not null,
  lines jsonb not null,
  has_online_view boolean not null,
  -- The paper as Xero sent it, so that a richer copy can be made later without asking again.
  raw jsonb not null,
  content_hash bytea not null,
  changed_in_xero_at timestamptz not null,
  mirrored_at timestamptz not null,
  constraint documents_of_xero unique (provider_id, xero_org_id, kind, xero_id)
);
create index documents_of_learner
  on documents (provider_id, learner_id, (coalesce(date, '0001-01-01'::date)) desc, id desc);
create index documents_newest
  on documents (provider_id, (coalesce(date, '0001-01-01'::date)) desc, id desc);
create index documents_by_status
  on documents (provider_id, status, (coalesce(date, '0001-01-01'::date)) desc, id desc);
create index documents_of_contact on documents (provider_id, xero_org_id, contact_id);
create index documents_owing on documents (provider_id, learner_id, currency)
  include (due_minor) where status in ('approved', 'part-paid') and due_minor > 0;
call protect('documents');

create table payments (
  provider_id uuid not null references providers,
  xero_org_id uuid not null,
  xero_id uuid not null,
  document_id uuid not null references documents on delete cascade,
  date date,
  currency text not null,
  amount_minor bigint not null,
  reference text,
  primary key (document_id, xero_id)
);
call protect('payments');

-- Lanes ---------------------------------------------------------------------------------------

-- One per provider and Xero organisation. Its row is also the lock under which everything about the sync with
-- that organisation is written: whoever writes takes it first, then other rows, so that nobody
-- waits in a circle.
create table lanes (
  provider_id uuid not null references providers,
  xero_org_id uuid not null,
  connection_id uuid not null references connections,
  organisation_name text not null,
  state text not null check (state in ('running', 'stopped')),
  stop_reason text,
  -- When the lane is to look for work next, and how often it was called: a call that comes while
  -- it runs is seen by the changed count when it ends.
  wake_at timestamptz not null,
  wakes bigint not null default 0,
  lease_owner uuid,
  lease_until timestamptz,
  paused_until timestamptz,
  pause_reason text,
  -- The pause is for background work; part of the limits is kept for people.
  pause_spares_people boolean not null default false,
  failures integer not null default 0,
  webhook_heard_at timestamptz,
  last_push_at timestamptz,
  last_pull_at timestamptz,
  last_sweep_at timestamptz,
  next_sweep_at timestamptz not null,
  -- Null until the contacts have been read whole since the last connecting: nothing is created in
  -- Xero before that, so that who is there already is found.
  contacts_known_at timestamptz,
  primary key (provider_id, xero_org_id)
);
-- An organisation may have served another provider before; one lane of it runs.
create unique index lanes_running on lanes (xero_org_id) where state = 'running';
create index lanes_due on lanes (wake_at) where state = 'running';
call protect('lanes');

-- How far each kind of row has been read. While a walk is on, `position` is the instant it has
-- reached (inclusive) and `page` the page from there.
create table cursors (
  provider_id uuid not null references providers,
  xero_org_id uuid not null,
  resource text not null check (resource in ('contacts', 'invoices', 'payments')),
  -- Everything changed up to here has been read; null: nothing yet, so the first walk reads all.
  read_until timestamptz,
  walking boolean not null,
  position timestamptz,
  page integer not null default 1,
  newest_seen timestamptz,
  rows_read integer not null default 0,
  primary key (provider_id, xero_org_id, resource),
  foreign key (provider_id, xero_org_id) references lanes
);
call protect('cursors');

-- What Xero's webhooks say has changed: one row per paper or contact, however often it was said.
-- `heard` grows with each repetition; a reader removes the row only if it has not grown meanwhile.
create table notices (
  provider_id uuid not null references providers,
  xero_org_id uuid not null,
  kind text not null check (kind in ('contact', 'invoice')),
  resource_id uuid not null,
  event_at timestamptz not null,
  first_heard_at timestamptz not null,
  heard bigint not null,
  attempts integer not null default 0,
  primary key (provider_id, xero_org_id, kind, resource_id),
  foreign key (provider_id, xero_org_id) references lanes
);
create index notices_waiting on notices (provider_id, xero_org_id, kind, first_heard_at);
call protect('notices');

-- Learner and contact: the gap between `wanted_revision` and `pushed_revision` is the work to do.
create table contact_links (
  provider_id uuid not null references providers,
  xero_org_id uuid not null,
  learner_id uuid not null,
  contact_id uuid,
  contact_status text check (contact_status in ('active', 'archived', 'erasing', 'merged')),
  wanted_revision integer not null,
  pushed_revision integer,
  -- The fields both sides last agreed on, and the contact's fields as last seen.
  base jsonb,
  seen jsonb,
  contact_changed_at timestamptz,
  -- Null: Sync to Xero is off or the organisation is disconnected, so nothing is sent.
  standing text check (standing in ('waiting', 'in-step', 'blocked', 'undecided')),
  reasons jsonb not null default '[]',
  -- The contact's name bears the learner number, since the plain one was taken.
  numbered_name boolean not null default false,
  attempts integer not null default 0,
  next_attempt_at timestamptz not null,
  -- Set before a contact is created, cleared when the answer is known: in between it may exist.
  uncertain_since timestamptz,
  last_attempt_at timestamptz,
  last_pushed_at timestamptz,
  -- Someone is waiting in front of a page.
  urgent boolean not null default false,
  -- The contact's papers are still to be read.
  papers_due boolean not null default false,
  primary key (provider_id, xero_org_id, learner_id),
  foreign key (provider_id, xero_org_id) references lanes
);
create unique index contact_links_by_contact on contact_links (provider_id, xero_org_id, contact_id)
  where contact_id is not null;
create index contact_links_of_learner on contact_links (provider_id, learner_id);
create index contact_links_gaps on contact_links (provider_id, xero_org_id, next_attempt_at)
  where standing = 'waiting' or uncertain_since is not null;
create index contact_links_papers_due on contact_links (provider_id, xero_org_id) where papers_due;
create index contact_links_standing on contact_links (provider_id, xero_org_id, standing);
call protect('contact_links');
