import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/harness/mongo.ts'],
    setupFiles: ['test/harness/regions.ts'],
    testTimeout: 120_000,
    hookTimeout: 240_000,
    // What a page shows once the service has worked takes longer on a busy machine than the usual second.
    expect: { poll: { timeout: 30_000 } },
    maxWorkers: 2,
    reporters: ['default'],
  },
})
