-- Several organisations per provider ------------------------------------------------------------

-- Where a learner studies, as the provider writes it, and folded for comparing.
alter table learners
  add column campus text,
  add column campus_key text collate "C",
  add check ((campus is null) = (campus_key is null));
create index learners_by_campus on learners (provider_id, campus_key, id)
  where campus_key is not null;

drop index one_live_connection_per_provider;

-- Which organisation a learner belongs to: the first rule that fits. The one at position 0 is the
-- default and fits whoever fits no other.
create table organisation_rules (
  provider_id uuid not null references providers,
  position integer not null check (position >= 0),
  campus text,
  campus_key text collate "C",
  xero_org_id uuid not null,
  primary key (provider_id, position),
  constraint organisation_rules_campus_once unique (provider_id, campus_key),
  check ((position = 0) = (campus_key is null)),
  check ((campus is null) = (campus_key is null))
);
call protect('organisation_rules');

-- Organisations that served a provider once and do no longer: their papers are shown, not counted.
create function former_organisations(provider uuid) returns uuid[]
language sql stable
as $$
  select coalesce(array_agg(distinct past.xero_org_id), '{}')
  from connections past
  where past.provider_id = provider
    and past.xero_org_id is not null
    and not exists (
      select from connections present
      where present.provider_id = provider
        and present.xero_org_id = past.xero_org_id
        and present.state in ('active', 'paused', 'needs-consent'))
$$;

-- Asking before activating ----------------------------------------------------------------------

alter table connections
  -- Who gave the consent, as Xero named them.
  add column xero_person text,
  -- While an organisation is still to be chosen: whether it comes beside those connected.
  add column joins_others boolean not null default false;

alter table connection_choices
  add column legal_name text,
  add column tax_number text,
  -- False where Xero would not describe the organisation: only its name is known.
  add column is_described boolean not null default true;

-- Links by which somebody else finishes a connection ---------------------------------------------

-- Only the hash of what stands in the link is kept.
create table connect_invitations (
  provider_id uuid not null references providers,
  id uuid primary key,
  app text not null check (app in ('xero')),
  token_hash bytea not null unique,
  asked_by jsonb not null,
  joins_others boolean not null,
  sent_to text,
  attempts integer not null default 0,
  -- How the last attempt ended, and who signed in to Xero then.
  last_outcome text,
  last_person text,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz,
  revoked_at timestamptz
);
create index connect_invitations_newest on connect_invitations (provider_id, created_at desc, id);
call protect('connect_invitations');

-- A consent may come of such a link; each browser that opens it gets one of its own.
alter table consents
  drop column invitation_hash,
  add column invitation_id uuid references connect_invitations on delete cascade,
  add column joins_others boolean not null default false;
create index consents_of_invitation on consents (invitation_id) where invitation_id is not null;
