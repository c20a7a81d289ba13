// A thing at two moments.

import { expect, test } from '../support/fixtures';

test('a role is compared with what it is now, and with other moments', async ({
  page,
  signIn,
  gotoPage,
  expectAccessible,
}) => {
  await signIn(page, 'auditor');
  await gotoPage('/audit-logs/activity?event_type=role.updated&outcome=success');
  await page.getByRole('link', { name: 'Show details' }).last().click();
  await page.getByRole('link', { name: 'Compare with now' }).click();
  await expect(page.getByRole('heading', { level: 1, name: /at two moments$/ })).toBeVisible();
  await expectAccessible(page);
  const history = page.getByRole('table', { name: 'All records of this' });
  const before = history.getByRole('radio', { name: /^Before: / });
  // The oldest record is the last line.
  await before.last().check();
  await page.getByRole('button', { name: 'Compare' }).click();
  await expect(page).toHaveURL(/[?&]a=[0-9a-f-]{36}/);
  await expect(page).toHaveURL(/[?&]b=now/);
  await expect(before.last()).toBeChecked();
});
