-- Whether an invitation's link went by mail and was shown to nobody else. Only then has whoever
-- accepts it shown that the e-mail is theirs: a link that the inviter saw may have been used by the
-- inviter, in somebody else's name.
alter table member_invitations add column was_mailed boolean not null default false;

update member_invitations as invitation set was_mailed = true from mails
  where mails.provider_id = invitation.provider_id
    and mails.once_key = 'member-invitation:' || invitation.id;

-- Every account of an invitation used to count as shown. It stays so for whom those who run Bursar
-- added first, and for whom an invitation had been mailed before the account came to be. The others
-- had signed up with Xero, which shows whose its e-mails are.
with first_added as (
  select distinct on (subject_id) subject_id, actor ->> 'kind' as added_by from events
  where subject_kind = 'person' and kind = 'member.added'
  order by subject_id, seq
)
update auth."user" as person set "emailVerified" = not "emailVerified"
    or exists (select from first_added where subject_id = person.id and added_by = 'bursar')
    or exists (select from mails
      where once_key like 'member-invitation:%' and state = 'sent'
        and person.email = any (recipients) and sent_at <= person."createdAt");
