-- Whoever loses the right to invite takes their open invitations with them, so it is kept who made
-- one: the person, also where they did it with an API key.
alter table member_invitations add column invited_by_person text;
