import type pg from 'pg';
import { SetupError } from './setup-error.ts';

/** The oldest PostgreSQL whose roles can be told apart as ours are: by who may work as which. */
const OLDEST_POSTGRES = 16;

/**
 * The roles that Bursar works as; none can sign in. They belong to the whole server and so stand in
 * no dump of a database. Each with a table that is there once migrations have given it rights.
 */
const ROLES = {
  bursar_app: 'public.providers',
  bursar_system: 'public.providers',
  bursar_auth: 'auth.user',
  bursar_eraser: 'public.erased_providers',
} as const;
const ROLE_NAMES = Object.keys(ROLES);

/**
 * Ends a start on a server whose PostgreSQL is too old, before a migration fails on it half way.
 * @param version as in `server_version`, such as `15.4 (Debian)`
 * @throws SetupError `postgres_too_old`
 */
export function refuseOldPostgres(version: string): void {
  if (Number.parseInt(version, 10) >= OLDEST_POSTGRES) return;
  throw new SetupError(
    'postgres_too_old',
    `The database is PostgreSQL ${version} and Bursar needs ${OLDEST_POSTGRES} or newer: upgrade that server, or leave DATABASE_URL away to use the database that comes along.`,
  );
}

/**
 * Makes the roles that are missing on this server and lets the login work as them.
 *
 * @throws SetupError when the login may not, or when the database was put back from a dump before
 *   they were there: it has lost whom its tables were open to
 */
export async function ensureRoles(client: pg.Client): Promise<void> {
  await client.query(ENSURE).catch((cause: unknown) => {
    if ((cause as { code?: string }).code !== '42501') throw cause;
    throw new SetupError('roles_forbidden', FORBIDDEN, { cause });
  });
  const { rows } = await client.query<{ role: string }>(WITHOUT_RIGHTS, [
    ROLE_NAMES,
    Object.values(ROLES),
  ]);
  if (rows.length === 0) return;
  throw new SetupError(
    'restored_without_roles',
    `This database was put back from a dump before the roles were there that its tables are open to (${rows.map(({ role }) => role).join(', ')}), so nobody may read them. The roles are there now: put the dump back once more, into an empty database, and start again.`,
  );
}

const LIST = ROLE_NAMES.map((name) => `'${name}'`).join(', ');

const ENSURE = `do $$
declare role_name text;
begin
  foreach role_name in array array[${LIST}] loop
    if not exists (select from pg_roles where rolname = role_name) then
      begin
        execute format('create role %I nologin', role_name);
      exception when duplicate_object or unique_violation then null;
      end;
    end if;
    if not pg_has_role(current_user, role_name, 'set') then
      execute format('grant %I to current_user', role_name);
    end if;
  end loop;
end $$`;

const FORBIDDEN = `The login of DATABASE_URL may not make the roles that Bursar works as, or not work as them: have an administrator of the server run "alter role LOGIN createrole", and "grant ROLE to LOGIN" for each of ${ROLE_NAMES.join(', ')} that is there already.`;

/** Roles that nothing in this database names, though its tables are there. */
const WITHOUT_RIGHTS = `
  select role from unnest($1::text[], $2::text[]) as ours (role, witness)
  where to_regclass(witness) is not null and not exists (
    select from pg_shdepend d where d.refclassid = 'pg_authid'::regclass
      and d.refobjid = role::regrole
      and d.dbid = (select oid from pg_database where datname = current_database()))`;
