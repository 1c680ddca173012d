import { afterEach, beforeEach, expect, test } from 'vitest';
import { faultsOf, type Stage, setStage } from './stage.ts';

let stage: Stage;

beforeEach(async () => {
  stage = await setStage();
  const { context, clock } = stage.world;
  const row = { public_url: 'https://bursar.example.org', noted_at: clock.now() };
  await context.database.asSystem((tx) => tx.insertInto('installation').values(row).execute());
});
afterEach(() => stage.close());

test('each page of a copy that is on hold says so to everybody, and nothing is connected there', async () => {
  const staff = await stage.openAs('staff');
  await staff.getByText('This Bursar is on hold').waitFor();
  expect(await faultsOf(staff)).toEqual([]);
  const owner = await stage.openAs('owner');
  await owner.getByRole('link', { name: 'Connected Apps', exact: true }).click();
  await owner.getByText('This Bursar is on hold').waitFor();
  await owner.getByRole('button', { name: /^Connect/ }).click();
  await owner.getByText('This Bursar is on hold and asks Xero nothing').waitFor();
});
