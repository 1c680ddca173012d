import type { Run } from './environment.ts';
import { placeOf } from './queries.ts';
import type { Row } from './tables.ts';

const refused = (kind: unknown, retryAt: unknown): Row => ({
  granted: false,
  kind,
  retry_at: retryAt,
});
const plus = (at: Date, milliseconds: number) => new Date(at.getTime() + milliseconds);
const later = (a: unknown, b: Date) => a instanceof Date && a > b;

/** `xero_claim_call` of the migrations, line by line; a test holds the two against each other. */
export function claimCall(given: Readonly<Record<string, unknown>>, run: Run): Row {
  const { org, lease } = given;
  const at = given.at as Date;
  const minuteWindow = Number(given.minute_window);
  const minuteLimit = Number(given.minute_limit);
  const budgets = locked(run, 'xero_budgets', { xero_org_id: org });
  let budget = budgets.row;
  if (later(budget.paused_until, at)) return refused(budget.pause_kind, budget.paused_until);

  const leases = rowsIn(run, 'xero_call_leases').filter((row) => row.xero_org_id === org);
  for (const row of leases) if (!later(row.until, at)) remove(run, row);
  const underWay = leases.filter((row) => later(row.until, at));
  if (underWay.length >= Number(given.in_flight_limit)) {
    const ends = underWay.map((row) => (row.until as Date).getTime());
    return refused('concurrent', new Date(Math.min(...ends, at.getTime() + 1_000)));
  }

  const windowStart = plus(at, -minuteWindow);
  const known = ((budget.recent_calls ?? []) as Date[])
    .filter((claimed) => claimed > plus(windowStart, -10_000))
    .sort((a, b) => a.getTime() - b.getTime());
  const recent = known.filter((claimed) => claimed > windowStart);
  const oldest = recent[recent.length - minuteLimit];
  if (oldest) return refused('local', plus(oldest, minuteWindow));

  if (later(budget.minute_seen_at, windowStart)) {
    const seenAt = budget.minute_seen_at as Date;
    const since = recent.filter((claimed) => claimed > seenAt).length;
    const isNone = budget.minute_left !== null && Number(budget.minute_left) - since <= 0;
    if (isNone) return refused('minute', plus(seenAt, minuteWindow));
  }
  const probeEvery = Number(given.day_probe_every);
  const isDayLow = budget.day_left !== null && Number(budget.day_left) <= Number(given.day_reserve);
  if (isDayLow && later(budget.day_seen_at, plus(at, -probeEvery))) {
    return refused('day', plus(budget.day_seen_at as Date, probeEvery));
  }

  const burst = Number(given.app_burst);
  const perSecond = Number(given.app_per_second);
  const app = locked(run, 'xero_app_budgets', { app: 'xero' }, { tokens: burst, filled_at: at });
  if (later(app.row.paused_until, at)) return refused('app', app.row.paused_until);
  const filledAt = app.row.filled_at as Date;
  const waited = Math.max(0, (at.getTime() - filledAt.getTime()) / 1_000);
  const tokens = Math.min(burst, Number(app.row.tokens) + perSecond * waited);
  if (tokens < 1) return refused('app', plus(at, ((1 - tokens) / perSecond) * 1_000));
  const { tables, tx } = run;
  const filled = filledAt > at ? filledAt : at;
  tables.write(app.place, { ...app.row, tokens: tokens - 1, filled_at: filled }, tx);

  insert(run, 'xero_call_leases', {
    id: lease,
    xero_org_id: org,
    until: plus(at, Number(given.lease_length)),
  });
  budget = budgets.place.pending ?? budget;
  const today = at.toISOString().slice(0, 10);
  const isToday = budget.used_on === today;
  const dayLeft = budget.day_left === null ? null : Number(budget.day_left);
  const after = {
    ...budget,
    recent_calls: [...known, at],
    used_on: today,
    calls_today: isToday ? Number(budget.calls_today) + 1 : 1,
    bytes_today: isToday ? budget.bytes_today : 0n,
    day_left: dayLeft !== null && dayLeft > 0 ? dayLeft - 1 : dayLeft,
  };
  tables.write(budgets.place, after, tx);
  return { granted: true, kind: null, retry_at: null };
}

function rowsIn({ tables, tx }: Run, name: string): Row[] {
  const table = tables.tables.get(name);
  return table ? tables.scan(table, tx) : [];
}

function insert({ tables, tx }: Run, name: string, given: Row): Row {
  const table = tables.tables.get(name);
  if (!table) throw new Error(`There is no table ${name}`);
  const row = tables.complete(table, given);
  return tables.insert(table, row, tx);
}

function remove({ tables, tx }: Run, row: Row): void {
  const place = placeOf(row);
  if (!place) return;
  tables.lock(place, tx);
  tables.remove(place, tx);
}

/** The row with this key, made if it is not there, and held. */
function locked(run: Run, name: string, key: Row, more: Row = {}) {
  const { tables, tx } = run;
  const table = tables.tables.get(name);
  if (!table) throw new Error(`There is no table ${name}`);
  const wanted = tables.complete(table, { ...key, ...more });
  const there = tables.conflicting(table, wanted, table.uniques, tx);
  const place = there ?? placeOf(tables.insert(table, wanted, tx));
  if (!place) throw new Error('A row without a place');
  tables.lock(place, tx);
  return { place, row: place.pending as Row };
}
