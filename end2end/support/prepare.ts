// Once per run, before all tests: makes the demo workspace that every worker copies.

import { rm } from 'node:fs/promises';
import { makeDemo } from './server';

export default async function prepare(): Promise<() => Promise<void>> {
  const demo = await makeDemo();
  process.env.DAYBOOK_E2E_DEMO = demo;
  return () => rm(demo, { recursive: true, force: true });
}
