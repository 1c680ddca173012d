-- What a change of a contact offered whose answer is not known: where Xero turns out to say it, it
-- was we who changed it, and nobody is asked about it.
alter table contact_links add column offered jsonb;
