// Text, values with counts, columns and the histogram: all of it links and forms, so all of it without JavaScript too.

import type { Page } from '@playwright/test';
import { expect, test } from '../support/fixtures';

const records = (page: Page) => page.locator('tbody.event');
const search = (page: Page) => page.getByLabel('Search', { exact: true });
const filters = (page: Page) => page.getByRole('search', { name: 'Filters' });
const send = (page: Page) => page.getByRole('button', { name: 'Search', exact: true });
const notice = (page: Page) => page.getByRole('region', { name: 'Records' });

test.beforeEach(({ page, signIn }) => signIn(page, 'auditor'));

test('a text finds records, is in the address and in the field', async ({ page, gotoPage, usable, expectAccessible }) => {
  await gotoPage('/audit-logs/activity');
  await search(page).fill('action:update section:*');
  await send(page).click();
  await expect(page).toHaveURL(/[?&]q=action%3Aupdate\+section%3A\*/);
  await usable(page);
  await expect(search(page)).toHaveValue('action:update section:*');
  await expect(records(page).first()).toBeVisible();
  const shown = await records(page).count();
  await expect(page.locator('tbody.event .cell--action', { hasText: /^\s*(Event)?\s*Update\s*$/ })).toHaveCount(shown);
  await expectAccessible(page);

  await page.getByRole('list', { name: 'Active filters' }).getByRole('link', { name: /Remove filter Search/ }).click();
  await expect(page).toHaveURL(/\/audit-logs\/activity$/);
  await expect(search(page)).toHaveValue('');
});

test('text and filters are one state', async ({ page, gotoPage, usable }) => {
  await gotoPage('/audit-logs/access?q=action%3Alogin');
  await filters(page).getByLabel('Outcome').selectOption('failure');
  await filters(page).getByRole('button', { name: 'Apply' }).click();
  await expect(page).toHaveURL(/q=action%3Alogin&outcome=failure/);
  await usable(page);
  await expect(search(page)).toHaveValue('action:login');
  await search(page).fill('action:logout');
  await send(page).click();
  await expect(page).toHaveURL(/q=action%3Alogout&outcome=failure/);
});

test('a search that can’t be read is marked where it goes wrong, and the rest of the page works', async ({
  page,
  gotoPage,
  expectAccessible,
}) => {
  const answer = await gotoPage('/audit-logs/activity?q=update+secton%3ARole');
  expect(answer?.status()).toBe(400);
  await expect(notice(page).getByRole('heading', { name: "This search can't be read" })).toBeVisible();
  await expect(notice(page).locator('mark')).toHaveText('secton');
  await expect(search(page)).toHaveValue('update secton:Role');
  await expect(search(page)).toHaveAttribute('aria-invalid', 'true');
  await expect(search(page)).toHaveAccessibleDescription(/There is no field “secton”. Did you mean “section”\?/);
  await expect(filters(page).getByLabel('Category')).toBeVisible();
  await expectAccessible(page);

  await notice(page).getByRole('link', { name: 'update section:Role' }).click();
  await expect(page).toHaveURL(/q=update\+section%3ARole/);
  await expect(search(page)).not.toHaveAttribute('aria-invalid', 'true');
  await expect(notice(page).locator('mark')).toHaveCount(0);
});

test('a search that ends too early is marked at its end', async ({ page, gotoPage }) => {
  await gotoPage('/audit-logs/activity?q=update+OR');
  await expect(notice(page)).toContainText('Expected a word, “field:value” or “(” after OR');
  await expect(notice(page).locator('mark')).toHaveText(/here/);
});

test('the query language is explained with examples that work', async ({ page, gotoPage, expectAccessible }) => {
  await gotoPage('/audit-logs/all');
  await page.getByText('Query language').click();
  await expectAccessible(page);
  await page.getByRole('link', { name: 'action:delete OR action:revoke' }).click();
  await expect(page).toHaveURL(/q=action%3Adelete\+OR\+action%3Arevoke/);
  await expect(search(page)).toHaveValue('action:delete OR action:revoke');
});

test('the list says how many records match', async ({ page, gotoPage }) => {
  await gotoPage('/audit-logs/access');
  const total = notice(page).locator('.list__total');
  await expect(total).toHaveText(/^[\d,]+\+? records$/);
  const all = await total.innerText();
  await gotoPage('/audit-logs/access?outcome=failure');
  await expect(total).toHaveText(/^([\d,]+\+? records?|Up to [\d,]+ records)$/);
  expect(await total.innerText()).not.toBe(all);
});

test('values are chosen and dropped beside their counts', async ({ page, gotoPage, usable, expectAccessible }) => {
  await page.setViewportSize({ width: 1440, height: 900 });
  await gotoPage('/audit-logs/access');
  const value = filters(page).getByRole('link', { name: /^Failure [\d,]+\+?$/ });
  await value.click();
  await expect(page).toHaveURL(/outcome=failure/);
  await usable(page);
  await expect(value).toHaveAttribute('aria-current', 'true');
  await expectAccessible(page);
  // What is counted for a filter is what the others leave, so the other value is still there to add.
  await filters(page).getByRole('link', { name: /^Success [\d,]+\+?$/ }).click();
  await expect(page).toHaveURL(/outcome=failure&outcome=success/);
  await usable(page);
  await value.click();
  await expect(page).toHaveURL(/\?outcome=success$/);
});

test('columns are chosen, in the address, and go along', async ({ page, gotoPage, usable, expectAccessible }) => {
  await gotoPage('/audit-logs/activity');
  const list = page.getByRole('table', { name: /newest first/ });
  const head = (name: string) => list.getByRole('columnheader', { name, exact: true });
  const columns = page.locator('details.columns');
  await expectAccessible(page);
  await columns.locator('summary').click();
  await expectAccessible(page, '.columns');
  await columns.getByLabel('Property').uncheck();
  await columns.getByLabel('Brand').check();
  await columns.getByRole('button', { name: 'Show these' }).click();
  await expect(page).toHaveURL(/columns=time%2Cactor%2Caction%2Ccategory%2Csection%2Csummary%2Cip%2Cbrand/);
  await usable(page);
  await expect(head('Brand')).toBeVisible();
  await expect(head('Property')).toHaveCount(0);

  await search(page).fill('action:update');
  await send(page).click();
  await expect(page).toHaveURL(/q=action%3Aupdate&columns=/);
  await usable(page);
  await expect(head('Brand')).toBeVisible();
  const another = page.getByRole('navigation', { name: 'Logs' }).getByRole('link', { name: /^Access/ });
  await another.click();
  await expect(page).toHaveURL(/\/audit-logs\/access\?q=action%3Aupdate$/);
});

test('a bar of the histogram narrows the list to its time', async ({ page, gotoPage, usable }) => {
  await gotoPage('/audit-logs/activity');
  const bars = page.getByRole('group', { name: 'When they happened' });
  const fullest = bars.getByRole('link', { name: /: [\d,]{2,} records$/ }).first();
  await fullest.click();
  await expect(page).toHaveURL(/[?&]from=[^&]+Z&to=[^&]+Z/);
  await usable(page);
  await expect(records(page).first()).toBeVisible();
  await expect(page.getByRole('list', { name: 'Active filters' })).toContainText('From');
  await bars.getByRole('link', { name: 'All time' }).click();
  await expect(page).toHaveURL(/\/audit-logs\/activity$/);
});

test('a changed property is a way into the list', async ({ page, gotoPage }) => {
  await page.setViewportSize({ width: 1920, height: 900 });
  await gotoPage('/audit-logs/activity?q=property%3A*');
  const property = records(page).locator('.cell--property a').first();
  await property.click();
  await expect(page).toHaveURL(/q=property%3A\*\+property%3A/);
  await expect(records(page).first()).toBeVisible();
});
