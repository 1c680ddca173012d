-- Who may follow a link that lets a colleague connect Xero: anybody who has it, or members of the
-- provider alone, signed in.
alter table providers add column colleague_links text not null default 'anybody'
  check (colleague_links in ('anybody', 'members'));
