import type { Page } from '@playwright/test';
import { expect, test } from '../support/fixtures';

const tabs = (page: Page) => page.getByRole('navigation', { name: 'What is counted' });
const figures = (page: Page) => page.getByRole('region', { name: 'Figures' });

test.beforeEach(({ page, signIn }) => signIn(page, 'auditor'));

test('the menu leads to the figures, which are a picture and a table', async ({ page, gotoPage, usable, expectAccessible }) => {
  await gotoPage('/account');
  await page.getByRole('navigation', { name: 'Portal' }).getByRole('link', { name: 'Analytics' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Analytics' })).toBeVisible();
  await usable(page);
  await expect(page).toHaveURL(/\/analytics\/portal$/);
  await expect(figures(page).getByRole('img', { name: /^Activities by day/ })).toBeVisible();
  await expectAccessible(page);
  await figures(page).getByText('The figures as a table').click();
  const table = page.getByRole('table', { name: 'The figures as a table' });
  await expect(table.getByRole('columnheader').first()).toHaveText('Day');
  await expectAccessible(page);
});

test('a number leads to exactly the records that it counts', async ({ page, gotoPage, usable }) => {
  await gotoPage('/analytics/portal');
  const activities = figures(page).locator('dl div').filter({ hasText: 'Activities' }).getByRole('link');
  const count = (await activities.innerText()).trim();
  await activities.click();
  await expect(page).toHaveURL(/\/audit-logs\/all\?q=portal/);
  await usable(page);
  await expect(page.getByText(new RegExp(`^${count} records?`)).first()).toBeVisible();
});

test('the period and what it is counted by are in the address', async ({ page, gotoPage, usable, expectAccessible }) => {
  await gotoPage('/analytics/portal');
  await page.getByLabel('By', { exact: true }).selectOption('week');
  await page.getByRole('button', { name: 'Show' }).click();
  await expect(page).toHaveURL(/by=week/);
  await usable(page);
  await expect(figures(page).getByRole('img', { name: /^Users by week/ })).toBeVisible();
  await page.getByRole('link', { name: 'Last 7 days' }).click();
  await expect(page).toHaveURL(/from=-6d/);
  await tabs(page).getByRole('link', { name: 'Native file system' }).click();
  await expect(page).toHaveURL(/\/analytics\/files\?from=-6d/);
  await expectAccessible(page);
});

test('one company alone, on this page and on its own', async ({ page, gotoPage, usable, expectAccessible }) => {
  await gotoPage('/analytics/portal');
  const first = page.getByRole('table', { name: 'Most active companies' }).getByRole('row').nth(1);
  const name = (await first.locator('bdi').first().innerText()).trim();
  await first.getByRole('link', { name: /^Only this one/ }).click();
  await expect(page).toHaveURL(/company=/);
  await usable(page);
  await expect(page.getByRole('list', { name: 'Active filters' })).toContainText(name);
  await expectAccessible(page);
  await gotoPage('/companies');
  await page.getByRole('table').first().getByRole('row').nth(1).getByRole('link').first().click();
  await usable(page);
  await page.getByRole('link', { name: 'Usage' }).click();
  await expect(page).toHaveURL(/\/usage$/);
  await expect(figures(page)).toBeVisible();
  await expectAccessible(page);
});

test('what is shown can be taken along as a file', async ({ page, gotoPage }) => {
  await gotoPage('/analytics/files');
  const waiting = page.waitForEvent('download');
  await figures(page).getByRole('link', { name: 'Download CSV' }).click();
  const file = await waiting;
  expect(file.suggestedFilename()).toMatch(/^daybook-usage-files-.*\.csv$/);
});

test('there are no courses where the module is off', async ({ page, gotoPage }) => {
  await gotoPage('/analytics/files');
  await expect(tabs(page).getByRole('link')).toHaveText(['User portal', 'Native file system']);
  expect((await gotoPage('/analytics/courses'))?.status()).toBe(404);
});
