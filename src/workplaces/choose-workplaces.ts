import { sql } from 'kysely';
import type { WorkplaceId } from '#contract/ids';
import type { Tx } from '#platform/database';
import type { Scope } from '#platform/scope';
import { filterConditions, type WorkplaceFilter } from './workplace-list.ts';

/** Workplaces by id, or all that the list shows under a filter. */
export type Choice = { ids: readonly WorkplaceId[] } | { filter: WorkplaceFilter };

/** Days on which they were changed last, in the calendar of a time zone; null: any. */
interface ChangedBetween {
  from: string | null;
  to: string | null;
  timeZone: string;
}

/** One chosen, as far as a list of work needs to know. */
interface ChosenWorkplace {
  id: WorkplaceId;
  workplaceNumber: string;
  name: string;
  campus: string | null;
}

/** Each of a choice that is here, ordered by id; at most `max` and one more, if there are more. */
export async function chooseWorkplaces(
  tx: Tx,
  scope: Scope,
  choice: Choice,
  max: number,
  changed: ChangedBetween,
): Promise<ChosenWorkplace[]> {
  const conditions =
    'ids' in choice
      ? [sql`w.provider_id = ${scope.providerId}`, sql`w.id = any(${[...choice.ids]}::uuid[])`]
      : filterConditions(scope, choice.filter);
  const { from, to, timeZone } = changed;
  if (from) {
    conditions.push(sql`w.updated_at >= ${from}::date::timestamp at time zone ${timeZone}`);
  }
  if (to) {
    conditions.push(sql`w.updated_at < (${to}::date + 1)::timestamp at time zone ${timeZone}`);
  }
  const found = await sql<{ id: WorkplaceId; number: string; name: string; campus: string | null }>`
    select w.id, w.workplace_number as number, w.name, w.campus
    from workplaces w where ${sql.join(conditions, sql` and `)}
    order by w.id limit ${max + 1}`.execute(tx);
  return found.rows.map(({ number, ...row }) => ({ ...row, workplaceNumber: number }));
}
