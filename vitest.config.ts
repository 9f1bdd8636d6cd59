import { createRequire } from 'node:module';
import { defineConfig } from 'vitest/config';

const { resolve } = createRequire(import.meta.url);

export default defineConfig({
  // Vite would load graphql's ESM build while type-graphql loads its CommonJS build: two realms, and graphql-js refuses.
  resolve: { alias: [{ find: /^graphql$/, replacement: resolve('graphql') }] },
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/rig/postgres.global.ts'],
    testTimeout: 20_000,
    hookTimeout: 60_000,
    pool: 'forks',
    // Vitest would leave one of two cores idle. More files at once than that want more connections than PostgreSQL has.
    maxWorkers: 2,
    // A worker loads the server's modules once, not for each file: state of its own has only what startBillgraph opens.
    isolate: false,
  },
});
