import { copyFile, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newId } from '#platform/ids';
import { MIGRATIONS_FOLDER, migrate } from '#platform/migrate';
import { createEmptyDatabase, type TestDatabase } from '../../test/world/database.ts';

const STEP = '0037_shown_emails.sql';
const MADE_AT = '2026-03-02T01:00:00Z';
const PROVIDER = newId();

let database: TestDatabase;
let folder: string;
let client: pg.Client;

/** A database as it was before Bursar told apart whose e-mails were shown to be theirs. */
beforeAll(async () => {
  database = await createEmptyDatabase();
  folder = await mkdtemp(join(tmpdir(), 'bursar-migrate-'));
  const earlier = (await readdir(MIGRATIONS_FOLDER)).filter((name) => name < STEP);
  for (const name of earlier) await copyFile(join(MIGRATIONS_FOLDER, name), join(folder, name));
  await migrate(database.ownerUrl, { folder });
  client = new pg.Client({ connectionString: database.ownerUrl });
  await client.connect();
  await client.query(
    `insert into providers (provider_id, name, country, time_zone, created_at)
     values ($1, 'Harbour', 'AU', 'UTC', now())`,
    [PROVIDER],
  );
});
afterAll(async () => {
  await client.end();
  await rm(folder, { recursive: true });
  await database.drop();
});

async function addPerson(name: string, isShown: boolean): Promise<void> {
  await client.query(
    `insert into auth."user" ("id", "name", "email", "emailVerified", "createdAt")
     values ($1, $1, $1 || '@harbour.example', $2, $3)`,
    [name, isShown, MADE_AT],
  );
}

async function noteAdded(personId: string, actor: 'bursar' | 'person'): Promise<void> {
  await client.query(
    `insert into events (provider_id, id, at, kind, actor, subject_kind, subject_id, data)
     values ($1, $2, now(), 'member.added', $3, 'person', $4, '{}')`,
    [PROVIDER, newId(), { kind: actor, name: 'Somebody' }, personId],
  );
}

async function mailInvitation(name: string, sentAt: string): Promise<void> {
  await client.query(
    `insert into mails (provider_id, id, recipients, subject, text, once_key, state, queued_at,
       due_at, sent_at)
     values ($1, $2, $3, 'Come', 'Come', $4, 'sent', $5, $5, $5)`,
    [PROVIDER, newId(), [`${name}@harbour.example`], `member-invitation:${newId()}`, sentAt],
  );
}

test('an upgrade keeps as shown only the e-mails that a mail or those who run Bursar vouch for', async () => {
  await addPerson('claimed', true);
  await noteAdded('claimed', 'person');
  await noteAdded('claimed', 'bursar');
  await mailInvitation('claimed', '2026-03-02T02:00:00Z');
  await addPerson('operated', true);
  await noteAdded('operated', 'bursar');
  await addPerson('mailed', true);
  await noteAdded('mailed', 'person');
  await mailInvitation('mailed', '2026-03-02T00:00:00Z');
  await addPerson('by-xero', false);
  await noteAdded('by-xero', 'person');

  await migrate(database.ownerUrl);

  const { rows } = await client.query<{ id: string }>(
    `select "id" from auth."user" where "emailVerified" order by "id"`,
  );
  expect(rows.map(({ id }) => id)).toEqual(['by-xero', 'mailed', 'operated']);
});
