import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findLeaks, spellingsOf } from '../world/secret-grep.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bursar-grep-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const secret = 'a+b/token~1234567890&é';

function plant(name: string, text: string, forbiddenIn = 'everywhere'): void {
  const noise = Array.from({ length: 200 }, () => randomBytes(40).toString('base64')).join('\n');
  writeFileSync(join(folder, 'secrets-1.jsonl'), `${JSON.stringify({ secret, forbiddenIn })}\n`);
  writeFileSync(join(folder, name), `${noise}\n${text}\n${noise}`);
}

describe('the search for secrets', () => {
  it.each([...new Set(spellingsOf(secret).map(({ text }) => text))])('finds %s', (text) => {
    plant('world-1.log', `{"msg":"hello ${text} there"}`);
    const { leaks, secrets, bytes } = findLeaks(folder);
    expect(leaks[0]).toMatchObject({ file: 'world-1.log', line: 201, secret: 'a+b/to…' });
    expect(secrets).toBe(1);
    expect(bytes).toBeGreaterThan(10_000);
  });

  it.each(['', 'x', 'xy'])('finds one inside something longer in base64 (after “%s”)', (before) => {
    const text = Buffer.from(`${before}client:${secret}:end`).toString('base64');
    plant('world-1.log', `authorization: Basic ${text}`);
    expect(findLeaks(folder).leaks[0]?.spelling).toBe('base64');
  });

  it('finds one at the very beginning and at the very end', () => {
    writeFileSync(
      join(folder, 'secrets-1.jsonl'),
      JSON.stringify({ secret, forbiddenIn: 'everywhere' }),
    );
    writeFileSync(join(folder, 'answers-1.txt'), `${secret}\n-\n${secret}`);
    expect(findLeaks(folder).leaks.map(({ line }) => line)).toEqual([1, 3]);
  });

  it('lets an answer show its owner what is shown once, and no log', () => {
    plant('answers-1.txt', secret, 'logs');
    expect(findLeaks(folder).leaks).toEqual([]);
    plant('world-1.log', secret, 'logs');
    expect(findLeaks(folder).leaks.length).toBe(1);
  });

  it('finds nothing where nothing is', () => {
    plant('world-1.log', 'a+b/token~123456789');
    expect(findLeaks(folder).leaks).toEqual([]);
  });
});
