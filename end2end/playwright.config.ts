// Every spec runs twice, without and with JavaScript; `*.hydrate.spec.ts` tests what only WebAssembly can do.
// `cargo xtask test --only browser` starts it with everything in place.

import { defineConfig, devices } from '@playwright/test';

const chromiumArguments = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export default defineConfig({
  testDir: './specs',
  outputDir: './test-results',
  globalSetup: './support/prepare.ts',
  // One worker per core; each has a server and a database of its own.
  workers: 2,
  retries: 0,
  forbidOnly: !!process.env.CI,
  // axe reads every element of a page of records, twice; slow machines are slow at it.
  timeout: 90_000,
  expect: { timeout: 10_000 },
  reporter: [['list']],
  use: {
    ...devices['Desktop Chrome'],
    viewport: { width: 1280, height: 900 },
    // A zone nobody has: a time that the browser formatted shows up at once.
    timezoneId: 'Pacific/Chatham',
    locale: 'en-GB',
    contextOptions: { reducedMotion: 'reduce' },
    trace: 'retain-on-failure',
    launchOptions: {
      executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
      args: chromiumArguments,
    },
  },
  projects: [
    {
      name: 'javascript-off',
      testIgnore: '**/*.hydrate.spec.ts',
      use: { javaScriptEnabled: false },
    },
    {
      name: 'javascript-on',
      use: { javaScriptEnabled: true },
    },
  ],
});
