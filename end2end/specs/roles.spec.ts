import type { Page } from '@playwright/test';
import { expect, test } from '../support/fixtures';

const roles = (page: Page) => page.getByRole('table', { name: 'Roles', exact: true });
const row = (page: Page, text: string) => roles(page).getByRole('row').filter({ hasText: text });
const said = (page: Page, text: string | RegExp) => page.getByRole('status').filter({ hasText: text });

let count = 0;
const unused = (name: string) => `${name} ${process.pid}-${Date.now()}-${(count += 1)}`;

async function create(page: Page, gotoPage: (path: string) => Promise<unknown>, name: string, ...may: string[]) {
  await gotoPage('/admin/roles/new');
  await page.getByLabel('Name').fill(name);
  for (const permission of may) {
    await page.getByRole('checkbox', { name: permission }).check();
  }
  await page.getByRole('button', { name: 'Create role' }).click();
}

test.beforeEach(async ({ page, signIn, gotoPage }) => {
  await signIn(page, 'administrator');
  await gotoPage('/admin/roles');
});

test('the list says what each role may do and how many have it', async ({ page, expectAccessible }) => {
  await expect(row(page, 'Administrator')).toContainText('Everything');
  await expect(row(page, 'Auditor')).toContainText('View audit logs');
  await expectAccessible(page);
});

test('a role is made, changed and deleted', async ({ page, gotoPage }) => {
  const name = unused('Desk lead');
  await create(page, gotoPage, name, 'View audit logs', 'View the directory');
  await expect(said(page, `The role “${name}” is there`)).toBeVisible();
  await expect(row(page, name)).toContainText('2 of');

  await roles(page).getByRole('link', { name }).click();
  await expect(page.getByRole('checkbox', { name: 'View audit logs' })).toBeChecked();
  await expect(page.getByRole('checkbox', { name: 'Manage users' })).not.toBeChecked();
  await page.getByRole('checkbox', { name: 'View audit logs' }).uncheck();
  await page.getByRole('checkbox', { name: 'View the directory' }).uncheck();
  await page.getByLabel('Description').fill('Leads a desk.');
  await page.getByRole('button', { name: 'Save changes' }).click();
  await expect(said(page, `The role “${name}” is saved`)).toBeVisible();
  await expect(row(page, name)).toContainText('Nothing');
  await expect(row(page, name)).toContainText('Leads a desk.');

  await roles(page).getByRole('link', { name }).click();
  await page.getByText('Delete role…').click();
  await page.getByRole('button', { name: `Delete “${name}”` }).click();
  await expect(said(page, 'The role is deleted')).toBeVisible();
  await expect(row(page, name)).toHaveCount(0);
});

test('a refused role keeps what was filled in', async ({ page, problems, gotoPage }) => {
  problems.allow(/422/);
  await create(page, gotoPage, 'Auditor', 'Manage users', 'View analytics');
  await expect(page.getByLabel('Name')).toHaveAttribute('aria-invalid', 'true');
  await expect(page.getByLabel('Name')).toHaveValue('Auditor');
  await expect(page.getByRole('checkbox', { name: 'Manage users' })).toBeChecked();
  await expect(page.getByRole('checkbox', { name: 'View analytics' })).toBeChecked();
  await expect(page.getByRole('checkbox', { name: 'View audit logs' })).not.toBeChecked();
});

test('an Administrator may do everything, always', async ({ page, expectAccessible }) => {
  await roles(page).getByRole('link', { name: 'Administrator' }).click();
  await expect(page.getByLabel('Name')).not.toBeEditable();
  for (const box of await page.getByRole('checkbox').all()) {
    await expect(box).toBeChecked();
    await expect(box).toBeDisabled();
  }
  await expect(page.getByText('Delete role…')).toHaveCount(0);
  await expectAccessible(page);
});

test('a description of the Administrator can be changed', async ({ page }) => {
  await roles(page).getByRole('link', { name: 'Administrator' }).click();
  await page.getByLabel('Description').fill('May do everything. Two people have it.');
  await page.getByRole('button', { name: 'Save changes' }).click();
  await expect(said(page, 'The role “Administrator” is saved')).toBeVisible();
  await expect(row(page, 'Administrator')).toContainText('Everything');
});

test('an address without a role is not found', async ({ page, gotoPage }) => {
  for (const id of ['nonsense', '01890000-0000-7000-8000-000000000000']) {
    const answer = await gotoPage(`/admin/roles/${id}`);
    expect(answer?.status(), id).toBe(404);
    await expect(page.getByRole('heading', { name: 'There is nothing at this address' })).toBeVisible();
  }
});

test('a matrix shows what each role may do', async ({ page, expectAccessible }) => {
  const matrix = page.getByRole('table', { name: 'What each role may do' });
  const columns = await matrix.getByRole('columnheader').allInnerTexts();
  const cell = (permission: string, role: string) =>
    matrix.getByRole('row', { name: new RegExp(permission) }).getByRole('cell').nth(columns.indexOf(role) - 1);
  await expect(cell('View audit logs', 'Auditor')).toContainText('Yes');
  await expect(cell('View audit logs', 'Agent')).toContainText('No');
  await expect(cell('Impersonate users', 'Administrator')).toContainText('Yes');
  await page.setViewportSize({ width: 390, height: 800 });
  // Whatever goes by, the permissions stay in sight, and the page itself doesn't scroll sideways.
  // (Arrow keys, as `End` would go on to the end of the page where the region has nothing below.)
  const region = page.getByRole('region', { name: 'What each role may do' });
  const permission = matrix.getByRole('rowheader', { name: 'View audit logs' });
  await region.focus();
  await permission.scrollIntoViewIfNeeded();
  await expect(async () => {
    await page.keyboard.press('ArrowRight');
    expect(await region.evaluate((element) => element.scrollLeft)).toBeGreaterThan(100);
  }).toPass();
  await expect(permission).toBeInViewport();
  const main = await page.getByRole('main').boundingBox();
  expect(main?.width ?? 0).toBeLessThanOrEqual(390);
  await expectAccessible(page);
  await matrix.getByRole('link', { name: 'Auditor' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Auditor' })).toBeVisible();
});
