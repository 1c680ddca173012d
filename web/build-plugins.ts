import { basename } from 'node:path';
import { type Plugin, parseAst } from 'vite';
import { calls } from '../contract/calls.ts';

/**
 * Sends no shape of the contract to a browser where no page uses it. The contract's values do
 * nothing but exist, which a bundler can't know of a call such as `z.object(…)`: it is told.
 * `calls` looks at every route, so it is worked out here.
 */
export function contractForPages(): Plugin {
  return {
    name: 'bursar-contract-for-pages',
    apply: 'build',
    enforce: 'post',
    transform: {
      filter: { id: /[\\/]contract[\\/][\w-]+\.ts$/ },
      handler(code, id) {
        const isCalls = /[\\/]calls\.ts$/.test(id);
        const lean = isCalls
          ? `export const calls = ${JSON.stringify(calls)};`
          : withPureValues(code);
        return { code: lean, map: null };
      },
    },
  };
}

/** Brings the styles of each part of Mantine along with it, after those of the parts it is made of. */
export function stylesOfParts(): Plugin {
  return {
    name: 'bursar-styles-of-parts',
    transform: {
      filter: { id: /[\\/]@mantine[\\/]core[\\/].*\.module\.mjs/ },
      handler(code, id) {
        const part = basename(id).replace(/\.module\.mjs.*/, '');
        return { code: `import '@mantine/core/styles/${part}.css';\n${code}`, map: null };
      },
    },
  };
}

/** Puts each value that a module makes into a function that is called at once and marked as pure. */
function withPureValues(code: string): string {
  const values = parseAst(code)
    .body.map((part) => (part.type === 'ExportNamedDeclaration' ? part.declaration : part))
    .filter((part) => part?.type === 'VariableDeclaration')
    .flatMap((part) => part.declarations.map(({ init }) => init))
    .filter((value) => value !== null && !/Literal|Function/.test(value.type));
  let pure = '';
  let done = 0;
  for (const value of values) {
    if (!value) continue;
    const made = code.slice(value.start, value.end);
    pure += `${code.slice(done, value.start)}/* @__PURE__ */ (() => (${made}))()`;
    done = value.end;
  }
  return pure + code.slice(done);
}
