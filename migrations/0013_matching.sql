-- Matching ------------------------------------------------------------------------------------

-- The contacts of an organisation, as far as telling people apart needs them. Kept fresh by
-- whatever reads contacts, erased when the organisation is disconnected.
create table xero_contacts (
  provider_id uuid not null references providers,
  xero_org_id uuid not null,
  contact_id uuid not null,
  name text not null,
  first_name text,
  last_name text,
  email text,
  phones text[] not null,
  code text,
  status text not null check (status in ('active', 'archived', 'erasing', 'merged')),
  -- Of all the above: what differs is news.
  hash text collate "C" not null,
  -- Name, code and e-mail folded, for looking somebody up by hand.
  search text collate "C" not null,
  changed_at timestamptz,
  primary key (provider_id, xero_org_id, contact_id),
  foreign key (provider_id, xero_org_id) references lanes
);
call protect('xero_contacts');

-- The keys under which a contact could be somebody: code, e-mail, folded name, phone.
create table xero_contact_keys (
  provider_id uuid not null references providers,
  xero_org_id uuid not null,
  key text collate "C" not null,
  contact_id uuid not null,
  primary key (provider_id, xero_org_id, key, contact_id),
  foreign key (provider_id, xero_org_id, contact_id) references xero_contacts on delete cascade
);
create index xero_contact_keys_of_contact
  on xero_contact_keys (provider_id, xero_org_id, contact_id);
call protect('xero_contact_keys');

-- Where the matching of an organisation stands. While it is `proposing` or `open` nothing is
-- written to that organisation; `none`: there was nobody to match when its contacts became known.
create table matchings (
  provider_id uuid not null references providers,
  xero_org_id uuid not null,
  state text not null check (state in ('proposing', 'open', 'approved', 'none')),
  -- Goes up with every change of a proposal: who approves names the one they looked at.
  version integer not null default 1,
  -- A contact has changed, so proposals are to be made anew.
  dirty boolean not null default false,
  proposed_at timestamptz,
  approved_at timestamptz,
  approved_by text,
  primary key (provider_id, xero_org_id),
  foreign key (provider_id, xero_org_id) references lanes
);
call protect('matchings');

-- One per learner to be matched, until the matching is approved.
create table match_proposals (
  provider_id uuid not null references providers,
  xero_org_id uuid not null,
  learner_id uuid not null,
  learner_number text not null,
  learner_name text not null,
  name_sort text collate "C" not null,
  -- What the proposal was made from; a learner or contact that differs asks for a new one.
  learner_revision integer not null,
  contact_hash text collate "C",
  grouping text not null check (grouping in ('safe', 'decide', 'create')),
  -- Null: a person has to decide.
  decision text check (decision in ('link', 'create', 'leave-out')),
  contact_id uuid,
  replaces_code boolean not null default false,
  candidates jsonb not null,
  accepted boolean not null default false,
  decided_by text,
  -- It was accepted or decided, and then the learner or the contact was changed.
  is_renewed boolean not null default false,
  row_version integer not null default 1,
  primary key (provider_id, xero_org_id, learner_id),
  foreign key (provider_id, xero_org_id) references matchings on delete cascade,
  check ((contact_id is not null) = (decision is not distinct from 'link')),
  check (decision is not null or not accepted)
);
create index match_proposals_by_group
  on match_proposals (provider_id, xero_org_id, grouping, name_sort, learner_id);
-- A contact is proposed to one learner at most.
create unique index match_proposals_by_contact
  on match_proposals (provider_id, xero_org_id, contact_id) where contact_id is not null;
call protect('match_proposals');

alter table contact_links
  -- Nobody has looked yet whether a contact of theirs is there, or a person has to decide.
  add column match_due boolean not null default true,
  -- The contact bears another code, and somebody said that the learner number takes its place.
  add column replaces_code boolean not null default false;
update contact_links set match_due = contact_id is null and uncertain_since is null;
create index contact_links_to_match on contact_links (provider_id, xero_org_id, learner_id)
  where match_due and contact_id is null;

-- Organisations known so far have their contacts read whole once more.
insert into matchings (provider_id, xero_org_id, state)
select provider_id, xero_org_id, 'none' from lanes where contacts_known_at is not null;
update lanes set contacts_known_at = null, next_sweep_at = '1970-01-01T00:00:00Z';
update cursors set read_until = null, walking = false, position = null, page = 1
where resource = 'contacts';
