-- What Xero said of a paper when it was last read, beside when it was changed: both sides can be
-- added up each night without a call, and a copy that was changed here by itself shows itself.
-- Null where the paper is of nobody here, or was last read by an older Bursar.
alter table paper_marks
  add column status text,
  add column currency text,
  add column total_minor bigint,
  add column due_minor bigint;
update paper_marks mark
  set status = paper.status, currency = paper.currency, total_minor = paper.total_minor,
    due_minor = paper.due_minor + paper.remaining_minor
  from documents paper
  where paper.provider_id = mark.provider_id and paper.xero_org_id = mark.xero_org_id
    and paper.kind = mark.kind and paper.xero_id = mark.xero_id;
