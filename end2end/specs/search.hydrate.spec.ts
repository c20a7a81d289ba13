// What the search does while one types; only WebAssembly listens.

import type { Page } from '@playwright/test';
import { expect, test } from '../support/fixtures';

const search = (page: Page) => page.getByLabel('Search', { exact: true });
const options = (page: Page) => page.getByRole('listbox', { name: 'Suggestions' }).getByRole('option');

test.beforeEach(async ({ page, signIn, gotoPage }) => {
  await signIn(page, 'auditor');
  await gotoPage('/audit-logs/activity');
});

test('fields and values are offered and chosen with the keyboard', async ({ page, expectAccessible }) => {
  await page.keyboard.press('/');
  await expect(search(page)).toBeFocused();
  await page.keyboard.type('outc');
  await expect(options(page)).toHaveText([/outcome:/]);
  await expect(search(page)).toHaveAttribute('aria-expanded', 'true');
  await expectAccessible(page);
  await page.keyboard.press('ArrowDown');
  await expect(options(page).first()).toHaveAttribute('aria-selected', 'true');
  await expect(search(page)).toHaveAttribute('aria-activedescendant', await options(page).first().getAttribute('id') ?? '');
  await page.keyboard.press('Enter');
  await expect(search(page)).toHaveValue('outcome:');
  await expect(options(page)).toHaveText([/success/, /failure/]);
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Tab');
  await expect(search(page)).toHaveValue('outcome:failure ');
  await expect(search(page)).toBeFocused();
  await expect(search(page)).toHaveAttribute('aria-expanded', 'false');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/q=outcome%3Afailure$/);
});

test('known values are offered with their counts, in quotation marks where they need them', async ({ page }) => {
  await search(page).pressSequentially('category:');
  const spaced = options(page).filter({ hasText: /\w \w/ }).first();
  const name = (await spaced.locator('.options__label').innerText()).trim();
  await spaced.click();
  await expect(search(page)).toHaveValue(`category:"${name}" `);
  await expect(search(page)).toBeFocused();
});

test('Escape closes what is offered, and Enter without a choice searches for what stands there', async ({ page }) => {
  await search(page).pressSequentially('act');
  await expect(options(page).first()).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(options(page)).toHaveCount(0);
  await expect(search(page)).toHaveValue('act');
  await search(page).pressSequentially('i');
  await expect(options(page).first()).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/q=acti$/);
  await expect(options(page)).toHaveCount(0);
});

test('a mistake is marked and goes nowhere; mended, it goes', async ({ page, expectAccessible }) => {
  const before = page.url();
  await search(page).fill('(action:update');
  // Nobody is told off while typing.
  await expect(search(page)).not.toHaveAttribute('aria-invalid', 'true');
  await page.keyboard.press('Enter');
  await expect(search(page)).toHaveAttribute('aria-invalid', 'true');
  await expect(search(page)).toBeFocused();
  await expect(page.locator('#search-problem mark')).toHaveText('(');
  expect(page.url()).toBe(before);
  await expect(page.locator('tbody.event')).toHaveCount(50);
  await expectAccessible(page);
  await search(page).press('End');
  await page.keyboard.type(')');
  await expect(search(page)).not.toHaveAttribute('aria-invalid', 'true');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/q=%28action%3Aupdate%29$/);
});

test('a filter works while the text has a mistake', async ({ page }) => {
  await search(page).fill('secton:Role');
  await page.getByRole('search', { name: 'Filters' }).getByLabel('Outcome').selectOption('success');
  await expect(page).toHaveURL(/\/audit-logs\/activity\?outcome=success$/);
  await expect(search(page)).toHaveValue('secton:Role');
  await expect(page.locator('#search-problem mark')).toHaveText('secton');
});

test('neither opening a record nor turning the page counts again', async ({ page }) => {
  const asked: string[] = [];
  page.on('request', request => asked.push(new URL(request.url()).pathname));
  await page.getByRole('link', { name: 'Show details' }).first().click();
  await expect(page.locator('tr.event__detail')).toHaveCount(1);
  await page.getByRole('link', { name: /Older/ }).click();
  await expect(page).toHaveURL(/cursor=/);
  await expect(page.getByRole('link', { name: /Newer/ })).toBeVisible();
  expect(asked.filter(path => path.endsWith('audit_logs/overview'))).toEqual([]);
  await page.getByRole('search', { name: 'Filters' }).getByLabel('Outcome').selectOption('success');
  await expect.poll(() => asked.filter(path => path.endsWith('audit_logs/overview')).length).toBe(1);
});

test('a filter keeps the focus when the counts change', async ({ page }) => {
  const outcome = page.getByRole('search', { name: 'Filters' }).getByLabel('Outcome');
  await outcome.focus();
  await outcome.selectOption('success');
  await expect(page).toHaveURL(/outcome=success/);
  await expect(page.locator('section.list[aria-busy]')).toHaveCount(0);
  await expect(outcome).toBeFocused();
});
