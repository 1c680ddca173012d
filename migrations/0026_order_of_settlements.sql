-- The place of a payment or an allocation in Xero's list on its paper. Of those of one day it tells
-- the order; Xero gives no time of day.
alter table payments add column position integer not null default 0;
alter table allocations add column position integer not null default 0;
