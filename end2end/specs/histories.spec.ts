// The log of everything that can be set, for whoever may read logs; and what roles, users and settings were, and are again.

import type { Page } from '@playwright/test';
import { expect, test } from '../support/fixtures';

const said = (page: Page, text: string | RegExp) => page.getByRole('status').filter({ hasText: text });
const tabs = (page: Page) => page.getByRole('navigation', { name: /^Pages of / }).getByRole('link');

let count = 0;
const unused = (name: string) => `${name} ${process.pid}-${Date.now()}-${(count += 1)}`;

test.beforeEach(async ({ page, signIn }) => {
  await signIn(page, 'administrator');
});

async function makeRole(page: Page, gotoPage: (path: string) => Promise<unknown>, name: string): Promise<string> {
  await gotoPage('/admin/roles/new');
  await page.getByLabel('Name').fill(name);
  await page.getByRole('checkbox', { name: 'View audit logs' }).check();
  await page.getByRole('button', { name: 'Create role' }).click();
  await expect(said(page, `The role “${name}” is there`)).toBeVisible();
  const href = await page.getByRole('table', { name: 'Roles' }).getByRole('link', { name }).getAttribute('href');
  return `${href}`;
}

test('an auditor reads what the log says of a brand and a role, and nothing else of them', async ({
  page,
  gotoPage,
  usable,
  newVisitor,
  signIn,
  problems,
  expectAccessible,
}) => {
  problems.allow(/403/);
  const [brand, role] = [unused('Brand'), unused('Role')];
  await gotoPage('/admin/brands/new');
  await page.getByLabel('Name').fill(brand);
  await page.getByRole('button', { name: 'Create brand' }).click();
  await page.waitForURL(/\/overview$/);
  const its = page.url().replace(/\/overview$/, '');
  const ofRole = await makeRole(page, gotoPage, role);

  const auditor = await newVisitor();
  await signIn(auditor, 'auditor');
  for (const [address, name] of [
    [its, brand],
    [`${ofRole}/audit-log`, role],
  ] as const) {
    await gotoPage(address, auditor);
    await expect(auditor).toHaveURL(/\/audit-log$/);
    await expect(auditor.getByRole('heading', { level: 1 })).toHaveText(new RegExp(name));
    await expect(tabs(auditor)).toHaveText(['Audit log']);
    await expect(auditor.getByRole('table', { name: /newest first/ }).getByRole('row')).toHaveCount(2);
    // Whatever leads on from here leads somewhere.
    await auditor.locator('.page-head__back a').click();
    await usable(auditor);
    await expect(auditor).toHaveURL(/\/audit-logs\//);
  }
  for (const closed of [`${its}/overview`, `${its}/past`, ofRole, `${ofRole}/past`]) {
    expect((await gotoPage(closed, auditor))?.status(), closed).toBe(403);
  }
  await gotoPage(`${ofRole}/audit-log`);
  await expect(tabs(page)).toHaveText(['Permissions', 'Audit log', 'Past states']);
  await expectAccessible(page);
});

test('a role is given back what it was, and its log says so', async ({ page, gotoPage, usable, expectAccessible }) => {
  const name = unused('Desk lead');
  const role = await makeRole(page, gotoPage, name);
  await gotoPage(role);
  await page.getByRole('checkbox', { name: 'View audit logs' }).uncheck();
  await page.getByLabel('Description').fill('Leads a desk.');
  await page.getByRole('button', { name: 'Save changes' }).click();
  await expect(said(page, `The role “${name}” is saved`)).toBeVisible();

  await gotoPage(role);
  await page.getByRole('link', { name: 'Past states' }).click();
  await page.waitForURL(/\/past$/);
  await usable(page);
  await expectAccessible(page);
  await page.getByRole('link', { name: /^As it was then/ }).last().click();
  await page.waitForURL(/\/past\?at=/);
  await usable(page);
  const states = page.getByRole('table', { name: 'Past states' });
  await expect(states.getByRole('row', { name: /Permissions/ })).toContainText('Differs');
  await expectAccessible(page);
  await page.getByRole('checkbox', { name: 'Restore Description' }).uncheck();
  await page.getByRole('button', { name: 'Restore the ticked values' }).click();
  await expect(said(page, `Restored “${name}”.`)).toBeVisible();
  await gotoPage(role);
  await expect(page.getByRole('checkbox', { name: 'View audit logs' })).toBeChecked();
  await expect(page.getByLabel('Description')).toHaveValue('Leads a desk.');
  await page.getByRole('link', { name: 'Audit log', exact: true }).click();
  await page.waitForURL(/\/audit-log$/);
  await usable(page);
  await expect(page.getByRole('table', { name: /newest first/ }).getByRole('row')).toHaveCount(4);
});

test('settings lead to their log and to what they were', async ({ page, gotoPage, usable, expectAccessible }) => {
  for (const [address, section] of [
    ['/admin/settings', 'Workspace'],
    ['/admin/sign-in', 'Sign-in policy'],
    ['/admin/retention', 'Retention'],
    ['/admin/api-keys', 'API key'],
  ] as const) {
    await gotoPage(address);
    await page.getByRole('main').getByRole('link', { name: 'Audit log', exact: true }).click();
    await page.waitForURL(/\/audit-logs\/all\?/);
    await usable(page);
    await expect(page.getByRole('list', { name: 'Active filters' })).toContainText(section);
  }
  await gotoPage('/admin/sign-in');
  await page.getByRole('link', { name: 'Past states' }).click();
  await page.waitForURL(/\/past$/);
  await usable(page);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Past states');
  await expectAccessible(page);
  await gotoPage('/admin/retention/past/access');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Past states: Access');
});

test('a user has past states beside their log', async ({
  page,
  gotoPage,
  usable,
  expectAccessible,
}) => {
  await gotoPage('/admin/users');
  const href = await page
    .getByRole('row')
    .filter({ hasText: 'agent@northdesk.example' })
    .getByRole('rowheader')
    .getByRole('link')
    .getAttribute('href');
  await gotoPage(`${href}/past`);
  await usable(page);
  await expect(page.getByRole('link', { name: 'Past states' })).toHaveAttribute('aria-current', 'page');
  await expectAccessible(page);
});
