import { describe, expect, test } from 'vitest';
import { api } from '#contract/api';
import { renderDocs } from './docs-page.ts';
import { describeApi } from './document.ts';

const server = {
  publicUrl: 'https://bursar.example.org',
  sessionCookie: '__Host-bursar.session_token',
};
const document = describeApi(server, '1');
const text = JSON.stringify(document);

describe('the description of the API', () => {
  test.each(Object.entries(api))('says what %s takes, answers and needs', (name, route) => {
    const path = route.path.replace(/:(\w+)/g, '{$1}');
    const operation = document.paths[path]?.[route.method.toLowerCase()];
    expect(operation).toMatchObject({ operationId: name, summary: route.summary });
    if (route.permission === 'public') expect(operation?.security).toEqual([]);
    else expect(operation?.responses).toHaveProperty('403');
    const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, parameter]) => parameter);
    const described = operation?.parameters.filter((one) => one.in === 'path') ?? [];
    expect(described.map((one) => one.name)).toEqual(named);
  });

  test('tells of the header that names one of several providers, where somebody is asked for', () => {
    const headersOf = (path: string, method: string) =>
      document.paths[path]?.[method]?.parameters.filter((one) => one.in === 'header');
    expect(headersOf('/api/v1/me', 'get')).toEqual([
      expect.objectContaining({ name: 'x-bursar-provider', required: false }),
    ]);
    expect(headersOf('/api/v1/session', 'post')).toEqual([]);
  });

  test('refers only to shapes it holds', () => {
    const referred = [...text.matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(([, name]) => name);
    expect(referred.length).toBeGreaterThan(20);
    for (const name of referred) expect(document.components.schemas).toHaveProperty(String(name));
    expect(text).not.toContain('$defs');
  });

  test('tells the fields that texts of the contract clean on their way in', () => {
    expect(document.components.schemas.Learner).toMatchObject({
      properties: { firstName: { anyOf: expect.arrayContaining([{ type: 'null' }]) } },
    });
  });
});

describe('the page to read', () => {
  const page = renderDocs(document);

  test('has an entry for every route, code and shape', () => {
    for (const name of Object.keys(api)) expect(page).toContain(`<article id="${name}">`);
    for (const name of Object.keys(document.components.schemas)) {
      expect(page).toContain(`id="shape-${name}"`);
    }
    expect(page).toContain('<code>permission.missing</code>');
  });

  test('runs no script and loads nothing', () => {
    expect(page).not.toMatch(/<script|<link|<img|@import|url\(/i);
  });
});
