// Records that come in while a list is looked at.

import { expect, test } from '../support/fixtures';

test('news are told, nothing moves until they are asked for', async ({ page, newVisitor, signIn, gotoPage }) => {
  await signIn(page, 'auditor');
  await gotoPage('/audit-logs/access');
  const rows = page.locator('tbody.event');
  const newest = await rows.first().innerText();
  const other = await newVisitor();
  await signIn(other, 'agent');
  await signIn(other, 'agent');
  const news = page.getByRole('link', { name: /^\d+ new records?$/ });
  await expect(news).toBeVisible();
  expect(await rows.first().innerText()).toBe(newest);
  await news.click();
  await expect(news).toBeHidden();
  await expect.poll(() => rows.first().innerText()).not.toBe(newest);
});
