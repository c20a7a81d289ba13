// Saved views that are sent by mail. The views are made for each test; the mail server is set up by each, too.

import type { Page } from '@playwright/test';
import { expect } from '../support/fixtures';
import { type Mailbox, test } from '../support/mailbox';
import { row } from '../support/people';

const said = (page: Page, text: string | RegExp) => page.getByRole('status').filter({ hasText: text });
const menu = (page: Page) => page.locator('details.views');
const standing = (page: Page) => page.getByRole('region', { name: 'How it stands' });

type Open = (path: string, page?: Page) => Promise<unknown>;

let count = 0;
const unused = (name: string) => `${name} ${process.pid}-${Date.now()}-${(count += 1)}`;
const address = () => `${unused('ann').replace(/ /g, '-')}@harbor.example`;

/** Has mail sent to the mailbox. */
async function setUpMail(page: Page, open: Open, mailbox: Mailbox) {
  await open('/admin/email');
  await page.getByLabel('Host').fill('127.0.0.1');
  await page.getByLabel('Port', { exact: true }).fill(String(await mailbox.listen()));
  await page.getByLabel('Security').selectOption('none');
  await page.getByLabel('From name').fill('Northdesk');
  await page.getByLabel('From address').fill('desk@northdesk.example');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(said(page, 'The email settings are saved')).toBeVisible();
}

/** A view of failures, on the page of its report. */
async function openReport(page: Page, open: Open): Promise<string> {
  const name = unused('Failures');
  await open('/audit-logs/access?outcome=failure');
  await menu(page).locator('> summary').click();
  await menu(page).getByText('Save this view…').click();
  await menu(page).getByLabel('Name').fill(name);
  await menu(page).getByRole('button', { name: 'Save view' }).click();
  await expect(said(page, `The view “${name}” is saved`)).toBeVisible();
  await open('/audit-logs/views');
  await row(page, name).getByRole('link', { name: 'Send as a report' }).click();
  await page.waitForURL(/\/audit-logs\/views\/[^/]+\/report$/);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(`Report “${name}”`);
  return name;
}

test.beforeEach(async ({ page, signIn }) => signIn(page, 'administrator'));

test('a view is sent as a report, with its records', async ({ page, gotoPage, usable, mailbox, expectAccessible }) => {
  const to = [address(), address()].sort();
  await setUpMail(page, gotoPage, mailbox);
  const name = await openReport(page, gotoPage);
  await usable(page);
  await expect(standing(page)).toHaveCount(0);
  await expectAccessible(page);
  await page.getByLabel('How often').selectOption('week');
  await page.getByLabel('Weekday').selectOption('friday');
  await page.getByLabel('Hour').selectOption('7');
  await page.getByLabel('Recipients').fill(to.join('\n'));
  await page.getByRole('button', { name: 'Save report' }).click();
  await expect(said(page, 'The report is saved. It is sent next on')).toBeVisible();
  await expect(standing(page)).toContainText('Every week, on Friday at 07:00');
  await expect(standing(page)).toContainText('Not yet');
  await expectAccessible(page);

  await standing(page).getByRole('button', { name: 'Send now' }).click();
  await expect(said(page, 'The report is on its way to 2 addresses')).toBeVisible();
  await expect(standing(page)).toContainText('It was sent for');
  const attached = /Content-Disposition: attachment; filename="report-[-\w]+\.csv"/;
  for (const one of to) {
    await expect(() => expect(mailbox.to(one)).toEqual([expect.stringMatching(attached)])).toPass();
  }

  // What went along is on the message's page.
  await standing(page).getByRole('link', { name: 'Delivery history' }).click();
  await page.waitForURL(/\/email\/delivery-history$/);
  await row(page, to[0]).getByRole('link').first().click();
  await page.waitForURL(/\/email\/messages\//);
  await usable(page);
  const files = page.getByRole('list', { name: 'Attachments' });
  const downloading = page.waitForEvent('download');
  await files.getByRole('link', { name: /^report-.*\.csv$/ }).click();
  expect((await downloading).suggestedFilename()).toMatch(/^report-.*\.csv$/);
  await expectAccessible(page);
  await gotoPage(`/audit-logs/all?event_type=report_schedule.sent&q=${encodeURIComponent(`"${name}"`)}`);
  await expect(page.getByRole('table').getByText(`Sent report “${name}”`).first()).toBeVisible();
});

test('a report is stopped', async ({ page, gotoPage, mailbox }) => {
  await setUpMail(page, gotoPage, mailbox);
  const name = await openReport(page, gotoPage);
  await page.getByLabel('Recipients').fill(address());
  await page.getByRole('button', { name: 'Save report' }).click();
  await expect(standing(page)).toContainText('Every day at 08:00');
  await standing(page).getByText('Stop sending…').click();
  await standing(page).getByRole('button', { name: 'Stop sending', exact: true }).click();
  await expect(said(page, `“${name}” isn’t sent any more`)).toBeVisible();
  await expect(standing(page)).toHaveCount(0);
});

test('what is no address is refused, and what was typed stays', async ({ page, gotoPage, problems }) => {
  problems.allow(/422/);
  await openReport(page, gotoPage);
  await page.getByLabel('How often').selectOption('month');
  await page.getByLabel('Recipients').fill('ann@harbor.example\nbo');
  await page.getByRole('button', { name: 'Save report' }).click();
  await expect(page.getByLabel('Recipients')).toHaveAttribute('aria-invalid', 'true');
  await expect(page.getByLabel('Recipients')).toHaveAccessibleDescription(/“bo”: This is not an email address/);
  await expect(page.getByLabel('Recipients')).toHaveValue('ann@harbor.example\nbo');
  await expect(page.getByLabel('How often')).toHaveValue('month');
});
