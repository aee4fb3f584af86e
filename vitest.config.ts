import { configDefaults, defineConfig } from 'vitest/config';

/** A layer of tests in `test/`, in processes of their own: they hold servers and browsers. */
function layer(name: string, timeoutMs: number) {
  return {
    test: {
      name,
      include: [`test/${name}/**/*.test.{ts,tsx}`],
      testTimeout: timeoutMs,
      hookTimeout: timeoutMs,
    },
  };
}

export default defineConfig({
  test: {
    // Two cores: a third worker would only make the other two wait.
    maxWorkers: 2,
    pool: 'forks',
    exclude: [...configDefaults.exclude, '**/dist/**', '**/.sextant/**', 'test-output/**'],
    globalSetup: ['test/support/global-setup.ts'],
    projects: [
      {
        // The pure half keeps no state in its modules, so its files can share them.
        test: {
          name: 'unit',
          include: ['{kernel,ledger,methods,rooms}/**/*.test.ts'],
          // Generous: a limit for tests that hang, not for a machine with other work to do.
          testTimeout: 60_000,
          pool: 'threads',
          isolate: false,
        },
      },
      {
        test: {
          name: 'edge',
          include: ['{adapters,apps,scenarios,tools}/**/*.test.{ts,tsx}'],
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      },
      {
        // It reads all sources; modules that are shared parse them less often.
        test: { ...layer('tidy', 120_000).test, pool: 'threads', isolate: false },
      },
      layer('contracts', 180_000),
      layer('postgres', 180_000),
      layer('simulation', 900_000),
      layer('evidence', 120_000),
      layer('journeys', 600_000),
    ],
  },
});
