import { afterAll, beforeAll, expect, it } from 'vitest';
import { ORGANISATION_IDS } from '../seeds/identity.ts';
import type { Emulator } from '../server.ts';
import { startEmulator } from '../testing.ts';
import { Oddities } from './oddities.ts';

/** Requests a door; the Accounting API has a test of its own. */
const REQUESTS_EACH = Number(process.env.EMULATOR_FUZZ ?? 8);
const SEED = 20261128;

const CONTROL = `/_emulator/organisations/${ORGANISATION_IDS.au}`;
const DESK = `/desk/${ORGANISATION_IDS.au}`;

/** Where JSON goes in, with what is read there. */
const JSON_DOORS: Readonly<Record<string, string>> = {
  '/_emulator/clock': 'set advanceMs speed stop start',
  '/_emulator/faults': 'path query method skip times probability seed effect',
  '/_emulator/switches': 'paymentEvents highVolumeRows',
  '/_emulator/limits': 'minute day concurrent appMinute',
  '/_emulator/consent': 'url user organisations decision',
  '/_emulator/organisations': 'name countryCode',
  '/_emulator/webhooks': 'url app key',
  '/_emulator/webhooks/switches': 'repeats dropNext isReordered maxEvents',
  '/_emulator/webhooks/subscription': 'type app',
  [`${CONTROL}/contacts`]: 'Name ContactNumber Phones',
  [`${CONTROL}/contacts/unknown/unchecked`]: 'Name EmailAddress Website',
  [`${CONTROL}/invoices`]: 'contactId lines type status date dueDate number',
  [`${CONTROL}/invoices/INV-0001`]: 'Status LineItems Date',
  [`${CONTROL}/invoices/INV-0001/pay`]: 'amount date accountCode reference',
  [`${CONTROL}/credits/overpayment`]: 'contactId amount date',
  [`${CONTROL}/credits/creditNote`]: 'contactId lines date',
  [`${CONTROL}/lock-dates`]: 'period endOfYear',
  [`${CONTROL}/plan`]: 'plan',
  [`${CONTROL}/rename`]: 'name',
};

/** Where forms go in. */
const FORM_DOORS: Readonly<Record<string, string>> = {
  '/connect/token': 'grant_type code refresh_token client_id client_secret scope redirect_uri',
  '/connect/revocation': 'token client_id client_secret',
  '/identity/connect/sign-in': 'request user',
  '/identity/connect/consent': 'request decision organisation',
  [`${DESK}/new-contact`]: 'name number email mobile',
  [`${DESK}/lock-dates`]: 'period endOfYear',
  [`${DESK}/rename`]: 'name',
  [`${DESK}/invoices/INV-0001/pay`]: 'amount date account',
  [`${DESK}/credits/overpayment/x/allocate`]: 'invoice amount',
};

const AUTHORIZE =
  'client_id redirect_uri response_type scope state nonce code_challenge code_challenge_method acr_values';

let emulator: Emulator;
let odd: Oddities;
beforeAll(async () => {
  emulator = await startEmulator({ seed: 3 });
  const known = [
    'emulator-client-id',
    'http://localhost:99999/',
    'http://localhost:9/',
    'http://[',
  ];
  odd = new Oddities(SEED, [...known, ORGANISATION_IDS.au, 'INV-0001']);
});
afterAll(() => emulator.close());

/** Some of the fields that a door reads, with values that nobody means. */
function fields(names: string): [string, unknown][] {
  return names
    .split(' ')
    .filter(() => odd.chance(0.7))
    .map((name) => [name, odd.chance(0.5) ? odd.text() : odd.value(1)]);
}

function asForm(names: string): URLSearchParams {
  const pairs = fields(names).map(([name, value]): [string, string] => [name, String(value)]);
  return new URLSearchParams(pairs);
}

it('the control API, the desk and the identity server never fail on bad input', async () => {
  const failures: string[] = [];
  const ask = async (path: string, init: RequestInit = {}) => {
    const { status } = await fetch(`${emulator.url}${path}`, { redirect: 'manual', ...init });
    if (status >= 500) failures.push(`${path} ${String(init.body)} -> ${status}`);
  };
  const headers = { 'content-type': 'application/json' };
  for (let i = 0; i < REQUESTS_EACH; i++) {
    for (const [path, names] of Object.entries(JSON_DOORS)) {
      const body = JSON.stringify(Object.fromEntries(fields(names)));
      await ask(path, { method: 'POST', headers, body });
      // A fault that came in this way may well answer 500, as it was told.
      emulator.control.faults.clear();
    }
    for (const [path, names] of Object.entries(FORM_DOORS))
      await ask(path, { method: 'POST', body: asForm(names) });
    await ask(`/identity/connect/authorize?${asForm(AUTHORIZE)}`);
    const right = 'client_id=emulator-client-id&response_type=code';
    await ask(`/identity/connect/authorize?${right}&${asForm('redirect_uri scope state')}`);
  }
  expect(failures.slice(0, 5)).toEqual([]);
  expect((await fetch(`${emulator.url}/desk`)).status).toBe(200);
}, 600_000);
