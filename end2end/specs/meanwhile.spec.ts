// Two administrators change the same: the second sees what changed meanwhile, and chooses.

import type { Page } from '@playwright/test';
import { expect, test } from '../support/fixtures';
import { invite, manage } from '../support/people';

let count = 0;
const unused = (name: string) => `${name} ${process.pid}-${Date.now()}-${(count += 1)}`;
const notice = (page: Page) =>
  page.getByRole('alert').filter({ has: page.getByRole('heading', { name: /Somebody else has changed it/ }) });
const said = (page: Page, text: string | RegExp) => page.getByRole('status').filter({ hasText: text });

test.beforeEach(async ({ page, signIn, problems }) => {
  problems.allow(/409/);
  await signIn(page, 'administrator');
});

test('a permission that was taken away does not come back unseen', async ({
  page,
  gotoPage,
  usable,
  expectAccessible,
}) => {
  const name = unused('Desk lead');
  await gotoPage('/admin/roles/new');
  await page.getByLabel('Name').fill(name);
  await page.getByRole('checkbox', { name: 'View audit logs' }).check();
  await page.getByRole('checkbox', { name: 'Impersonate users' }).check();
  await page.getByRole('button', { name: 'Create role' }).click();
  await expect(said(page, `The role “${name}” is there`)).toBeVisible();
  await page.getByRole('table', { name: 'Roles', exact: true }).getByRole('link', { name }).click();
  await usable(page);
  await expect(page.getByRole('checkbox', { name: 'Impersonate users' })).toBeChecked();

  const first = await page.context().newPage();
  await gotoPage(page.url(), first);
  await first.getByRole('checkbox', { name: 'Impersonate users' }).uncheck();
  await first.getByRole('button', { name: 'Save changes' }).click();
  await expect(said(first, `The role “${name}” is saved`)).toBeVisible();

  await page.getByLabel('Description').fill('Leads a desk.');
  await page.getByRole('button', { name: 'Save changes' }).click();
  await expect(notice(page)).toContainText('Permissions');
  await expect(notice(page)).toContainText('View audit logs');
  await expect(notice(page)).not.toContainText('Impersonate users');
  // What was typed is still there; only what differs is told.
  await expect(page.getByLabel('Description')).toHaveValue('Leads a desk.');
  await expect(notice(page)).not.toContainText('Description');
  await expectAccessible(page);

  // Having seen it, they take the permission away themselves, and save.
  await page.getByRole('checkbox', { name: 'Impersonate users' }).uncheck();
  await page.getByRole('button', { name: 'Save changes' }).click();
  await expect(said(page, `The role “${name}” is saved`)).toBeVisible();
});

test('a user whose role another has changed is not given the old one back', async ({ page, gotoPage }) => {
  const { email } = await invite(page, gotoPage, 'Tia Twice', 'Agent');
  await manage(page, gotoPage, email);
  const first = await page.context().newPage();
  await gotoPage(page.url(), first);
  await first.getByLabel('Role', { exact: true }).selectOption('Auditor');
  await first.getByRole('button', { name: 'Save role' }).click();
  await expect(said(first, 'Tia Twice now has the role “Auditor”')).toBeVisible();

  await page.getByLabel('Name', { exact: true }).fill('Tia Thrice');
  await page.getByRole('button', { name: 'Save name and contact' }).click();
  await expect(notice(page)).toContainText('Role');
  await expect(notice(page)).toContainText('Auditor');
  await expect(page.getByLabel('Name', { exact: true })).toHaveValue('Tia Thrice');
  await page.getByRole('button', { name: 'Save name and contact' }).click();
  await expect(said(page, 'What Tia Thrice is called')).toBeVisible();
  await expect(page.getByLabel('Role', { exact: true })).toHaveValue(await first.getByLabel('Role', { exact: true }).inputValue());
});

test('general settings, sign-in policy and retention', async ({ page, gotoPage }) => {
  for (const [path, label, button, values] of [
    ['/admin/settings', 'Name', 'Save', [unused('Desk'), unused('Other desk')]],
    ['/admin/sign-in', 'Characters of a new password', 'Save policy', ['13', '14']],
    ['/admin/retention?edit=activity', 'Days', 'Save', ['3650', '2555']],
  ] as const) {
    await gotoPage(path);
    const field = (where: Page) => where.getByRole('main').getByLabel(label, { exact: label === 'Name' }).first();
    const save = (where: Page) => where.getByRole('button', { name: button, exact: true }).first();
    const before = await field(page).inputValue();
    const first = await page.context().newPage();
    await gotoPage(path, first);
    await field(first).fill(values[0]);
    await save(first).click();
    await expect(said(first, /./).first()).toBeVisible();
    await field(page).fill(values[1]);
    await save(page).click();
    await expect(notice(page)).toContainText(values[0]);
    await expect(field(page)).toHaveValue(values[1]);
    // Or one begins again.
    page.once('dialog', (dialog) => dialog.accept());
    await notice(page).getByRole('link', { name: 'Drop what I typed' }).click();
    await expect(notice(page)).toHaveCount(0);
    await gotoPage(path);
    await expect(field(page)).toHaveValue(values[0]);
    await field(page).fill(before);
    await save(page).click();
    await expect(said(page, /./).first()).toBeVisible();
    await first.close();
  }
});
