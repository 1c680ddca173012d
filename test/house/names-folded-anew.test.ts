import fc from 'fast-check';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { emptyAddress } from '#contract/learners';
import { foldEmail, foldLetters } from '#platform/folding';
import { readMigrations } from '#platform/migrate';
import * as learner from '../../src/learners/learner.ts';
import { foldContact, keysOf } from '../../src/sync/matching/match-person.ts';
import * as workplace from '../../src/workplaces/workplace.ts';
import { type BeforeMigration, databaseBefore } from '../world/before-migration.ts';

// What a database has kept of names before folding changed is, after the migration, what the
// program would keep of them now.

const MIGRATION = '0035_names_folded_anew.sql';
const OF_SCRIPTS = 'नीनाकुमार्भँ คำแก้วมานี がぎパｶﾞﾊﾟー 가나힣각 அமீரா އަލީ 𑄌𑄋';
const signs = fc.constantFrom(
  ...OF_SCRIPTS,
  ...' -’.,()/&・।"',
  ...'aÉßØİłŁΞЙ',
  '\u3099',
  '\u0301',
);
const name = fc.string({ unit: signs, minLength: 1, maxLength: 14 });
const SAMPLES = 150;
const names = (seed: number) => fc.sample(name, { seed, numRuns: SAMPLES });
const [firsts, lasts, titles] = [names(1), names(2), names(3)] as const;
const uuid = (at: number) => `00000000-0000-4000-8000-${String(at).padStart(12, '0')}`;
const PROVIDER = uuid(0);

const learners = [...firsts.keys()].map((at) => ({
  id: uuid(at + 1),
  firstName: firsts[at] ?? null,
  middleName: null,
  lastName: lasts[at] ?? null,
  preferredName: at % 3 === 0 ? (titles[at] ?? null) : null,
  learnerNumber: at % 10 === 0 ? `ガ${at}` : `L${at}`,
  refExternal: at % 7 === 0 ? `0ガ ${at}` : null,
  email: `Some${at}@Example.com`,
  dateOfBirth: at % 2 === 0 ? '2001-02-03' : null,
}));
const workplaces = [...titles.keys()].map((at) => ({
  ...workplace.emptyWorkplace,
  id: uuid(at + 1),
  workplaceNumber: `WP-${String(at).padStart(5, '0')}`,
  name: `${titles[at]} Pty Ltd`,
  legalName: at % 2 === 0 ? (lasts[at] ?? null) : null,
  contactFirstName: firsts[at] ?? null,
  email: `office${at}@example.com`,
}));
const contacts = [...titles.keys()].map((at) => ({
  contactId: uuid(at + 1),
  name: at % 4 === 0 ? `${titles[at]} (2)` : (titles[at] ?? ''),
  firstName: at % 2 === 0 ? (firsts[at] ?? null) : null,
  lastName: at % 2 === 0 ? (lasts[at] ?? null) : null,
  email: `Contact${at}@Example.com`,
  phones: [],
  code: at % 10 === 0 ? `ガ ${at}` : null,
  status: 'active' as const,
}));
/** Scripts of which some signs are folded otherwise now. */
const OF_AFFECTED = /[\u0780-\u0e7f\u3040-\u30ff\uac00-\ud7a3\uff66-\uff9f]/;
const PLAIN_ID = uuid(900_000);

let database: BeforeMigration;
let client: pg.Client;

beforeAll(async () => {
  database = await databaseBefore(MIGRATION);
  client = database.client;
  await fill();
  await database.migrate();
}, 60_000);
afterAll(() => database?.close());

const put = (table: string, rows: readonly object[]) =>
  client.query(
    `insert into ${table} select (jsonb_populate_recordset(null::${table}, $1::jsonb)).*`,
    [JSON.stringify(rows)],
  );

async function fill(): Promise<void> {
  // Only what is folded matters here, not what else belongs to it.
  await client.query("set session_replication_role = 'replica'");
  await client.query(
    `insert into providers (provider_id, name, created_at) values ($1, 'One', '2026-01-01')`,
    [PROVIDER],
  );
  const made = { created_at: '2026-01-01', updated_at: '2026-01-01', provider_id: PROVIDER };
  const shared = {
    ...made,
    revision: 1,
    street_address: emptyAddress,
    postal_address: emptyAddress,
    is_active: true,
    sync_to_xero: false,
    name_sort: 'stale',
  };
  const plain = { ...learners[0], id: PLAIN_ID, firstName: 'Zoë', lastName: 'Ng' };
  const rows = [
    ...learners,
    { ...plain, preferredName: null, learnerNumber: 'L-plain', refExternal: null },
  ];
  await put(
    'learners',
    rows.map((one) => ({
      ...shared,
      id: one.id,
      first_name: one.firstName,
      middle_name: one.middleName,
      last_name: one.lastName,
      preferred_name: one.preferredName,
      learner_number: one.learnerNumber,
      number_key: `stale ${one.id}`,
      number_sort: 'stale',
      ref_external: one.refExternal,
      email: one.email,
      date_of_birth: one.dateOfBirth,
    })),
  );
  await put(
    'learner_identities',
    rows.flatMap(({ id }) =>
      ['name stale', 'birth stale 2001-02-03'].map((identity) => ({
        provider_id: PROVIDER,
        learner_id: id,
        identity,
      })),
    ),
  );
  await put(
    'workplaces',
    workplaces.map((one) => ({
      ...shared,
      id: one.id,
      workplace_number: one.workplaceNumber,
      number_key: one.workplaceNumber,
      name: one.name,
      legal_name: one.legalName,
      contact_first_name: one.contactFirstName,
      email: one.email,
    })),
  );
  const org = { provider_id: PROVIDER, xero_org_id: PROVIDER };
  await put(
    'xero_contacts',
    contacts.map((one) => ({
      ...org,
      contact_id: one.contactId,
      name: one.name,
      first_name: one.firstName,
      last_name: one.lastName,
      email: one.email,
      phones: [],
      code: one.code,
      status: one.status,
      hash: 'x',
      search: 'stale',
    })),
  );
  await put(
    'xero_contact_keys',
    contacts.flatMap((one) =>
      [`e ${foldEmail(one.email)}`, 'n stale'].map((key) => ({
        ...org,
        contact_id: one.contactId,
        key,
      })),
    ),
  );
  await put('matchings', [{ ...org, state: 'approved', version: 1, dirty: false }]);
}

async function kept(table: string, id: string, text: string): Promise<Map<string, string[]>> {
  const { rows } = await client.query<{ id: string; texts: string[] }>(
    `select ${id} as id, array_agg(${text}) as texts from ${table} group by 1`,
  );
  return new Map(rows.map((row) => [row.id, row.texts.toSorted()]));
}

/** Letters with a spelling of their own, which were and are folded alike. */
const SPECIAL = /[ßæœøđðłþħı]/iu;

/** How it was folded before: every mark was taken away. */
function foldedBefore(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(/\p{M}+/gu, '');
}

describe('after the migration', () => {
  it('learners are found, and known again, by what the program makes of their names', async () => {
    const identities = await kept('learner_identities', 'learner_id', 'identity');
    const tokens = await kept('learner_tokens', 'learner_id', 'token');
    const sorts = await kept('learners', 'id', 'name_sort');
    const keys = await kept('learners', 'id', 'number_key');
    let seen = 0;
    for (const one of learners) {
      const { firstName, lastName, learnerNumber } = one;
      if (!OF_AFFECTED.test(`${firstName}${lastName}`)) continue;
      seen += 1;
      expect(identities.get(one.id)).toEqual(learner.identitiesOf(one).toSorted());
      const made = learner.searchTokens({ ...one, email: null, learnerNumber: '' });
      // Digits are what they were.
      const folded = made.filter((token) => !/^\d+$/.test(token));
      expect(tokens.get(one.id)).toEqual(expect.arrayContaining(folded));
      expect(sorts.get(one.id)).toEqual([learner.sortKeys(one).name]);
      if (OF_AFFECTED.test(learnerNumber)) {
        expect(keys.get(one.id)).toEqual([learner.numberKey(learnerNumber)]);
      }
    }
    expect(seen).toBeGreaterThan(SAMPLES / 2);
  });

  it('so are workplaces', async () => {
    const tokens = await kept('workplace_tokens', 'workplace_id', 'token');
    const sorts = await kept('workplaces', 'id', 'name_sort');
    for (const one of workplaces) {
      if (!OF_AFFECTED.test(one.name)) continue;
      const made = [
        ...workplace.searchTokens({ ...one, email: null, workplaceNumber: '' }),
        ...workplace.identitiesOf({ ...one, email: null }),
      ];
      expect(tokens.get(one.id)).toEqual(expect.arrayContaining(made));
      expect(sorts.get(one.id)).toEqual([workplace.nameSortOf(one.name)]);
    }
  });

  it('contacts stand under the keys that the program looks for', async () => {
    const keys = await kept('xero_contact_keys', 'contact_id', 'key');
    const searches = await kept('xero_contacts', 'contact_id', 'search');
    for (const one of contacts) {
      if (!OF_AFFECTED.test(one.name)) continue;
      expect(keys.get(one.contactId)).toEqual([...new Set(keysOf(foldContact(one)))].toSorted());
      const search = [foldLetters(one.name), foldLetters(one.code ?? ''), foldEmail(one.email)];
      expect(searches.get(one.contactId)).toEqual([search.filter(Boolean).join(' ')]);
    }
  });

  it('what was folded the same before is left alone, and matches are looked at again', async () => {
    const identities = await kept('learner_identities', 'learner_id', 'identity');
    expect(identities.get(PLAIN_ID)).toEqual(['birth stale 2001-02-03', 'name stale']);
    const { rows } = await client.query('select dirty, looked_at_to from matchings');
    expect(rows).toEqual([{ dirty: true, looked_at_to: null }]);
  });

  it('no text is left alone that is folded otherwise now', async () => {
    const { text } = (await readMigrations()).find((one) => one.name === MIGRATION) ?? { text: '' };
    const [, regex = ''] = /given ~ '([^']+)'/.exec(text) ?? [];
    const all = Array.from({ length: 0x2_0000 }, (_, at) => String.fromCodePoint(at));
    const signs = all.filter(
      (sign) => !/^[\0\p{Cs}\p{Cn}]$/u.test(sign) && !SPECIAL.test(sign.normalize('NFKD')),
    );
    const differing = signs.filter((sign) => foldedBefore(sign) !== foldLetters(sign));
    expect(differing.length).toBeGreaterThan(1_000);
    const { rows } = await client.query<{ given: string }>(
      'select given from unnest($1::text[]) as given where not given ~ $2',
      [differing, regex],
    );
    expect(rows.map((row) => row.given)).toEqual([]);
  });
});
