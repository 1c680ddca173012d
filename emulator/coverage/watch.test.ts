import { expect, it } from 'vitest';
import { loadDescription } from './description.ts';
import { createWatch } from './watch.ts';

const answer = (body: string) => ({
  method: 'GET',
  path: '/Contacts?page=1',
  status: 200,
  text: body,
});

const description = loadDescription();
if (!description) console.log('SKIPPED: no official description beside this project to watch by');

it.skipIf(!description)('refuses an answer that the official description does not know', () => {
  const watch = createWatch();
  watch.hear(answer('{"Contacts":[{"Name":"Ana"}]}'));
  watch.hear(answer('{"Contacts":[{"Na'));
  expect(() => watch.refuseGaps()).not.toThrow();
  watch.hear(answer('{"Contacts":[{"Name":"Ana","Nickname":"An"}]}'));
  expect(() => watch.refuseGaps()).toThrow(/Nickname/);
});
