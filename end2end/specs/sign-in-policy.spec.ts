// How long sessions last, how long passwords are, from where people come in.

import { expect, test } from '../support/fixtures';

test('the policy is changed, and mistakes are said beside the field', async ({
  page,
  signIn,
  gotoPage,
  usable,
  expectAccessible,
  problems,
}) => {
  problems.allow(/422/);
  await signIn(page, 'administrator');
  await gotoPage('/admin/settings');
  await page.getByRole('link', { name: 'Sign-in policy' }).click();
  await page.waitForURL(/\/admin\/sign-in$/);
  await usable(page);
  await expectAccessible(page);
  const idle = page.getByLabel('Minutes without a request');
  const networks = page.getByLabel('Networks from which people come in');
  const save = page.getByRole('button', { name: 'Save policy' });
  await idle.fill('3');
  await save.click();
  await usable(page);
  await expect(page.locator('.field__problem').filter({ hasText: 'not a number from 5' })).toBeVisible();
  await expect(idle).toHaveValue('3');
  await idle.fill('240');
  await networks.fill('203.0.113.0/24');
  await save.click();
  await usable(page);
  await expect(page.locator('.field__problem').filter({ hasText: 'you would lock yourself out' })).toBeVisible();
  await networks.fill('127.0.0.1\n203.0.113.7/24');
  await save.click();
  await expect(page.getByRole('status').filter({ hasText: 'The sign-in policy is saved.' })).toBeVisible();
  await gotoPage('/admin/sign-in');
  await expect(networks).toHaveValue('127.0.0.1/32\n203.0.113.0/24');
  await gotoPage('/audit-logs/activity?event_type=sign_in_policy.updated');
  await expect(page.locator('tbody.event').first()).toContainText('sign-in policy');

  await gotoPage('/admin/sign-in');
  await networks.fill('');
  await idle.fill('720');
  await save.click();
  await expect(page.getByRole('status').filter({ hasText: 'The sign-in policy is saved.' })).toBeVisible();
});
