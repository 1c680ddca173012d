-- Contacts and papers belong to a party: a learner, or the workplace that pays for one.

alter table contact_links rename column learner_id to party_id;
alter table contact_links add column party_kind text not null default 'learner'
  check (party_kind in ('learner', 'workplace'));
alter index contact_links_of_learner rename to contact_links_of_party;

alter table documents rename column learner_id to party_id;
alter table documents add column party_kind text not null default 'learner'
  check (party_kind in ('learner', 'workplace'));
alter index documents_of_learner rename to documents_of_party;

update agreement_checks
  set differences = replace(differences::text, '"learnerId":', '"partyId":')::jsonb;
alter table agreement_sums rename column learner_id to party_id;

alter table match_proposals rename column learner_id to party_id;
alter table match_proposals rename column learner_number to party_number;
alter table match_proposals rename column learner_name to party_name;
alter table match_proposals rename column learner_revision to party_revision;
alter table match_proposals add column party_kind text not null default 'learner'
  check (party_kind in ('learner', 'workplace'));
