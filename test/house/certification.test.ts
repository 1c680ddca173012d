import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { xeroScopes } from '#xero/index';
import { codeSources, isTest } from './sources.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const table = readFileSync(join(ROOT, 'docs', 'certification.md'), 'utf8');
const code = codeSources();

/** Scopes that Xero gives to no new app: each is split into finer ones. */
const BROAD = ['accounting.transactions', 'accounting.reports.read', 'accounting.journals'];

describe('the table of certification', () => {
  const rows = table.split('\n').filter((line) => /^\| (?!-|checkpoint|point)/.test(line));

  it('has a row for each checkpoint and each point of the standard', () => {
    expect(rows.length).toBeGreaterThanOrEqual(27);
    for (const row of rows) {
      const cells = row.split(' | ').map((cell) => cell.replaceAll('|', '').trim());
      expect([cells.length, cells.includes('')]).toEqual([3, false]);
    }
  });

  it('names tests that there are, letter by letter', () => {
    const tests = code.filter(({ path }) => isTest(path)).map(({ text }) => text);
    const named = rows.flatMap((row) => [...row.matchAll(/"([^"]+)"/g)].map(([, name]) => name));
    expect(named.length).toBeGreaterThan(30);
    const missing = named.filter((name) => !tests.some((text) => text.includes(name ?? '')));
    expect(missing).toEqual([]);
  });
});

describe('what Xero asks of an app', () => {
  it('is kept by the scopes: granular, each with a reason, offline access among them', () => {
    const asked = xeroScopes.map(({ scope }) => scope as string);
    expect(asked).toContain('offline_access');
    expect(asked.filter((scope) => BROAD.some((broad) => scope.startsWith(broad)))).toEqual([]);
    for (const { why } of xeroScopes) expect(why).toMatch(/^To .{15,}\.$/);
  });

  it('is kept by name and pictures: neither is Xero’s', () => {
    const { name } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    const page = readFileSync(join(ROOT, 'web', 'index.html'), 'utf8');
    const title = /<title>([^<]*)<\/title>/.exec(page)?.[1] ?? '';
    expect([name, title].filter((one) => /xero/i.test(one))).toEqual([]);
    const pictures = readdirSync(join(ROOT, 'web', 'public'), { recursive: true }).map(String);
    expect(pictures.filter((file) => /xero/i.test(file))).toEqual([]);
  });

  it('is kept by the way to Xero: at top level, in no window of its own', () => {
    const pages = code.filter(({ path }) => path.startsWith('web/') && !isTest(path));
    const connecting = pages.filter(({ text }) => /'beginConsent'|'continueConsent'/.test(text));
    expect(connecting.length).toBeGreaterThan(1);
    for (const { path, text } of connecting) {
      const ways = [/window\.location\.assign\(/, /window\.open|_blank|<iframe/];
      expect([path, ...ways.map((way) => way.test(text))]).toEqual([path, true, false]);
    }
  });
});
