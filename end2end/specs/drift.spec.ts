// The check of what is stored against what the log says.

import { expect, test } from '../support/fixtures';

test('somebody who may view audit logs checks, sees the outcome, and that leaves a record', async ({
  page,
  gotoPage,
  usable,
  signIn,
  expectAccessible,
}) => {
  await signIn(page, 'administrator');
  await gotoPage('/admin/drift');
  await expect(page.getByRole('heading', { level: 1, name: 'Drift check' })).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('button', { name: /^Check (now|again)$/ }).click();
  // It goes on in the background, and the page finds out by itself.
  await expect(page.getByText('Everything is as the log says.')).toBeVisible({ timeout: 20_000 });
  await expect(page.getByText(/^[\d,]+ things? compared with [\d,]+ records\.$/)).toBeVisible();
  await expect(page.getByRole('button', { name: 'Check again' })).toBeVisible();
  await expectAccessible(page);

  await gotoPage('/audit-logs/activity?event_type=drift.checked');
  await usable(page);
  await expect(page.getByText('Checked the log against what is stored: no difference').first()).toBeVisible();
});
