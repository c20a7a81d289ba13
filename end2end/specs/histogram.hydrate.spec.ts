// The bars over a list with keyboard and pointer; as plain links they are in search.spec.ts.

import type { Page } from '@playwright/test';
import { expect, test } from '../support/fixtures';

const histogram = (page: Page) => page.getByRole('group', { name: 'When they happened' });
const bars = (page: Page) => histogram(page).locator('.histo__bar a');
const picked = (page: Page) => histogram(page).locator('.histo__bar--picked');

/** What the address narrows the list to, in milliseconds. */
const range = (page: Page) => {
  const { searchParams } = new URL(page.url());
  return [Date.parse(searchParams.get('from') ?? ''), Date.parse(searchParams.get('to') ?? '')] as const;
};

test.beforeEach(async ({ page, signIn, gotoPage }) => {
  await signIn(page, 'auditor');
  await gotoPage('/audit-logs/activity');
});

test('the bars are one stop, and the arrows move between them', async ({ page, expectAccessible }) => {
  await expect(bars(page).locator('xpath=self::*[@tabindex="0"]')).toHaveCount(1);
  await bars(page).last().focus();
  await page.keyboard.press('ArrowLeft');
  const before = bars(page).nth(-2);
  await expect(before).toBeFocused();
  await expect(before).toHaveAttribute('tabindex', '0');
  await expect(before).toHaveAccessibleName(/\d: (up to )?[\d,]+ records?$/i);
  await page.keyboard.press('Home');
  await expect(bars(page).first()).toBeFocused();
  await page.keyboard.press('End');
  await expect(bars(page).last()).toBeFocused();
  await expectAccessible(page);
});

test('Shift and the arrows pick a range, Enter narrows to it, Escape drops it', async ({ page }) => {
  await bars(page).last().focus();
  await page.keyboard.press('Shift+ArrowLeft');
  await page.keyboard.press('Shift+ArrowLeft');
  await expect(picked(page)).toHaveCount(3);
  await expect(histogram(page)).toContainText(/ to .*records/);
  await page.keyboard.press('Escape');
  await expect(picked(page)).toHaveCount(0);
  await expect(page).not.toHaveURL(/from=/);
  await page.keyboard.press('Shift+ArrowRight');
  await page.keyboard.press('Shift+ArrowRight');
  await expect(picked(page)).toHaveCount(3);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/[?&]from=[^&]+Z&to=[^&]+Z/);
  const [from, to] = range(page);
  expect(to).toBeGreaterThan(from);
  // The way goes on from here without a pointer.
  await expect(histogram(page).locator('.histo__bar a:focus')).toHaveCount(1);
});

test('dragging over bars narrows to their time, and the way back is wider', async ({ page }) => {
  const from = await bars(page).nth(2).boundingBox();
  const to = await bars(page).nth(8).boundingBox();
  if (!from || !to) {
    throw new Error('the bars are not shown');
  }
  const height = from.y + from.height / 2;
  await page.mouse.move(to.x + to.width / 2, height);
  await page.mouse.down();
  await page.mouse.move(from.x + from.width / 2, height, { steps: 8 });
  await expect(picked(page)).toHaveCount(7);
  await page.mouse.up();
  await expect(page).toHaveURL(/[?&]from=[^&]+Z&to=[^&]+Z/);
  const narrow = range(page);

  await histogram(page).getByRole('link', { name: 'Wider range' }).click();
  await expect.poll(() => range(page)[0]).toBeLessThan(narrow[0]);
  await expect.poll(() => range(page)[1]).toBeGreaterThan(narrow[1]);
});

test('Escape ends a drag and nothing happens', async ({ page }) => {
  const from = await bars(page).nth(2).boundingBox();
  const to = await bars(page).nth(8).boundingBox();
  if (!from || !to) {
    throw new Error('the bars are not shown');
  }
  const height = from.y + from.height / 2;
  await page.mouse.move(from.x + from.width / 2, height);
  await page.mouse.down();
  await page.mouse.move(to.x, height, { steps: 8 });
  await page.keyboard.press('Escape');
  await expect(picked(page)).toHaveCount(0);
  await page.mouse.up();
  await expect(page).toHaveURL(/\/audit-logs\/activity$/);
});

test('a click on a bar narrows to it', async ({ page }) => {
  await bars(page).nth(-2).click();
  await expect(page).toHaveURL(/[?&]from=[^&]+Z&to=[^&]+Z/);
});
