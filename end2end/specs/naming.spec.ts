// What agents are called (R24). The helpdesk product is set back after each test: others read the words, too.

import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { expect, test } from '../support/fixtures';

type Goto = (path: string) => Promise<unknown>;

const said = (page: Page, text: string | RegExp) => page.getByRole('status').filter({ hasText: text });
const menu = (page: Page) => page.getByRole('navigation', { name: 'Portal' });

async function choose(page: Page, gotoPage: Goto, product: string, agents: string) {
  await gotoPage('/admin/settings');
  await page.getByLabel('Product').selectOption(product);
  await page.getByRole('button', { name: 'Set integration' }).click();
  await expect(said(page, `Agents are called “${agents}” now.`)).toBeVisible();
}

test.beforeEach(async ({ page, signIn, gotoPage }) => {
  await signIn(page, 'administrator');
  await choose(page, gotoPage, 'connectwise', 'Members');
});

test.afterEach(async ({ page, gotoPage }) => {
  await choose(page, gotoPage, 'none', 'Service agents');
  await expect(menu(page).getByRole('link', { name: 'Service agents' })).toBeVisible();
});

test('menu, titles and lists follow the helpdesk at once', async ({ page, gotoPage, expectAccessible }) => {
  await expect(menu(page).getByRole('link', { name: 'Members' })).toBeVisible();
  await expect(menu(page).getByRole('link', { name: 'Service agents' })).toHaveCount(0);
  await expectAccessible(page);

  await gotoPage('/agents');
  await expect(page).toHaveTitle(/^Members · /);
  await expect(page.getByRole('heading', { level: 1, name: 'Members' })).toBeVisible();
  await expect(page.getByRole('link', { name: 'New member' }).first()).toBeVisible();
  await expect(page.getByText(/(\d|No) members/).first()).toBeVisible();
  await expect(page.getByText(/service agent/i)).toHaveCount(0);

  await gotoPage('/agents/new');
  await expect(page.getByRole('heading', { level: 1, name: 'New member' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Create member' })).toBeVisible();

  await gotoPage('/event-types?q=member');
  await expect(page.getByText('Member changed', { exact: true })).toBeVisible();
  await gotoPage('/audit-logs/work-session');
  await expect(page.getByRole('columnheader', { name: 'Member' })).toBeAttached();
});

test('what is recorded of old is shown, found and exported by the word', async ({ page, gotoPage, usable }) => {
  await gotoPage('/audit-logs/all?q=section:Member&columns=time,section,summary');
  const first = page.locator('tbody.event').first();
  await expect(first).toBeVisible();
  await expect(first.getByRole('link', { name: 'Member', exact: true })).toBeVisible();

  await first.getByRole('link', { name: 'Member', exact: true }).click();
  await usable(page);
  await expect(page).toHaveURL(/section=Service\+agent/);
  await expect(page.getByRole('list', { name: 'Active filters' })).toContainText('Member');

  await page.locator('summary', { hasText: 'Export' }).click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'CSV for spreadsheets' }).click(),
  ]);
  const [head, ...lines] = (await readFile(await download.path(), 'utf8')).trim().split('\r\n');
  expect(head).toContain(',category,section,summary,');
  expect(lines.length).toBeGreaterThan(0);
  for (const line of lines.filter(line => /^[0-9a-f]{8}-/.test(line))) {
    expect(line).toContain(',Member,');
  }

  const detail = page.locator('tbody.event').first().getByRole('link', { name: /Show details/ });
  await detail.click();
  await usable(page);
  const context = page.locator('.event__detail .facts').first();
  await expect(context.getByText('Member', { exact: true }).first()).toBeVisible();
});
