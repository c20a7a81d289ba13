// Companies, contacts, boards, …: lists, pages, forms, and each thing's own log.

import type { Page } from '@playwright/test';
import { expect, test } from '../support/fixtures';
import { row } from '../support/people';

const said = (page: Page, text: string | RegExp) => page.getByRole('status').filter({ hasText: text });

let count = 0;
const unused = (name: string) => `${name} ${process.pid}-${Date.now()}-${(count += 1)}`;

type Goto = (path: string) => Promise<unknown>;

async function create(page: Page, gotoPage: Goto, path: string, name: string, more: Record<string, string> = {}) {
  await gotoPage(`${path}/new`);
  await page.getByLabel('Name').fill(name);
  for (const [label, text] of Object.entries(more)) {
    await page.getByLabel(label, { exact: false }).first().fill(text);
  }
  await page.getByRole('button', { name: /^Create / }).click();
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
}

test.beforeEach(async ({ page, signIn }) => {
  await signIn(page, 'administrator');
});

test('a company is made, changed, and its own log tells both', async ({ page, gotoPage, usable, expectAccessible }) => {
  const board = unused('Dispatch');
  await create(page, gotoPage, '/admin/boards', board);
  const name = unused('Harbor IT');
  await create(page, gotoPage, '/companies', name, { Phone: '+44 20 7946 0100', Tags: 'vip, schools' });
  await expect(said(page, `Created company “${name}”.`)).toBeVisible();
  await expect(page.getByText('+44 20 7946 0100')).toBeVisible();
  await expectAccessible(page);

  await page.getByRole('link', { name: 'Edit' }).click();
  await usable(page);
  await expectAccessible(page);
  await page.getByRole('checkbox', { name: board }).check();
  await page.getByLabel('Tags').fill('schools, trial');
  await page.getByRole('button', { name: 'Save changes' }).click();
  await expect(said(page, `Saved “${name}”.`)).toBeVisible();
  await expect(page.getByRole('link', { name: board })).toBeVisible();

  await page.getByRole('link', { name: 'Audit log', exact: true }).click();
  await usable(page);
  const log = page.getByRole('table', { name: /newest first/ });
  await expect(log.getByText(`Changed 2 properties of company “${name}”`)).toBeVisible();
  await expect(log.getByText(`Created company “${name}”`)).toBeVisible();
  await log.getByRole('link', { name: /Show details/ }).first().click();
  const detail = page.locator('.event__detail');
  await expect(detail.getByText('trial').first()).toBeVisible();
  await expect(detail.getByText(board).first()).toBeVisible();
  await expectAccessible(page);
});

test('the list is searched, narrowed and sorted by its address', async ({ page, gotoPage, usable, expectAccessible }) => {
  const [one, other] = [unused('Aurora'), unused('Kestrel')];
  const tag = `t${process.pid}-${Date.now()}`;
  await create(page, gotoPage, '/companies', one, { Tags: tag });
  await create(page, gotoPage, '/companies', other, { Tags: tag });
  await gotoPage(`/companies?tags=${tag}`);
  await expect(page.getByText('2 companies', { exact: true })).toBeVisible();
  await expect(page.getByRole('row')).toHaveCount(3);
  await expect(page.getByRole('row').nth(1)).toContainText(one);
  await page.getByRole('columnheader', { name: /Name/ }).getByRole('link').click();
  await expect(page).toHaveURL(/sort=-name/);
  await expect(page.getByRole('row').nth(1)).toContainText(other);
  await expectAccessible(page);
  await page.getByRole('searchbox', { name: 'Search companies' }).fill('kest');
  await page.getByRole('button', { name: 'Search' }).click();
  await usable(page);
  await expect(page).toHaveURL(/q=kest/);
  await expect(row(page, other)).toBeVisible();
  await expect(row(page, one)).toHaveCount(0);
  await gotoPage(`/companies?tags=${tag}&q=nobody`);
  await expect(page.getByRole('heading', { name: 'Nothing matches' })).toBeVisible();
});

test('what cannot be taken is said beside its field, and nothing is lost', async ({ page, gotoPage, problems }) => {
  problems.allow(/422/);
  const name = unused('Marble');
  await create(page, gotoPage, '/companies', name);
  await gotoPage('/companies/new');
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('Notes').fill('Call before 9.');
  await page.getByRole('button', { name: 'Create company' }).click();
  await expect(page.getByLabel('Name')).toHaveAttribute('aria-invalid', 'true');
  await expect(page.getByText('has this already').filter({ visible: true }).first()).toBeVisible();
  await expect(page.getByLabel('Notes')).toHaveValue('Call before 9.');
});

test('two who edit the same thing: the second sees what changed and chooses', async ({ page, gotoPage, usable, problems }) => {
  problems.allow(/409/);
  const name = unused('Quartz');
  await create(page, gotoPage, '/companies', name, { Phone: '+49 30 111' });
  await page.getByRole('link', { name: 'Edit' }).click();
  await page.waitForURL(/\/edit$/);
  await usable(page);
  const second = await page.context().newPage();
  await second.goto(page.url());
  await usable(second);
  await second.getByLabel('Phone').fill('+49 30 222');
  await second.getByRole('button', { name: 'Save changes' }).click();
  await expect(said(second, `Saved “${name}”.`)).toBeVisible();
  await page.getByLabel('Phone').fill('+49 30 333');
  await page.getByRole('button', { name: 'Save changes' }).click();
  await expect(page.getByRole('heading', { name: /Somebody else has changed it/ })).toBeVisible();
  await expect(page.locator('.notice').getByText('+49 30 222')).toBeVisible();
  await expect(page.getByLabel('Phone')).toHaveValue('+49 30 333');
  await page.getByRole('button', { name: 'Save changes' }).click();
  await expect(said(page, `Saved “${name}”.`)).toBeVisible();
  await expect(page.getByText('+49 30 333')).toBeVisible();
});

test('out of use and back, and away unless it is used', async ({ page, gotoPage, problems }) => {
  problems.allow(/409/);
  const group = unused('Night shift');
  await create(page, gotoPage, '/admin/service-groups', group);
  const address = page.url();
  const board = unused('Repairs');
  await gotoPage('/admin/boards/new');
  await page.getByLabel('Name').fill(board);
  await page.getByLabel('Service group').selectOption(group);
  await page.getByRole('button', { name: 'Create board' }).click();
  await expect(page.getByRole('link', { name: group })).toBeVisible();

  await gotoPage(address);
  await page.getByText('Deactivate…').click();
  await page.getByRole('button', { name: `Deactivate “${group}”` }).click();
  await expect(said(page, `Deactivated “${group}”.`)).toBeVisible();
  await page.getByRole('button', { name: 'Reactivate' }).click();
  await expect(said(page, `“${group}” is active again.`)).toBeVisible();
  await page.getByText('Delete…').click();
  await page.getByRole('button', { name: `Delete “${group}”` }).click();
  await expect(page.getByText(`is used by “${board}”`).filter({ visible: true }).first()).toBeVisible();
});

test('an agent sees the directory and changes nothing of it', async ({ page, gotoPage, signIn, problems }) => {
  problems.allow(/403/);
  const name = unused('Pine');
  await create(page, gotoPage, '/companies', name);
  const address = page.url();
  await page.context().clearCookies();
  await signIn(page, 'agent');
  await gotoPage(address);
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
  await expect(page.getByRole('link', { name: 'Edit' })).toHaveCount(0);
  await expect(page.getByRole('link', { name: 'Audit log', exact: true })).toHaveCount(0);
  await gotoPage(address.replace('overview', 'edit'));
  await expect(page.getByRole('heading', { name: /don't have the permission/ })).toBeVisible();
  await gotoPage(address.replace('overview', 'audit-log'));
  await expect(page.getByRole('heading', { name: /don't have the permission/ })).toBeVisible();
});
