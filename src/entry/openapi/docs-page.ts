import { docsStyle } from './docs-style.ts';
import { listProblems, type OpenApiDocument, type Operation } from './document.ts';
import { escapeHtml, outlineOf } from './outline.ts';
import type { JsonSchema } from './shapes.ts';

interface Entry {
  method: string;
  path: string;
  operation: Operation;
}

/** The OpenAPI document as one page to read: no script, and nothing loaded from elsewhere. */
export function renderDocs(document: OpenApiDocument): string {
  const entries = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method, path, operation })),
  );
  const tags = document.tags.map(({ name }) => name);
  const under = (tag: string) => entries.filter(({ operation }) => operation.tags.includes(tag));
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(document.info.title)}</title>
<style>${docsStyle}</style>
</head>
<body>
<nav aria-label="Contents">
<p class="title"><a href="#top">${escapeHtml(document.info.title)}</a></p>
<ul>${tags.map((tag) => contentsOf(tag, under(tag))).join('')}
<li><a href="#problems">Problems</a></li><li><a href="#shapes">Shapes</a></li></ul>
</nav>
<main id="top">
<h1>${escapeHtml(document.info.title)} <small>${escapeHtml(document.info.version)}</small></h1>
${introductionOf(document)}
${tags.map((tag) => sectionOf(tag, under(tag))).join('\n')}
<section id="problems"><h2>Problems</h2>${problemTable()}</section>
<section id="shapes"><h2>Shapes</h2>${shapeList(document.components.schemas)}</section>
</main>
</body>
</html>`;
}

function introductionOf({ info, servers }: OpenApiDocument): string {
  const [server] = servers;
  const lines = info.description
    .split(/(?<=\.) (?=[A-Z])/)
    .map((line) => `<li>${inlineCode(line)}</li>`);
  const example = `curl -H 'Authorization: Bearer bur_…' ${server?.url ?? ''}/api/v1/me`;
  return `<ul>${lines.join('')}</ul>
<pre tabindex="0"><code>${escapeHtml(example)}</code></pre>
<p>For machines: <a href="/api/openapi.json">/api/openapi.json</a> (OpenAPI 3.1).</p>`;
}

function contentsOf(tag: string, entries: Entry[]): string {
  const items = entries.map(
    ({ operation }) =>
      `<li><a href="#${operation.operationId}">${escapeHtml(operation.operationId)}</a></li>`,
  );
  return `<li><a href="#${anchorOf(tag)}">${escapeHtml(tag)}</a><ul>${items.join('')}</ul></li>`;
}

function sectionOf(tag: string, entries: Entry[]): string {
  return `<section id="${anchorOf(tag)}"><h2>${escapeHtml(tag)}</h2>
${entries.map(articleOf).join('\n')}</section>`;
}

function articleOf({ method, path, operation }: Entry): string {
  const body = operation.requestBody?.content['application/json']?.schema;
  return `<article id="${operation.operationId}">
<h3><span class="method ${method}">${method.toUpperCase()}</span> <code>${escapeHtml(path)}</code></h3>
<p>${escapeHtml(operation.summary)}.</p>
<p class="right">${inlineCode(operation.description)}</p>
${parameterTable(operation)}
${body ? `<h4>Body</h4>${shapeOf(body)}` : ''}
${answerOf(operation)}
</article>`;
}

/** Its own parameters; the header that all take is told at the top. */
function parameterTable(operation: Operation): string {
  const parameters = operation.parameters.filter((one) => one.in !== 'header');
  if (parameters.length === 0) return '';
  const rows = parameters.map(
    ({ name, in: place, required, schema }) =>
      `<tr><td><code>${escapeHtml(name)}</code></td><td>${place}</td>
<td>${required ? 'yes' : 'no'}</td><td>${outlineOf(schema)}</td></tr>`,
  );
  return `<table><thead><tr><th>Parameter</th><th>In</th><th>Needed</th><th>Value</th></tr></thead>
<tbody>${rows.join('')}</tbody></table>`;
}

function answerOf({ responses }: Operation): string {
  const schema = responses['200']?.content?.['application/json']?.schema;
  if (schema) return `<h4>Answer 200</h4>${shapeOf(schema)}`;
  const [status, answer] = Object.entries(responses)[0] ?? [];
  return `<h4>Answer ${status}</h4><p>${escapeHtml(answer?.description ?? '')}</p>`;
}

function shapeOf(schema: JsonSchema): string {
  return `<pre tabindex="0"><code>${outlineOf(schema)}</code></pre>`;
}

function problemTable(): string {
  const rows = listProblems().map(
    ({ code, status, title, way }) =>
      `<tr><td><code>${code}</code></td><td>${status}</td>
<td>${escapeHtml(title)}. <span class="remark">${escapeHtml(way)}</span></td></tr>`,
  );
  return `<table><thead><tr><th>Code</th><th>Status</th><th>Meaning</th></tr></thead>
<tbody>${rows.join('')}</tbody></table>`;
}

function shapeList(schemas: Record<string, JsonSchema>): string {
  return Object.entries(schemas)
    .map(([name, schema]) => {
      const safe = escapeHtml(name);
      return `<article id="shape-${safe}"><h3>${safe}</h3>${shapeOf(schema)}</article>`;
    })
    .join('\n');
}

function anchorOf(tag: string): string {
  return `tag-${tag.toLowerCase().replace(/[^a-z]+/g, '-')}`;
}

/** Text whose `backticked` parts are code. */
function inlineCode(text: string): string {
  return escapeHtml(text).replace(/`([^`]+)`/g, '<code>$1</code>');
}
