import { expect, it } from 'vitest';
import { jsonText } from './json-text.ts';

it.each([
  ['half a pair', 'cut \ud83d', 'cut \ufffd'],
  ['the other half', '\ude00 cut', '\ufffd cut'],
  ['NUL', 'a\0b', 'a\ufffdb'],
  ['a whole pair', '😀', '😀'],
  ['the spelling of one', '\\ud83d \\u0000', '\\ud83d \\u0000'],
])('%s', (_, given, kept) => {
  expect(JSON.parse(jsonText({ list: [given] }))).toEqual({ list: [kept] });
});
