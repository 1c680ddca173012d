-- Mails, stored in the transaction of what they tell of and sent later by a worker. The text is
-- forgotten once it is sent, since it may hold a link that lets somebody in.
create table mails (
  provider_id uuid not null references providers,
  id uuid primary key,
  recipients text[] not null check (cardinality(recipients) between 1 and 50),
  subject text not null check (length(subject) between 1 and 200),
  text text not null check (length(text) <= 50000),
  once_key text not null check (length(once_key) between 1 and 200),
  state text not null default 'queued' check (state in ('queued', 'sent', 'failed')),
  attempts integer not null default 0,
  last_error text,
  queued_at timestamptz not null,
  /* When it is tried next, and while it is being tried: when another worker may take it over. */
  due_at timestamptz not null,
  sent_at timestamptz,
  unique (provider_id, once_key)
);
create index mails_newest on mails (provider_id, id);
create index mails_due on mails (due_at) where state = 'queued';
call protect('mails');
