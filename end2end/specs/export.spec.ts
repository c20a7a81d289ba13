// Taking a list out as a file.

import { readFile } from 'node:fs/promises';
import { expect, test } from '../support/fixtures';

test('everything that matches is exported, and that it was is recorded', async ({
  page,
  signIn,
  gotoPage,
  expectAccessible,
  javaScriptEnabled,
}) => {
  await signIn(page, 'auditor');
  await gotoPage('/audit-logs/activity?action=delete&outcome=success');
  await page.locator('summary', { hasText: 'Export' }).click();
  await expectAccessible(page);
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'CSV for spreadsheets' }).click(),
  ]);
  expect(download.suggestedFilename()).toMatch(/^daybook-activity-.*\.csv$/);
  const table = await readFile(await download.path(), 'utf8');
  expect(table).toMatch(/^\ufeffid,sequence,occurred_at,/);
  const lines = table.trim().split('\r\n').length - 1;
  if (javaScriptEnabled !== false) {
    await expect(page.getByText(`Exported ${lines.toLocaleString('en')} records`)).toBeVisible();
  }
  await gotoPage('/audit-logs/activity?event_type=audit_logs.export_started');
  await expect(page.getByText(`Began to export ${lines} records (Activity) as CSV`).first()).toBeVisible();
});

test('who may not export is told so', async ({ page, signIn }) => {
  await signIn(page, 'agent');
  // Not a page of the portal: nothing of it hydrates.
  const answer = await page.goto('/audit-logs/activity/export?format=csv');
  expect(answer?.status()).toBe(403);
  await expect(page.getByRole('heading', { name: "You can't export audit logs" })).toBeVisible();
});
