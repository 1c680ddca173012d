import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

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
        writeFileSync(join(folder, `${name}.gz`), gzipSync(content));
      }
    },
  };
}

// Vite asks for a default export here.
export default defineConfig({
  root,
  plugins: [react(), compressed()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2023',
    reportCompressedSize: false,
    rolldownOptions: {
      output: {
        // Few files that seldom change, rather than one for each component that two pages share.
        codeSplitting: {
          groups: [
            { name: 'react', test: /node_modules[\\/](react|react-dom|scheduler)[\\/]/ },
            { name: 'tanstack', test: /node_modules[\\/]@tanstack[\\/]/ },
            { name: 'contract', test: /node_modules[\\/]zod[\\/]|[\\/]contract[\\/]/ },
            {
              name: 'ui',
              test: /node_modules[\\/]|[\\/]web[\\/](ui|table|stores|util)[\\/]/,
              minShareCount: 3,
            },
          ],
        },
      },
    },
  },
  server: {
    proxy: {
      '/api': server,
      '/connect/xero': server,
      '/healthz': server,
      '/readyz': server,
    },
  },
});
