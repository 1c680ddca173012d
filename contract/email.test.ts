import { expect, test } from 'vitest';
import { z } from 'zod';
import { isEmail } from './email.ts';

test.each([
  'odile@example.com',
  "o'neil+tag@mail.example.com.au",
  'a.b@x-y.io',
  'a..b@example.com',
  '.a@example.com',
  'a@example',
  'a b@example.com',
  'a@-example.com',
  '',
])('“%s” is an e-mail address for pages where it is one for the server', (text) => {
  expect(isEmail(text)).toBe(z.email().safeParse(text).success);
});

test('an address of more than 255 characters is none', () => {
  expect(isEmail(`${'a'.repeat(250)}@example.com`)).toBe(false);
});
