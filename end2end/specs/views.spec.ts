// Saved views, what opens first, and how a log is shown. People are made for each test: what is kept is their own.

import type { Page, Response } from '@playwright/test';
import { expect, test } from '../support/fixtures';
import { acceptInvitation, invite, row } from '../support/people';

const said = (page: Page, text: string | RegExp) => page.getByRole('status').filter({ hasText: text });
const menu = (page: Page) => page.locator('details.views');
const columns = (page: Page) => page.locator('details.columns');
const heads = (page: Page) => page.locator('table.events th.col:not(.col--toggle)');
const link = (page: Page, name: string | RegExp) =>
  page.getByRole('navigation', { name: 'Saved views' }).getByRole('link', { name });

type Goto = (path: string, page?: Page) => Promise<Response | null>;

let count = 0;
const unused = (name: string) => `${name} ${process.pid}-${Date.now()}-${(count += 1)}`;

/** Opens a menu, unless it is open. */
async function openMenu(which: ReturnType<typeof menu>) {
  if ((await which.getAttribute('open')) === null) {
    await which.locator('> summary').click();
  }
}

async function save(page: Page, name: string, options: { share?: string; first?: boolean } = {}) {
  await openMenu(menu(page));
  await menu(page).getByText('Save this view…').click();
  await menu(page).getByLabel('Name').fill(name);
  if (options.share) {
    await menu(page).getByLabel('Who sees it').selectOption(options.share);
  }
  if (options.first) {
    await menu(page).getByLabel('Open this log with it').check();
  }
  await menu(page).getByRole('button', { name: 'Save view' }).click();
  await expect(said(page, `The view “${name}” is saved`)).toBeVisible();
}

/** A new auditor, signed in to `page`. */
async function becomeSomebody(page: Page, admin: Page, gotoPage: Goto) {
  await gotoPage('/admin/users', admin);
  const { link } = await invite(admin, (path, where = admin) => gotoPage(path, where), unused('Vera Views'), 'Auditor');
  await gotoPage(link, page);
  await acceptInvitation(page, 'seven quiet herons wade upstream');
  await expect(page.getByRole('button', { name: 'Sign out', exact: true })).toBeVisible();
}

test.beforeEach(async ({ page, newVisitor, signIn, gotoPage }) => {
  const admin = await newVisitor();
  await signIn(admin, 'administrator');
  await becomeSomebody(page, admin, gotoPage);
});

test('a list is saved under a name and found again', async ({ page, gotoPage, usable, expectAccessible }) => {
  await gotoPage('/audit-logs/access?outcome=failure');
  await save(page, 'Failures');
  await gotoPage('/audit-logs/access');
  await openMenu(menu(page));
  await expect(link(page, 'Everything')).toHaveAttribute('aria-current', 'true');
  await expectAccessible(page);
  await link(page, 'Failures').click();
  await expect(page).toHaveURL(/\/audit-logs\/access\?outcome=failure$/);
  await usable(page);
  await openMenu(menu(page));
  await expect(link(page, 'Failures')).toHaveAttribute('aria-current', 'true');
  await expect(link(page, 'Everything')).not.toHaveAttribute('aria-current', 'true');
});

test('a log opens with the view one chose, and everything is a click away', async ({ page, gotoPage, usable }) => {
  await gotoPage('/audit-logs/access?outcome=failure');
  await save(page, 'Failures', { first: true });
  await gotoPage('/audit-logs/access');
  await expect(page).toHaveURL(/\?outcome=failure$/);
  await page.getByRole('list', { name: 'Active filters' }).getByRole('link', { name: /Remove filter Outcome/ }).click();
  await expect(page).toHaveURL(/\/audit-logs\/access\?view=none$/);
  await usable(page);

  const tabs = page.getByRole('navigation', { name: 'Logs' });
  await tabs.getByRole('link', { name: /^Activity/ }).click();
  await expect(page).toHaveURL(/\/audit-logs\/activity$/);
  await usable(page);
  await tabs.getByRole('link', { name: /^Access/ }).click();
  await expect(page).toHaveURL(/\?outcome=failure$/);
  await usable(page);
  await openMenu(menu(page));
  await link(page, 'Everything').click();
  await expect(page).toHaveURL(/\?view=none$/);
});

test('a view is shared with a role, and only with that', async ({ page, gotoPage, newVisitor, signIn }) => {
  const name = unused('For auditors');
  await gotoPage('/audit-logs/access?outcome=failure');
  await save(page, name, { share: 'Everybody with the role Auditor' });
  const [auditor, administrator] = [await newVisitor(), await newVisitor()];
  await signIn(auditor, 'auditor');
  await gotoPage('/audit-logs/access', auditor);
  await openMenu(menu(auditor));
  await expect(link(auditor, new RegExp(name))).toContainText('by Vera Views');
  await signIn(administrator, 'administrator');
  await gotoPage('/audit-logs/access', administrator);
  await openMenu(menu(administrator));
  await expect(link(administrator, new RegExp(name))).toHaveCount(0);

  // Who manages roles tidies up.
  await gotoPage('/audit-logs/views', administrator);
  await row(administrator, name).getByRole('link', { name: 'Change' }).click();
  await administrator.getByText('Delete view…').click();
  await administrator.getByRole('button', { name: `Delete “${name}”` }).click();
  await expect(said(administrator, `The view “${name}” is deleted`)).toBeVisible();
  await gotoPage('/audit-logs/access', auditor);
  await openMenu(menu(auditor));
  await expect(link(auditor, new RegExp(name))).toHaveCount(0);
});

test('views are renamed, ordered, chosen to open first, and deleted', async ({ page, gotoPage, expectAccessible }) => {
  for (const name of ['One', 'Two']) {
    await gotoPage('/audit-logs/access?outcome=failure');
    await save(page, name);
  }
  await gotoPage('/audit-logs/views');
  const names = page.locator('tbody.plain-table__group th bdi');
  await expect(names).toHaveText(['One', 'Two']);
  await expectAccessible(page);
  await row(page, 'Two').getByRole('button', { name: 'Up' }).click();
  await expect(said(page, '“Two” is moved')).toBeVisible();
  await expect(names).toHaveText(['Two', 'One']);
  await row(page, 'One').getByRole('button', { name: 'Open first' }).click();
  await expect(row(page, 'One')).toContainText('opens first');

  await row(page, 'One').getByRole('link', { name: 'Change' }).click();
  await page.getByLabel('Name').fill('Renamed');
  await page.getByRole('button', { name: 'Save changes' }).click();
  await expect(said(page, 'The view “Renamed” is saved')).toBeVisible();
  await expect(names).toHaveText(['Two', 'Renamed']);
  await expectAccessible(page);

  await row(page, 'Renamed').getByRole('link', { name: 'Change' }).click();
  await page.getByText('Delete view…').click();
  await page.getByRole('button', { name: 'Delete “Renamed”' }).click();
  await expect(names).toHaveText(['Two']);
  await gotoPage('/audit-logs/access');
  await expect(page).toHaveURL(/\/audit-logs\/access$/);
});

test('a name that is taken is refused, and what was typed stays', async ({ page, gotoPage, problems }) => {
  problems.allow(/422/);
  await gotoPage('/audit-logs/access?outcome=failure');
  await save(page, 'Failures');
  await gotoPage('/audit-logs/access?outcome=success');
  await openMenu(menu(page));
  await menu(page).getByText('Save this view…').click();
  await menu(page).getByLabel('Name').fill('failures');
  await menu(page).getByRole('button', { name: 'Save view' }).click();
  await expect(menu(page).getByLabel('Name')).toHaveAttribute('aria-invalid', 'true');
  await expect(menu(page).getByLabel('Name')).toHaveValue('failures');
  await expect(menu(page).getByLabel('Name')).toBeVisible();
});

test('columns are ordered and kept, and so is how close lines stand', async ({ page, gotoPage, usable, expectAccessible }) => {
  await gotoPage('/audit-logs/work-session?columns=time,actor,ip');
  await openMenu(columns(page));
  await columns(page).getByRole('link', { name: 'Move IP address forward' }).click();
  await expect(page).toHaveURL(/columns=time%2Cip%2Cactor/);
  await usable(page);
  await openMenu(columns(page));
  await expectAccessible(page);
  await columns(page).getByLabel('Lines').selectOption('Compact');
  await columns(page).getByRole('button', { name: 'Keep these columns' }).click();
  await expect(said(page, 'Work sessions is shown to you like this from now on')).toBeVisible();

  await gotoPage('/audit-logs/work-session');
  await expect(heads(page)).toHaveText(['Date and time', 'IP address', 'Performed by']);
  await expect(page.locator('table.events')).toHaveClass(/events--compact/);
  await gotoPage('/audit-logs/work-session?columns=actor');
  await expect(heads(page)).toHaveText(['Performed by']);
  await openMenu(columns(page));
  await columns(page).getByRole('button', { name: 'Forget what I kept' }).click();
  await expect(said(page, 'Work sessions is shown to you like this')).toBeVisible();
  await gotoPage('/audit-logs/work-session');
  await expect(heads(page)).toHaveText([
    'Date and time',
    'Agent',
    'What happened',
    'Routing status',
    'Time signed in',
    'Capacity',
    'Performed by',
  ]);
});
