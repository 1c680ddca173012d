-- Proof that both ledgers agree ---------------------------------------------------------------

-- Every paper that was met while reading, whoever's it is: by these, counts on both sides are
-- compared without reading the papers again.
create table paper_marks (
  provider_id uuid not null references providers,
  xero_org_id uuid not null,
  kind text not null check (kind in ('invoice', 'credit-note', 'prepayment', 'overpayment')),
  xero_id uuid not null,
  contact_id uuid not null,
  is_sale boolean not null,
  changed_at timestamptz not null,
  read_at timestamptz not null,
  primary key (provider_id, xero_org_id, kind, xero_id),
  foreign key (provider_id, xero_org_id) references lanes
);
create index paper_marks_changed on paper_marks (provider_id, xero_org_id, kind, changed_at);
create index paper_marks_of_contact on paper_marks (provider_id, xero_org_id, contact_id);
call protect('paper_marks');

-- Since when marks are complete: every paper of the kind changed from then on has one.
-- `-infinity` once all of them were walked.
create table paper_coverage (
  provider_id uuid not null references providers,
  xero_org_id uuid not null,
  kind text not null check (kind in ('invoice', 'credit-note', 'prepayment', 'overpayment')),
  known_from timestamptz not null,
  primary key (provider_id, xero_org_id, kind),
  foreign key (provider_id, xero_org_id) references lanes
);
call protect('paper_coverage');

create table agreement_checks (
  provider_id uuid not null references providers,
  id uuid primary key,
  xero_org_id uuid not null,
  -- Null: the nightly one.
  asked_by jsonb,
  -- counts: numbers of papers changed since some instants; everything: paper by paper
  way text not null check (way in ('counts', 'everything')),
  step text not null check (step in ('counting', 'looking-again', 'comparing', 'done')),
  begun_at timestamptz not null,
  finished_at timestamptz,
  verdict text check (verdict in ('agreed', 'mended', 'differs')),
  calls integer not null default 0,
  papers integer not null default 0,
  -- What is left to compare, and how far that has come.
  position jsonb not null default '{}',
  differences jsonb not null default '[]',
  difference_count integer not null default 0,
  foreign key (provider_id, xero_org_id) references lanes,
  check ((step = 'done') = (finished_at is not null)),
  check ((verdict is null) = (finished_at is null))
);
create index agreement_checks_newest
  on agreement_checks (provider_id, xero_org_id, begun_at desc);
create unique index agreement_checks_open on agreement_checks (provider_id, xero_org_id)
  where finished_at is null;
call protect('agreement_checks');

-- What a comparison of everything added up, by learner, kind, state and currency.
create table agreement_sums (
  provider_id uuid not null references providers,
  check_id uuid not null references agreement_checks on delete cascade,
  learner_id uuid not null,
  kind text not null,
  status text not null,
  currency text not null,
  ours_count integer not null default 0,
  ours_total_minor bigint not null default 0,
  ours_due_minor bigint not null default 0,
  theirs_count integer not null default 0,
  theirs_total_minor bigint not null default 0,
  theirs_due_minor bigint not null default 0,
  primary key (provider_id, check_id, learner_id, kind, status, currency)
);
create index agreement_sums_of_check on agreement_sums (check_id);
call protect('agreement_sums');

-- When the two ledgers are to be compared again.
alter table lanes add column next_agreement_at timestamptz;
