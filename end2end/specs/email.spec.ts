// Email against a real mail server on this machine.

import type { Page } from '@playwright/test';
import { expect } from '../support/fixtures';
import { test } from '../support/mailbox';
import { row } from '../support/people';

let count = 0;
const unused = (name: string) => `${name}-${process.pid}-${Date.now()}-${(count += 1)}`;

const said = (page: Page, text: string | RegExp) => page.getByRole('status').filter({ hasText: text });
const title = (page: Page) => page.getByRole('heading', { level: 1 });

type Open = (path: string, page?: Page) => Promise<unknown>;

/** Fills in the settings as an administrator does. */
async function setUp(page: Page, open: Open, port: number) {
  await open('/admin/email');
  await page.getByLabel('Host').fill('127.0.0.1');
  await page.getByLabel('Port', { exact: true }).fill(String(port));
  await page.getByLabel('Security').selectOption('none');
  await page.getByLabel('From name').fill('Northdesk');
  await page.getByLabel('From address').fill('desk@northdesk.example');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(said(page, 'The email settings are saved')).toBeVisible();
}

/** Sends a test message; its page comes up. */
async function sendTest(page: Page, to: string) {
  const form = page.getByRole('region', { name: 'Send a test message' });
  await form.getByLabel('To').fill(to);
  await form.getByRole('button', { name: 'Send a test message' }).click();
  await page.waitForURL(/\/email\/messages\//);
}

/** Looks again until the message stands so; where there is JavaScript, it would by itself. */
async function until(page: Page, status: string) {
  await expect(async () => {
    await page.reload();
    await expect(title(page)).toContainText(status, { timeout: 500 });
  }).toPass();
}

test.beforeEach(async ({ page, signIn }) => signIn(page, 'administrator'));

test('a test message goes out, and is found in the delivery history', async ({
  page,
  gotoPage,
  usable,
  mailbox,
  expectAccessible,
}) => {
  const to = `${unused('ann')}@harbor.example`;
  await setUp(page, gotoPage, await mailbox.listen());
  await expect(page.getByLabel('Password')).toHaveValue('');
  await expectAccessible(page);
  await sendTest(page, to);
  await until(page, 'Sent');
  await usable(page);
  expect(mailbox.to(to)).toEqual([expect.stringContaining('desk@northdesk.example')]);
  await expect(page.getByRole('listitem').filter({ hasText: 'reported by' }).last()).toContainText('Sent');
  await expectAccessible(page);

  await page.getByRole('link', { name: 'Delivery history' }).click();
  await page.waitForURL(/\/email\/delivery-history$/);
  await page.getByRole('searchbox').fill(to);
  await page.getByRole('button', { name: 'Search' }).click();
  await page.waitForURL(/q=/);
  await expect(page.getByText('1 message', { exact: true })).toBeVisible();
  await expect(row(page, to)).toContainText('Sent');
  const filters = page.getByRole('complementary', { name: 'Filters' });
  await filters.getByRole('link', { name: /^Sent/ }).click();
  await page.waitForURL(/status=sent/);
  await expect(row(page, to)).toBeVisible();
  await expectAccessible(page);
  // The search is dropped by itself; the filter stays.
  await page.getByRole('list', { name: 'Active filters' }).getByRole('link', { name: to }).click();
  await page.waitForURL(url => !url.searchParams.has('q') && url.searchParams.get('status') === 'sent');
  await row(page, to).getByRole('link').first().click();
  await page.waitForURL(/\/email\/messages\//);
  await expect(title(page)).toContainText('Sent');
});

test('what the recipient’s server refuses is told with its words', async ({ page, gotoPage, mailbox, expectAccessible }) => {
  await setUp(page, gotoPage, await mailbox.listen());
  await sendTest(page, `${unused('nobody')}@harbor.example`);
  await until(page, 'Bounced · hard');
  await expect(page.getByText('No such mailbox here')).toBeVisible();
  await expect(page.getByText('on the suppression list (hard bounce)')).toBeVisible();
  await page.getByRole('link', { name: 'See it there' }).click();
  await page.waitForURL(/\/email\/suppressions\?q=/);
  await expect(page.getByRole('table')).toContainText('Hard bounce');
  await expectAccessible(page);
});

test('an address on the suppression list gets nothing until it is removed', async ({
  page,
  gotoPage,
  mailbox,
  expectAccessible,
}) => {
  const to = `${unused('quiet')}@harbor.example`;
  await setUp(page, gotoPage, await mailbox.listen());
  await gotoPage('/email/suppressions');
  const form = page.getByRole('region', { name: 'Add an address' });
  await form.getByLabel('Address').fill(to);
  await form.getByLabel('Note').fill('Asked by phone');
  await form.getByRole('button', { name: 'Add address' }).click();
  await expect(said(page, `Nothing is sent to ${to}`)).toBeVisible();
  await expect(row(page, to)).toContainText('Asked by phone');
  await expect(form.getByLabel('Address')).toHaveValue('');
  await expectAccessible(page);

  await gotoPage('/admin/email');
  await sendTest(page, to);
  await until(page, 'Suppressed');
  expect(mailbox.to(to)).toEqual([]);
  await page.getByRole('link', { name: 'See it there' }).click();
  await page.waitForURL(/\/email\/suppressions\?q=/);
  await page.getByRole('button', { name: `Remove ${to}` }).click();
  await expect(said(page, `${to} may be mailed again`)).toBeVisible();
  await expect(row(page, to)).toHaveCount(0);

  await page.getByRole('button', { name: `Put it back ${to}` }).click();
  await expect(said(page, `Nothing is sent to ${to}`)).toBeVisible();
  await expect(row(page, to)).toContainText('Added by hand');
  await page.getByRole('navigation', { name: 'Reason' }).getByRole('link', { name: 'Added by hand' }).click();
  await page.waitForURL(/reason=manual/);
  await expect(row(page, to)).toBeVisible();
});

test('what can’t be is refused beside its field', async ({ page, gotoPage, problems, expectAccessible }) => {
  problems.allow(/422/);
  await gotoPage('/email/suppressions');
  const long = `${'x'.repeat(65)}@harbor.example`;
  const address = page.getByRole('region', { name: 'Add an address' }).getByLabel('Address');
  await address.fill(long);
  await page.getByRole('button', { name: 'Add address' }).click();
  await expect(address).toHaveAccessibleDescription(/not an email address/);
  await expect(address).toHaveValue(long);
  await expectAccessible(page);

  await gotoPage('/admin/email');
  await page.getByLabel('Host').fill('mail.example');
  await page.getByLabel('Port', { exact: true }).fill('none');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.getByLabel('Port', { exact: true })).toHaveAccessibleDescription(/a number from 1 to 65,535/);
  await expect(page.getByLabel('Host')).toHaveValue('mail.example');
});

test('what another system reports is found, also by date', async ({ page, server, gotoPage, expectAccessible }) => {
  const key = (await server.command('api-key', 'create', unused('mailer'), '--scope', 'email:write')).trim();
  const answer = await page.request.post('/api/v2/email-messages', {
    headers: { authorization: `Bearer ${key}` },
    data: {
      to: 'ann@harbor.example',
      subject: 'Your ticket',
      template: 'ticket_update',
      events: [{ status: 'delivered', at: '2026-11-20T10:00:00Z' }],
    },
  });
  expect(answer.ok(), await answer.text()).toBe(true);
  await gotoPage('/email/delivery-history?template=ticket_update');
  await expect(row(page, 'ann@harbor.example').first()).toContainText('Delivered');
  await expectAccessible(page);
  await row(page, 'ann@harbor.example').getByRole('link', { name: 'Your ticket' }).first().click();
  await page.waitForURL(/\/email\/messages\//);
  await expect(title(page)).toContainText('Your ticket');
  await expect(page.getByRole('listitem').filter({ hasText: 'reported by' })).toContainText('Delivered');
  await expect(page.getByText("The body isn't kept.")).toBeVisible();
  await expect(page.getByRole('button', { name: 'Send again' })).toHaveCount(0);
  await expectAccessible(page);

  await gotoPage('/email/delivery-history?template=ticket_update');
  await page.getByLabel('Until').fill('2020-01-01');
  await page.getByRole('button', { name: 'Search' }).click();
  await page.waitForURL(/to=2020-01-01/);
  await expect(page.getByRole('heading', { name: 'Nothing matches' })).toBeVisible();
  await expect(page.getByLabel('Until')).toHaveValue('2020-01-01');
});

test('who may not see the history is told so', async ({ newVisitor, gotoPage, signIn, expectAccessible }) => {
  const page = await newVisitor();
  await signIn(page, 'agent');
  const answer = await gotoPage('/email/delivery-history', page);
  expect(answer?.status()).toBe(403);
  await expect(page.getByText('View email history')).toBeVisible();
  await expectAccessible(page);
});

test('a company has its own list', async ({ page, gotoPage, expectAccessible }) => {
  await gotoPage('/companies/new');
  await page.getByLabel('Name').first().fill(unused('Harbor'));
  await page.getByRole('button', { name: /^Create / }).click();
  await page.waitForURL(/\/overview$/);
  await page.getByRole('navigation', { name: /^Pages of / }).getByRole('link', { name: 'Emails' }).click();
  await page.waitForURL(/\/companies\/.*\/emails$/);
  await expect(page.getByRole('heading', { name: 'No messages yet' })).toBeVisible();
  await expect(page.getByRole('searchbox')).toBeVisible();
  await expectAccessible(page);
});
