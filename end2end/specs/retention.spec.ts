import type { Page } from '@playwright/test';
import { expect, test } from '../support/fixtures';
import { row } from '../support/people';

const said = (page: Page, text: string | RegExp) => page.getByRole('status').filter({ hasText: text });

let count = 0;
const unused = (name: string) => `${name}-${process.pid}-${Date.now()}-${(count += 1)}`;

test.beforeEach(async ({ page, signIn }) => {
  await signIn(page, 'administrator');
});

test('a shorter retention says what it will remove, and can be taken back', async ({
  page,
  gotoPage,
  expectAccessible,
  problems,
}) => {
  problems.allow(/422/);
  await gotoPage('/admin/retention');
  await expect(page.getByRole('heading', { name: 'Retention' })).toBeVisible();
  await row(page, 'Billing').getByRole('link', { name: 'Change' }).click();
  await expectAccessible(page);
  const days = page.getByLabel('Days, counted');
  await days.fill('soon');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.locator('.field__problem').filter({ hasText: 'Enter a whole number of days' })).toBeVisible();
  await expect(days).toHaveValue('soon');
  await days.fill('20000');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(said(page, '“Billing” keeps its records for 20,000 days. Nothing in it is older')).toBeVisible();
  await expect(row(page, 'Billing')).toContainText('For ever');
  await expect(row(page, 'Billing')).toContainText('20,000 days from');

  await row(page, 'Billing').getByRole('link', { name: 'Change' }).click();
  await expect(days).toHaveValue('20000');
  await days.fill('');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(said(page, '“Billing” keeps its records for ever.')).toBeVisible();
  await expect(row(page, 'Billing')).not.toContainText('days');
  await expectAccessible(page);
});

test('a hold is placed on the list one looks at, and released', async ({ page, gotoPage, expectAccessible }) => {
  const name = unused('Case');
  await gotoPage('/audit-logs/access?outcome=failure');
  await page.locator('summary').filter({ hasText: 'Export' }).click();
  await page.getByRole('link', { name: 'Place a legal hold' }).click();
  await expect(page.getByRole('heading', { name: 'Place a legal hold' })).toBeVisible();
  await expect(page.getByLabel('Log', { exact: true })).toHaveValue('access');
  await expect(page.getByLabel(/^List/)).toHaveValue('outcome=failure');
  await expectAccessible(page);
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('Reason').fill('Court order 12/2026');
  await page.getByRole('button', { name: 'Place hold' }).click();
  await expect(said(page, new RegExp(`The legal hold “${name}” keeps [\\d,]+ records`))).toBeVisible();
  await expect(row(page, name)).toContainText('Court order 12/2026');
  await expect(row(page, name)).toContainText('outcome: failure');
  await expectAccessible(page);

  await row(page, name).getByRole('link', { name: 'Release' }).click();
  await expect(page.getByText(`Release “${name}”?`)).toBeVisible();
  await page.getByRole('button', { name: 'Release hold' }).click();
  await expect(said(page, `The legal hold “${name}” is released`)).toBeVisible();
  await expect(row(page, name)).toHaveCount(0);

  await gotoPage('/audit-logs/activity?event_type=legal_hold.released');
  await expect(page.getByText(`Released legal hold “${name}”`)).toBeVisible();
});
