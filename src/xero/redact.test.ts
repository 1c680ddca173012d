import { describe, expect, it } from 'vitest';
import { presentable } from './redact.ts';

describe('presentable', () => {
  it.each([
    'Authorization: Bearer eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJzZWNyZXQifQ.c2VjcmV0LXNpZw',
    'refresh_token=secret-value&grant_type=refresh_token',
    '{"refresh_token":"secret-value"}',
    'client_secret: secret-value',
    'Basic c2VjcmV0LXZhbHVl',
  ])('hides the secret in “%s”', (text) => {
    expect(presentable(text)).not.toMatch(/secret-value|c2VjcmV0|eyJ/);
  });

  it('leaves plain words as they are', () => {
    const words = 'The contact name Mira Okafor is already assigned to another contact.';
    expect(presentable(words)).toBe(words);
  });

  it('drops markup and bounds the length', () => {
    expect(presentable('<h1>Error</h1><script>alert(1)</script>  500')).toBe('Error 500');
    expect(presentable('a '.repeat(5_000))).toHaveLength(500);
  });
});
