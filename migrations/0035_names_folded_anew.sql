-- Those who wait for a person are looked at again after contacts changed, so many at a time: up to
-- whom a round has come that is under way.
alter table matchings add column looked_at_to uuid;

-- Folding takes away accents alone, no longer the vowels of scripts that write them as marks, nor
-- what makes one kana of another. What is kept folded of such texts is folded anew; of all others it
-- is as it was. `src/platform/folding.ts` does it from here on; how lists order the learner's number
-- follows with its next change.

create function pg_temp.is_affected(given text) returns boolean language sql immutable as $$
  select given ~ '[\u0700-\u1aaf\u1b00-\u1dbf\u2cef-\u2dff\u302a-\u302f\u3040-\u33ff\ua000-\ud7ff\uff66-\uff9f\U00010000-\U000e00ff]'
$$;
create function pg_temp.folded(given text) returns text language sql immutable as $$
  select normalize(
    replace(replace(replace(replace(
      translate(lower(translate(
        regexp_replace(normalize(given, NFKD),
          '[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\ufb1e\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u180b-\u180d\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef]',
          '', 'g'),
        'ẞÆŒØĐÐŁÞĦ', 'ßæœøđðłþħ')),
      'øđðłħı', 'oddlhi'),
    'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'), 'þ', 'th'),
  NFC)
$$;
create function pg_temp.pieces(given text) returns text[] language sql immutable as $$
  select coalesce(array_agg(piece order by place), '{}')
  from regexp_split_to_table(pg_temp.folded(given),
    '[\s\u0001-\u002f:-@\[-`{-\u00a9\u00ab-\u00b1\u00b4\u00b6-\u00b8\u00bb\u00bf\u00d7\u00f7\u0964\u0965\u0970\u0e3f\u0e4f\u0e5a\u0e5b\u2000-\u206f\u20a0-\u20cf\u2190-\u2bff\u2e00-\u2e7f\u3000-\u3004\u3008-\u3020\u3030\u303d\u30a0\u30fb\U0001f000-\U0001faff]+')
    with ordinality as split (piece, place)
  where piece <> ''
$$;
create function pg_temp.joined(given text) returns text language sql immutable as $$
  select normalize(array_to_string(pg_temp.pieces(given), ''), NFC)
$$;
create function pg_temp.code(given text) returns text language sql immutable as $$
  select regexp_replace(pg_temp.folded(given), '\s+', '', 'g')
$$;

-- Without the wall between providers: an owner who is no superuser would change nothing behind it.
alter table learners no force row level security;
alter table learner_tokens no force row level security;
alter table learner_identities no force row level security;
alter table workplaces no force row level security;
alter table workplace_tokens no force row level security;
alter table xero_contacts no force row level security;
alter table xero_contact_keys no force row level security;
alter table matchings no force row level security;

-- Learners: those merged into others are found by nothing of their own.
update learners set name_sort = left(concat_ws(' ; ',
    nullif(array_to_string(pg_temp.pieces(last_name), ' '), ''),
    nullif(array_to_string(pg_temp.pieces(first_name), ' '), '')), 60)
  where pg_temp.is_affected(concat_ws(' ', last_name, first_name));
update learners set number_key = pg_temp.code(learner_number)
  where pg_temp.is_affected(learner_number);

create temporary table affected_learners on commit drop as
  select id, provider_id, first_name, middle_name, last_name, preferred_name, date_of_birth,
    learner_number, ref_external, lower(btrim(normalize(email, NFKC))) as email,
    coalesce(pg_temp.joined(first_name), '') as first,
    coalesce(pg_temp.joined(last_name), '') as last
  from learners
  where merged_into is null and pg_temp.is_affected(concat_ws(' ',
    first_name, middle_name, last_name, preferred_name, learner_number, ref_external));

insert into learner_tokens (provider_id, learner_id, token)
  select distinct l.provider_id, l.id, left(made.token, 60)
  from affected_learners l,
    unnest(array[l.first_name, l.middle_name, l.last_name, l.preferred_name,
      l.learner_number, l.ref_external]) as given (words),
    lateral (
      select pg_temp.joined(word) from regexp_split_to_table(given.words, '\s+') as word
      union all select pg_temp.joined(given.words)
      union all select unnest(pg_temp.pieces(given.words))) as made (token)
  where given.words is not null and made.token <> ''
  on conflict do nothing;

-- Whoever somebody was merged into keeps what came from there.
delete from learner_identities i using affected_learners l
  where i.learner_id = l.id and l.first || l.last <> ''
    and i.identity ~ '^(name|birth|email|family) '
    and not exists (select from learners m where m.merged_into = l.id);
delete from learner_identities i using affected_learners l
  where i.learner_id = l.id and pg_temp.is_affected(l.ref_external) and i.identity ~ '^code '
    and not exists (select from learners m where m.merged_into = l.id);
insert into learner_identities (provider_id, learner_id, identity)
  select l.provider_id, l.id, made.identity
  from affected_learners l,
    unnest(array[
      case when l.first || l.last <> '' then 'name ' || l.last || ',' || l.first end,
      case when l.first || l.last <> '' then
        'birth ' || l.last || ',' || l.first || ' ' || to_char(l.date_of_birth, 'YYYY-MM-DD') end,
      case when l.first || l.last <> '' and l.email <> '' then
        'email ' || l.last || ',' || l.first || ' ' || l.email end,
      case when l.last <> '' and l.email <> '' then 'family ' || l.last || ' ' || l.email end,
      'code ' || nullif(regexp_replace(pg_temp.code(l.ref_external), '^0+(?=.)', ''), '')
    ]) as made (identity)
  where made.identity is not null
  on conflict do nothing;

-- Workplaces.
update workplaces set name_sort = left(array_to_string(pg_temp.pieces(name), ' '), 60)
  where pg_temp.is_affected(name);
create temporary table affected_workplaces on commit drop as
  select id, provider_id, name, legal_name, contact_first_name, contact_last_name
  from workplaces
  where pg_temp.is_affected(concat_ws(' ', name, legal_name, contact_first_name, contact_last_name));
delete from workplace_tokens t using affected_workplaces w
  where t.workplace_id = w.id and t.token ~ '^=name ';
insert into workplace_tokens (provider_id, workplace_id, token)
  select distinct w.provider_id, w.id, left(made.token, 60)
  from affected_workplaces w,
    unnest(array[w.name, w.legal_name, w.contact_first_name, w.contact_last_name])
      as given (words),
    lateral (
      select pg_temp.joined(given.words)
      union all select unnest(pg_temp.pieces(given.words))) as made (token)
  where given.words is not null and made.token <> ''
  on conflict do nothing;
insert into workplace_tokens (provider_id, workplace_id, token)
  select distinct w.provider_id, w.id, '=name ' || array_to_string(
    case when telling.pieces = '{}' then pg_temp.pieces(given.words) else telling.pieces end, '')
  from affected_workplaces w,
    unnest(array[w.name, w.legal_name]) as given (words),
    lateral (select array(
      select piece from unnest(pg_temp.pieces(given.words)) with ordinality as all_of (piece, place)
      where piece not in ('pty', 'ltd', 'limited', 'inc', 'llc', 'co', 'company', 'the')
      order by place)) as telling (pieces)
  where pg_temp.joined(given.words) <> ''
  on conflict do nothing;

-- Contacts of Xero, from what is kept of them.
update xero_contacts set search = concat_ws(' ', nullif(pg_temp.folded(name), ''),
    nullif(pg_temp.folded(code), ''), nullif(lower(btrim(normalize(email, NFKC))), ''))
  where pg_temp.is_affected(concat_ws(' ', name, code));
create temporary table affected_contacts on commit drop as
  select provider_id, xero_org_id, contact_id, code,
    pg_temp.joined(coalesce(
      nullif(regexp_replace(name, '\s*\([^()]*\)\s*$', ''), ''), name)) as whole,
    case when first_name <> '' and last_name <> '' then pg_temp.joined(first_name) end as first,
    case when first_name <> '' and last_name <> '' then pg_temp.joined(last_name) end as last
  from xero_contacts
  where status <> 'merged'
    and pg_temp.is_affected(concat_ws(' ', name, first_name, last_name, code));
delete from xero_contact_keys k using affected_contacts c
  where k.provider_id = c.provider_id and k.xero_org_id = c.xero_org_id
    and k.contact_id = c.contact_id
    and (k.key ~ '^n ' or k.key ~ '^c ' and pg_temp.is_affected(c.code));
insert into xero_contact_keys (provider_id, xero_org_id, key, contact_id)
  select distinct c.provider_id, c.xero_org_id, left(made.key, 200), c.contact_id
  from affected_contacts c,
    unnest(array['n ' || nullif(c.whole, ''), 'n ' || nullif(c.first || c.last, ''),
      'n ' || nullif(c.last || c.first, ''), 'c ' || nullif(pg_temp.code(c.code), '')])
      as made (key)
  where made.key is not null
  on conflict do nothing;

-- Who was taken for the same person by folding may be somebody else: all of it is looked at again.
update matchings set dirty = true;

alter table learners force row level security;
alter table learner_tokens force row level security;
alter table learner_identities force row level security;
alter table workplaces force row level security;
alter table workplace_tokens force row level security;
alter table xero_contacts force row level security;
alter table xero_contact_keys force row level security;
alter table matchings force row level security;

drop table affected_learners, affected_workplaces, affected_contacts;
drop function pg_temp.code(text), pg_temp.joined(text), pg_temp.pieces(text), pg_temp.folded(text),
  pg_temp.is_affected(text);
