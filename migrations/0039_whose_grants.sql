-- Which app at which Xero a permission is of. Another app's settings, or an emulator in the place of
-- Xero, know nothing of its tokens: their refusal says nothing about it. Null: it was last renewed
-- by an older Bursar, and is of whoever renews it next.
alter table grants
  add column client_id text,
  add column issuer text,
  add constraint grants_whose_check check ((client_id is null) = (issuer is null));
