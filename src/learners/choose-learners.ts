import { sql } from 'kysely';
import type { LearnerId } from '#contract/ids';
import { displayName } from '#contract/learners';
import type { Tx } from '#platform/database';
import type { Scope } from '#platform/scope';
import { criteriaOf, planSearch } from './learner-search.ts';

/** Learners by id, resting ones too, or all that the list shows under a filter. */
export type Choice =
  | { ids: readonly LearnerId[] }
  | {
      filter: {
        search?: string | undefined;
        active?: boolean | undefined;
        syncToXero?: boolean | undefined;
        owing?: boolean | undefined;
        campus?: string | undefined;
      };
    };

/** Days on which learners were changed last, in the calendar of a time zone; null: any. */
export interface ChangedBetween {
  from: string | null;
  to: string | null;
  timeZone: string;
}

/** Someone chosen, as far as a list of work needs to know. */
export interface ChosenLearner {
  id: LearnerId;
  learnerNumber: string;
  name: string;
  campus: string | null;
}

interface Row {
  id: string;
  learner_number: string;
  first_name: string | null;
  last_name: string | null;
  preferred_name: string | null;
  campus: string | null;
}

/** Everyone of a choice who is here, ordered by id; at most `max` and one more, if there are more. */
export async function chooseLearners(
  tx: Tx,
  scope: Scope,
  choice: Choice,
  max: number,
  changed?: ChangedBetween,
): Promise<ChosenLearner[]> {
  const conditions = [sql`l.provider_id = ${scope.providerId}`];
  let joins = sql``;
  if ('ids' in choice) {
    conditions.push(sql`l.id = any(${[...choice.ids]}::uuid[])`);
  } else {
    conditions.push(sql`l.merged_into is null`);
    const { search = '', active, syncToXero, owing = null, campus = null } = choice.filter;
    if (active !== undefined) conditions.push(sql`l.is_active = ${active}`);
    if (syncToXero !== undefined) conditions.push(sql`l.sync_to_xero = ${syncToXero}`);
    const plan = await planSearch(tx, criteriaOf(scope, { search, owing, campus }));
    if (plan.way === 'collect') conditions.push(sql`l.id = any(${plan.ids}::uuid[])`);
    const probes = plan.probes.map(
      (probe, index) => sql`cross join lateral (${probe} limit 1) ${sql.ref(`probe${index}`)}`,
    );
    if (probes.length > 0) joins = sql.join(probes, sql` `);
  }
  if (changed) {
    const { from, to, timeZone } = changed;
    if (from) {
      conditions.push(sql`l.updated_at >= ${from}::date::timestamp at time zone ${timeZone}`);
    }
    if (to) {
      conditions.push(sql`l.updated_at < (${to}::date + 1)::timestamp at time zone ${timeZone}`);
    }
  }
  const found = await sql<Row>`
    select l.id, l.learner_number, l.first_name, l.last_name, l.preferred_name, l.campus
    from learners l ${joins} where ${sql.join(conditions, sql` and `)}
    order by l.id limit ${max + 1}`.execute(tx);
  return found.rows.map((row) => ({
    id: row.id as LearnerId,
    learnerNumber: row.learner_number,
    name: displayName({
      firstName: row.first_name,
      lastName: row.last_name,
      preferredName: row.preferred_name,
    }),
    campus: row.campus,
  }));
}
