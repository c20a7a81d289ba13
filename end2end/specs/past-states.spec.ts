// What a thing was: any moment beside now, values given back, and what is left of what is deleted.

import { expect, test } from '../support/fixtures';

let count = 0;
const unused = (name: string) => `${name} ${process.pid}-${Date.now()}-${(count += 1)}`;

test.beforeEach(async ({ page, signIn }) => {
  await signIn(page, 'administrator');
});

test('a value of then is given back by a new change', async ({ page, gotoPage, usable, expectAccessible }) => {
  const name = unused('Harbor IT');
  await gotoPage('/companies/new');
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('Phone').fill('+44 20 7946 0100');
  await page.getByRole('button', { name: 'Create company' }).click();
  await page.waitForURL(/\/overview$/);
  await usable(page);
  const overview = page.url();
  await gotoPage(overview.replace('overview', 'edit'));
  await page.getByLabel('Phone').fill('+44 20 7946 0999');
  await page.getByLabel('Tags').fill('late');
  await page.getByRole('button', { name: 'Save changes' }).click();
  await page.waitForURL(/\/overview$/);
  await usable(page);

  await page.getByRole('link', { name: 'Past states' }).click();
  await page.waitForURL(/\/past$/);
  await usable(page);
  await expect(page.getByRole('table', { name: 'Its records' }).getByRole('row')).toHaveCount(3);
  await expectAccessible(page);
  await page.getByRole('link', { name: /^As it was then/ }).last().click();
  await page.waitForURL(/\/past\?at=/);
  await usable(page);
  const states = page.getByRole('table', { name: 'Past states' });
  const phone = states.getByRole('row', { name: /Phone/ });
  await expect(phone).toContainText('Differs');
  await expect(phone).toContainText('+44 20 7946 0100');
  await expect(phone).toContainText('+44 20 7946 0999');
  await expectAccessible(page);
  await page.getByRole('checkbox', { name: 'Restore Tags' }).uncheck();
  await page.getByRole('button', { name: 'Restore the ticked values' }).click();
  await page.waitForURL(/\/overview$/);
  await expect(page.getByText(`Restored “${name}”.`).filter({ visible: true }).first()).toBeVisible();
  await expect(page.getByText('+44 20 7946 0100')).toBeVisible();
  await expect(page.getByText('late')).toBeVisible();
  await gotoPage(overview.replace('overview', 'audit-log'));
  await expect(page.getByText(/Restored phone of company/).first()).toBeVisible();
});

test('what is deleted can still be read', async ({ page, gotoPage, problems, usable, expectAccessible }) => {
  problems.allow(/404/);
  const name = unused('Raven');
  await gotoPage('/admin/boards/new');
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('Description').fill('Night calls');
  await page.getByRole('button', { name: 'Create board' }).click();
  await page.waitForURL(/\/overview$/);
  await usable(page);
  const overview = page.url();
  await page.getByText('Delete…').click();
  await page.getByRole('button', { name: `Delete “${name}”` }).click();
  await page.waitForURL(/\/admin\/boards$/);
  await gotoPage(overview);
  await expect(page.getByRole('heading', { level: 1, name: new RegExp(name) })).toContainText('Deleted');
  await expect(page.getByText('Night calls')).toBeVisible();
  await expect(page.getByRole('link', { name: new RegExp(`Deleted board “${name}”`) })).toBeVisible();
  await expectAccessible(page);
});
