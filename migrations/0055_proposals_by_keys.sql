-- Under which keys whoever is proposed something stood when that was made, and whether it has to be
-- looked at again, since a contact under one of them was changed or somebody decided about it.
-- Those of before have no keys yet, so all of them are looked at once.
alter table match_proposals add column keys text[] collate "C" not null default '{}',
  add column touched boolean not null default true;
alter table matchings no force row level security;
update matchings set dirty = true where state = 'open';
alter table matchings force row level security;
