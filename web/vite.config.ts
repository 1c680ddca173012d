import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';
import { contractForPages, stylesOfParts } from './build-plugins.ts';
import { chunks } from './chunks.ts';

const server = process.env.BURSAR_URL ?? 'http://localhost:3000';
const root = fileURLToPath(new URL('.', import.meta.url));

/** Below this the head of a compressed answer costs what it saves. */
const WORTH_BYTES = 1_000;

/** Leaves each file compressed beside itself, as the server sends it to whoever takes it. */
function compressed(): Plugin {
  return {
    name: 'bursar-compressed',
    apply: 'build',
    writeBundle({ dir }) {
      const folder = dir ?? join(root, 'dist');
      for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
        if (!/\.(js|css|html|svg)$/.test(name)) continue;
        const content = readFileSync(join(folder, name));
        if (content.length < WORTH_BYTES) continue;
        writeFileSync(join(folder, `${name}.br`), brotliCompressSync(content));
        writeFileSync(join(folder, `${name}.gz`), gzipSync(content, { level: 9 }));
      }
    },
  };
}

// Vite asks for a default export here.
export default defineConfig({
  root,
  plugins: [react(), contractForPages(), stylesOfParts(), compressed()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    // Read by the test that holds the first visit to its size.
    manifest: true,
    target: 'es2023',
    reportCompressedSize: false,
    rolldownOptions: {
      output: {
        codeSplitting: { groups: chunks },
        // Rolldown adds who shares a file to its name.
        chunkFileNames: ({ name }) => `assets/${name.split('~')[0]}-[hash].js`,
      },
    },
  },
  // Bundled beforehand, its parts would come without their styles.
  optimizeDeps: { exclude: ['@mantine/core'] },
  server: {
    proxy: {
      // Not all of /api: the pages' own folder is called so.
      '/api/v1': server,
      '/connect/xero': server,
      '/healthz': server,
      '/readyz': server,
    },
  },
});
