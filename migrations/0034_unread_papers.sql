-- Papers that Xero told in a form or state that is new to Bursar are looked for by the inbox, whose
-- count stands on every page; there are next to none of them.
create index paper_marks_unread on paper_marks (provider_id, xero_org_id) where status = 'unread';
