/**
 * How are the tests run? Threads on the machine's cores; the last reporter ends the output with `N passed, N failed`.
 *
 * Tests that spawn the built program need dist/, which `npm test` builds first.
 */
import { defineConfig } from 'vitest/config';

export const config = defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    reporters: ['default', './scripts/tally.mjs'],
    // Spawning Python, npm or a browser takes seconds on a busy machine; a hang still ends.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    coverage: { provider: 'v8', include: ['src/**/*.ts'], reporter: ['text-summary', 'html'] },
  },
});

// The runner reads its configuration from the default export; nothing else in the project has one.
export default config;
