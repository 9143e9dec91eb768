import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: {
    // The built-in runtimes import the package by its own name, as a stranger's would; the tests run them from source.
    alias: { 'judgekit/runtime': fileURLToPath(new URL('./src/runtime/public.ts', import.meta.url)) },
  },
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 30_000,
    // Tests of the whole import the built package by its name; it must not be mixed with the sources.
    server: { deps: { external: [/\/dist\//] } },
    coverage: {
      provider: 'v8',
      include: ['src/**', 'runtimes/**'],
      reporter: ['text-summary', 'json-summary'],
      // The parsers and the pure cores.
      thresholds: Object.fromEntries(
        ['io', 'report', 'rubric', 'scoring/judge', 'scoring/text', 'stats', 'task'].map((room) => [
          `src/${room}/**`,
          { branches: 95 },
        ]),
      ),
    },
  },
});
