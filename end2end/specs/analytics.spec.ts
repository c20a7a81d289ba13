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

test('one company alone', async ({ page, gotoPage, usable, expectAccessible }) => {
  await gotoPage('/analytics/portal');
  const first = page.getByRole('table', { name: 'Most active companies' }).getByRole('row').nth(1);
  const name = (await first.locator('bdi').first().innerText()).trim();
  await first.getByRole('link', { name: /^Only this one/ }).click();
  await expect(page).toHaveURL(/company=/);
  await usable(page);
  await expect(page.getByRole('list', { name: 'Active filters' })).toContainText(name);
  await expectAccessible(page);
});

test('a company has its own figures, whatever records know it by', async ({ page, gotoPage, usable, signIn, expectAccessible }) => {
  await signIn(page, 'administrator');
  await gotoPage('/analytics/portal');
  const first = page.getByRole('table', { name: 'Most active companies' }).getByRole('row').nth(1);
  const known = new URL((await first.getByRole('link', { name: /^Only this one/ }).getAttribute('href'))!, page.url());
  const key = known.searchParams.get('company')!;
  // The other half of the tests may have made it.
  await gotoPage(`/companies?q=${encodeURIComponent(`Figures ${key}`)}`);
  const made = page.getByRole('link', { name: `Figures ${key}` });
  if ((await made.count()) === 0) {
    await gotoPage('/companies/new');
    await page.getByLabel('Name').first().fill(`Figures ${key}`);
    await page.getByLabel('External ID').fill(key);
    await page.getByRole('button', { name: 'Create company' }).click();
  } else {
    await made.first().click();
  }
  await page.waitForURL(/\/overview$/);
  await usable(page);
  const pages = page.getByRole('navigation', { name: /^Pages of / });
  await pages.getByRole('link', { name: 'Usage', exact: true }).click();
  await page.waitForURL(/\/usage$/);
  await usable(page);
  await expect(figures(page).getByRole('img', { name: /^Activities by day/ })).toBeVisible();
  await expectAccessible(page);
  await tabs(page).getByRole('link', { name: 'Native file system' }).click();
  await page.waitForURL(/\/usage\?type=files$/);
  await expect(figures(page)).toBeVisible();
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
