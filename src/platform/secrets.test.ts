import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { createSecretBox, SecretUnreadableError } from './secrets.ts';

const first = { id: 'k1', key: randomBytes(32) };
const second = { id: 'k2', key: randomBytes(32) };

describe('a secret box', () => {
  test('opens what it sealed, and only in its place', () => {
    const box = createSecretBox([first]);
    const sealed = box.seal('refresh-me', 'grants:1');
    expect(sealed).not.toContain('refresh-me');
    expect(box.open(sealed, 'grants:1')).toBe('refresh-me');
    expect(() => box.open(sealed, 'grants:2')).toThrow(SecretUnreadableError);
  });

  test('seals with the newest key and still opens what an older one sealed', () => {
    const old = createSecretBox([first]).seal('x', 'here');
    const rotated = createSecretBox([second, first]);
    expect(rotated.open(old, 'here')).toBe('x');
    expect(rotated.keyIdOf(old)).toBe('k1');
    expect(rotated.keyIdOf(rotated.seal('x', 'here'))).toBe('k2');
  });

  test('opens with a key that stands second what another machine seals with it as its first', () => {
    const [ahead, behind] = [createSecretBox([second, first]), createSecretBox([first, second])];
    expect(behind.open(ahead.seal('x', 'here'), 'here')).toBe('x');
    expect(ahead.open(behind.seal('x', 'here'), 'here')).toBe('x');
  });

  test('fails closed without the key, with a wrong key and with altered text', () => {
    const sealed = createSecretBox([first]).seal('x', 'here');
    expect(() => createSecretBox([second]).open(sealed, 'here')).toThrow(/No key “k1”/);
    const impostor = createSecretBox([{ id: 'k1', key: second.key }]);
    expect(() => impostor.open(sealed, 'here')).toThrow(SecretUnreadableError);
    const altered = `${sealed.slice(0, -4)}AAAA`;
    expect(() => createSecretBox([first]).open(altered, 'here')).toThrow(SecretUnreadableError);
  });

  test('never seals the same secret to the same text twice', () => {
    const box = createSecretBox([first]);
    expect(box.seal('x', 'here')).not.toBe(box.seal('x', 'here'));
  });

  test('needs a key', () => {
    expect(() => createSecretBox([])).toThrow(/at least one key/);
  });
});
