-- All papers of a learner: credit notes, prepayments and overpayments beside invoices, what they
-- are set against, and which payments were made as one.

-- What a credit note, prepayment or overpayment still has to give; 0 for invoices.
alter table documents add column remaining_minor bigint not null default 0;

-- Credit set against an invoice, as the credit tells it. The invoice may be one that we do not
-- have, so it is known by Xero's id.
create table allocations (
  provider_id uuid not null references providers,
  xero_org_id uuid not null,
  document_id uuid not null references documents on delete cascade,
  xero_id text not null,
  invoice_xero_id uuid not null,
  invoice_number text,
  date date,
  currency text not null,
  amount_minor bigint not null,
  primary key (document_id, xero_id)
);
create index allocations_of_invoice on allocations (provider_id, xero_org_id, invoice_xero_id);
call protect('allocations');

-- Which batch a payment was made in. Told apart from the payment's paper, so kept apart from it:
-- whichever is read first.
create table payment_batches (
  provider_id uuid not null references providers,
  xero_org_id uuid not null,
  payment_xero_id uuid not null,
  batch_xero_id uuid not null,
  primary key (provider_id, xero_org_id, payment_xero_id)
);
call protect('payment_batches');

alter table notices drop constraint notices_kind_check;
alter table notices add constraint notices_kind_check
  check (kind in ('contact', 'invoice', 'credit-note', 'prepayment', 'overpayment'));

-- Besides the sweeps of what changed, every kind of record is walked whole now and then: not every
-- change in Xero moves a record's date of change.
alter table cursors drop constraint cursors_resource_check;
alter table cursors add constraint cursors_resource_check check (resource in (
  'contacts', 'invoices', 'credit-notes', 'prepayments', 'overpayments', 'payments', 'batches', 'settings',
  'all-contacts', 'all-invoices', 'all-credit-notes', 'all-prepayments', 'all-overpayments'));
-- When this cursor is to walk (or take its next step) by itself, and how many walks in a row found
-- nothing: where little happens Xero is asked less often.
alter table cursors add column next_at timestamptz not null default '1970-01-01T00:00:00Z';
alter table cursors add column quiet_walks integer not null default 0;

-- The settings of an organisation's books as last read.
create table books (
  provider_id uuid not null references providers,
  xero_org_id uuid not null,
  settings jsonb not null,
  read_at timestamptz not null,
  changed_at timestamptz,
  primary key (provider_id, xero_org_id),
  foreign key (provider_id, xero_org_id) references lanes
);
call protect('books');
