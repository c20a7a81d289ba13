// Appearing as another user: the form, the banner, the way back, and what stands in the log.

import type { Page } from '@playwright/test';
import { expect, people, test } from '../support/fixtures';
import { row, usersNamed } from '../support/people';

const banner = (page: Page) => page.getByRole('complementary', { name: 'Appearing as another user' });

test('an administrator looks at Daybook as an auditor does, and comes back', async ({
  page,
  signIn,
  gotoPage,
  usable,
  expectAccessible,
  problems,
}) => {
  problems.allow(/403/);
  await signIn(page, 'administrator');
  await gotoPage(usersNamed(people.auditor.email));
  await row(page, people.auditor.email).getByRole('rowheader').getByRole('link').click();
  await usable(page);
  await page.getByRole('link', { name: 'Appear as them' }).click();
  await page.waitForURL(/\/impersonate$/);
  await usable(page);
  await expectAccessible(page);
  await page.getByLabel('Reason').fill('   ');
  await page.getByRole('button', { name: 'Begin' }).click();
  await usable(page);
  await expect(page.locator('.field__problem').filter({ hasText: 'Say why' })).toBeVisible();
  await page.getByLabel('Reason').fill('Ticket 4711: cannot open the access log');
  await page.getByLabel('For how long').selectOption('15');
  await page.getByRole('button', { name: 'Begin' }).click();
  await usable(page);
  await expect(banner(page)).toContainText('until');
  await expect(banner(page)).toContainText('Ticket 4711: cannot open the access log');
  await expectAccessible(page);
  // What an auditor sees, and no more.
  await expect(page.getByRole('link', { name: 'Users', exact: true })).toHaveCount(0);
  await gotoPage('/admin/users');
  await expect(page.getByRole('heading', { level: 1 })).toContainText(/permission|may not|see/i);
  await gotoPage('/account');
  await expect(page.getByText('can be seen and not changed')).toBeVisible();

  await page.getByRole('button', { name: 'Be yourself again' }).click();
  await usable(page);
  await expect(page.getByRole('status').filter({ hasText: 'You are yourself again.' })).toBeVisible();
  await expect(banner(page)).toHaveCount(0);
  await expect(page).toHaveURL(/\/admin\/users\/[0-9a-f-]+\/overview$/);

  await gotoPage('/audit-logs/access?event_type=access.denied');
  const denied = page.locator('tbody.event').first();
  await expect(denied).toContainText('Needs the permission “Manage users”');
  await expect(denied).toContainText(/ as /);
  await gotoPage('/audit-logs/all?q=4711');
  await expect(page.locator('tbody.event')).toHaveCount(2);
  await expect(page.locator('tbody.event').last()).toContainText('began to appear as');
});

test('nobody appears as themselves, and who may not is not asked', async ({ page, signIn, gotoPage, usable, problems }) => {
  problems.allow(/403/);
  await signIn(page, 'administrator');
  await gotoPage(usersNamed(people.administrator.email));
  await row(page, people.administrator.email).getByRole('rowheader').getByRole('link').click();
  await usable(page);
  await expect(page.getByRole('link', { name: 'Appear as them' })).toHaveCount(0);
  const own = page.url().replace(/overview$/, 'impersonate');
  await gotoPage(own);
  await expect(page.getByText('This is you.')).toBeVisible();
  await signIn(page, 'auditor');
  const answer = await gotoPage(own);
  expect(answer?.status()).toBe(403);
});
