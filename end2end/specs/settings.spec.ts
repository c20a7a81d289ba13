import type { Page } from '@playwright/test';
import { expect, test } from '../support/fixtures';
import { row } from '../support/people';

const said = (page: Page, text: string | RegExp) => page.getByRole('status').filter({ hasText: text });

test.beforeEach(async ({ page, signIn }) => {
  await signIn(page, 'administrator');
});

test('what is saved is recorded, and what can’t be saved is said beside the field', async ({
  page,
  gotoPage,
  expectAccessible,
  problems,
}) => {
  problems.allow(/422/);
  await gotoPage('/admin/settings');
  await expect(page.getByRole('heading', { name: 'General settings' })).toBeVisible();
  await expectAccessible(page);
  const zone = page.getByLabel('Time zone of new users');
  const before = await zone.inputValue();
  await zone.fill('Middle/Earth');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.locator('.field__problem').filter({ hasText: 'not the name of a time zone' })).toBeVisible();
  await expect(zone).toHaveValue('Middle/Earth');

  const after = before === 'Asia/Tokyo' ? 'Europe/Oslo' : 'Asia/Tokyo';
  await zone.fill(after);
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(said(page, 'The general settings are saved.')).toBeVisible();
  await expect(zone).toHaveValue(after);
  await gotoPage('/audit-logs/activity?event_type=workspace.updated');
  await expect(page.locator('tbody.event').first()).toContainText('Changed time zone of workspace');
});

test('a log is switched on and off', async ({ page, gotoPage }) => {
  await gotoPage('/admin/settings');
  const log = row(page, 'Workflow failures');
  await log.getByRole('button', { name: 'Switch on' }).click();
  await expect(said(page, '“Workflow failures” always has a tab now.')).toBeVisible();
  await expect(log).toContainText('Always');
  await log.getByRole('button', { name: 'Switch off' }).click();
  await expect(said(page, '“Workflow failures” has a tab only while it has records.')).toBeVisible();
  await expect(log).toContainText('Because it has records');
});

test('who lacks the permission sees no menu entry and is refused', async ({ page, gotoPage, signIn, problems }) => {
  problems.allow(/403/);
  await page.context().clearCookies();
  await signIn(page, 'auditor');
  await expect(page.getByRole('navigation', { name: 'Portal' }).getByText('General settings')).toHaveCount(0);
  await gotoPage('/admin/settings');
  await expect(page.getByRole('heading', { name: 'General settings' })).toHaveCount(0);
});
