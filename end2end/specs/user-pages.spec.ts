// One user's pages: who they are, what they did, their log; and what stays of who was deleted.

import type { Page } from '@playwright/test';
import { expect, test } from '../support/fixtures';
import { acceptInvitation, invite, manage, row, usersNamed } from '../support/people';

const said = (page: Page, text: string | RegExp) => page.getByRole('status').filter({ hasText: text });

test.beforeEach(async ({ page, signIn }) => {
  await signIn(page, 'administrator');
});

test('what somebody did is summed up, and each number leads to its records', async ({
  page,
  gotoPage,
  usable,
  expectAccessible,
}) => {
  await gotoPage(usersNamed('admin@northdesk.example'));
  await row(page, 'admin@northdesk.example').getByRole('rowheader').getByRole('link').click();
  await usable(page);
  await expect(page).toHaveURL(/\/admin\/users\/[0-9a-f-]+\/overview$/);
  await expect(page.getByRole('heading', { name: 'Signed in' })).toBeVisible();
  await expectAccessible(page);

  await page.getByRole('link', { name: 'Activity', exact: true }).click();
  await usable(page);
  await expect(page.getByRole('link', { name: 'Last 30 days' })).toHaveAttribute('aria-current', 'true');
  await expect(page.getByText(/Times and days in/)).toBeVisible();
  await expect(page.getByRole('group', { name: 'When they did it' })).toBeVisible();
  await expect(page.getByRole('table', { name: 'By section' })).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('link', { name: 'Last 7 days' }).click();
  await expect(page).toHaveURL(/activity\?from=-7d$/);
  await expect(page.getByRole('link', { name: 'Last 7 days' })).toHaveAttribute('aria-current', 'true');

  const section = page.getByRole('table', { name: 'By section' }).getByRole('rowheader').first();
  const name = await section.innerText();
  await section.getByRole('link').click();
  await usable(page);
  await expect(page).toHaveURL(/\/audit-logs\/all\?from=-7d&actor=[0-9a-f-]+&section=|section=.*actor=/);
  await expect(page.getByRole('list', { name: 'Active filters' })).toContainText(name);
});

test('a period is chosen by its dates', async ({ page, gotoPage, usable }) => {
  await gotoPage(usersNamed('admin@northdesk.example'));
  await row(page, 'admin@northdesk.example').getByRole('rowheader').getByRole('link').click();
  await usable(page);
  await page.getByRole('link', { name: 'Activity', exact: true }).click();
  await usable(page);
  await page.getByLabel('From').fill('2001-01-01');
  await page.getByLabel('To', { exact: true }).fill('2001-01-31');
  await page.getByRole('button', { name: 'Show', exact: true }).click();
  await usable(page);
  await expect(page).toHaveURL(/from=2001-01-01&to=2001-01-31/);
  await expect(page.getByText('0 records')).toBeVisible();
});

test('an auditor sees what somebody did, and not how users are managed', async ({
  page,
  gotoPage,
  newVisitor,
  signIn,
  problems,
}) => {
  problems.allow(/403/);
  await gotoPage(usersNamed('agent@northdesk.example'));
  const href = await row(page, 'agent@northdesk.example').getByRole('rowheader').getByRole('link').getAttribute('href');
  const auditor = await newVisitor();
  await signIn(auditor, 'auditor');
  await gotoPage(`${href}`, auditor);
  await expect(auditor).toHaveURL(/\/activity$/);
  await expect(auditor.getByRole('navigation', { name: /^Pages of / }).getByRole('link')).toHaveText([
    'Activity',
    'Audit log',
  ]);
  const answer = await gotoPage(`${href}/overview`, auditor);
  expect(answer?.status()).toBe(403);
});

test('who is deleted is out at once; their name and what they were stay', async ({
  page,
  gotoPage,
  usable,
  newVisitor,
  expectAccessible,
  problems,
}) => {
  problems.allow(/422/);
  const { email, link } = await invite(page, gotoPage, 'Dora Departing', 'Auditor');
  const visitor = await newVisitor();
  await gotoPage(link, visitor);
  await acceptInvitation(visitor, 'eleven brass buttons on a coat');
  await expect(visitor).toHaveURL(/\/audit-logs\/activity$/);

  await manage(page, gotoPage, email);
  const its = page.url().replace(/\/overview$/, '');
  await page.getByText('Delete…').click();
  await expect(page.getByText('Delete Dora Departing for good?')).toBeVisible();
  await page.getByLabel('Their email address, to confirm').fill('somebody@else.example');
  await page.getByRole('button', { name: 'Delete Dora Departing' }).click();
  await expect(page.locator('.field__problem').filter({ hasText: `Type ${email} to confirm.` })).toBeVisible();
  await page.getByLabel('Their email address, to confirm').fill(email);
  await page.getByRole('button', { name: 'Delete Dora Departing' }).click();
  await expect(said(page, 'Dora Departing is deleted.')).toBeVisible();
  await gotoPage(usersNamed(email));
  await expect(page.getByRole('heading', { name: 'Nothing matches' })).toBeVisible();

  await gotoPage('/audit-logs/activity', visitor);
  await expect(visitor).toHaveURL(/\/sign-in/);

  const answer = await gotoPage(`${its}`);
  expect(answer?.status()).toBe(200);
  await expect(page.getByRole('heading', { level: 1, name: /Dora Departing/ })).toContainText('Deleted');
  await expect(page.getByText(/Dora Departing was deleted on .* by /)).toBeVisible();
  await expect(page.locator('dd').filter({ hasText: email })).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('link', { name: 'Audit log', exact: true }).click();
  await usable(page);
  await expect(page.getByText('Deleted user “Dora Departing”').first()).toBeVisible();
});
