// What the keys do in a log; only WebAssembly listens to them.

import { expect, test } from '../support/fixtures';

test.beforeEach(async ({ page, signIn, gotoPage }) => {
  await signIn(page, 'auditor');
  await gotoPage('/audit-logs/activity');
});

test('j and k move, o opens, Escape closes', async ({ page }) => {
  const toggles = page.locator('tbody.event a.toggle');
  await page.keyboard.press('j');
  await expect(toggles.nth(0)).toBeFocused();
  await page.keyboard.press('j');
  await expect(toggles.nth(1)).toBeFocused();
  await page.keyboard.press('k');
  await expect(toggles.nth(0)).toBeFocused();
  await page.keyboard.press('o');
  await expect(page.locator('tr.event__detail')).toHaveCount(1);
  await expect(toggles.nth(0)).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(page.locator('tr.event__detail')).toHaveCount(0);
});

test('brackets change the log, a slash goes to the search', async ({ page }) => {
  await page.keyboard.press(']');
  await expect(page).toHaveURL(/\/audit-logs\/access$/);
  await page.keyboard.press('[');
  await expect(page).toHaveURL(/\/audit-logs\/activity$/);
  await page.keyboard.press('/');
  await expect(page.getByLabel('Search', { exact: true })).toBeFocused();
});

test('no key does anything while somebody types', async ({ page }) => {
  const who = page.getByRole('search', { name: 'Filters' }).getByLabel('Performed by');
  await who.fill('');
  await who.pressSequentially('jko]');
  await expect(who).toHaveValue('jko]');
  await expect(page).toHaveURL(/\/audit-logs\/activity$/);
});

test('a question mark explains the keys', async ({ page, expectAccessible }) => {
  await page.keyboard.press('?');
  const dialog = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
  await expect(dialog).toBeVisible();
  await expectAccessible(page);
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
});

test('opening a record asks for nothing but the record', async ({ page }) => {
  const documents: string[] = [];
  page.on('request', request => {
    if (request.isNavigationRequest()) {
      documents.push(request.url());
    }
  });
  await page.getByRole('link', { name: 'Show details' }).first().click();
  await expect(page.locator('tr.event__detail')).toHaveCount(1);
  await page.getByRole('navigation', { name: 'Logs' }).getByRole('link', { name: /^Access/ }).click();
  await expect(page).toHaveURL(/\/audit-logs\/access$/);
  expect(documents).toEqual([]);
});
