import { afterAll, beforeAll, expect, test } from 'vitest';
import { api } from '#contract/api';
import { HOUR_MS } from '#platform/clock';
import { faultsOf, heading, isTooWide, PHONE, type Stage, setStage } from './stage.ts';

let stage: Stage;
let address: string;
beforeAll(async () => {
  stage = await setStage();
  const { world } = stage;
  const owner = await world.people.owner();
  await world.connectXero(owner);
  await world.settle();
  const body = { firstName: 'Ana', lastName: 'Lima', syncToXero: true, saveAnyway: true };
  await owner.call(api.addLearner, { body });
  await world.settle();
  await world.pass(HOUR_MS);
  const { id } = await owner.call(api.addLearner, { body });
  await world.settle();
  address = `/learners/${id}`;
});
afterAll(() => stage.close());

test('the profile says what the contact is called in Xero, and leads to who has the plain name', async () => {
  const page = await stage.openAs('finance');
  await page.goto(address);
  await page.getByText(/Called “Ana Lima \(L00002\)” in Xero/).waitFor();
  expect(await faultsOf(page)).toEqual([]);
  await page.getByRole('link', { name: 'Ana Lima (L00001)' }).click();
  await page.getByText('L00001', { exact: true }).first().waitFor();
});

test('on a phone and in the dark it reads as well', async () => {
  const phone = await stage.openAs('admin', 'dark', PHONE);
  await phone.goto(address);
  await heading(phone, 'Ana Lima');
  await phone.getByText(/Called “Ana Lima \(L00002\)” in Xero/).waitFor();
  expect(await isTooWide(phone)).toBe(false);
  expect(await faultsOf(phone)).toEqual([]);
});
