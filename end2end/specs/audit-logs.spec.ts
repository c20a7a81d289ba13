import type { Page } from '@playwright/test';
import { expect, test } from '../support/fixtures';

const list = (page: Page) => page.getByRole('table', { name: /newest first/ });
const records = (page: Page) => list(page).locator('tbody.event');
const details = (page: Page) => page.locator('tr.event__detail');
const show = (page: Page) => page.getByRole('link', { name: 'Show details' });
const filters = (page: Page) => page.getByRole('search', { name: 'Filters' });
const hide = (page: Page) => page.getByRole('link', { name: 'Hide details' });

test.beforeEach(({ page, signIn }) => signIn(page, 'auditor'));

test('the activity log shows who did what, when and where', async ({ page, gotoPage, expectAccessible }) => {
  await gotoPage('/audit-logs/activity');
  await expect(page).toHaveTitle(/Activity · Audit logs/);
  await page.setViewportSize({ width: 1920, height: 900 });
  for (const column of ['Date and time', 'Performed by', 'Event', 'Category', 'Section', 'Property', 'Summary', 'IP address']) {
    await expect(list(page).getByRole('columnheader', { name: column, exact: true })).toBeVisible();
  }
  await expect(records(page)).toHaveCount(50);
  await expect(records(page).first().locator('time')).toHaveAttribute('datetime', /^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
  await expectAccessible(page);
});

test('the tabs lead to each log and say how many records it has', async ({ page, gotoPage, expectAccessible }) => {
  await gotoPage('/audit-logs/activity');
  const tabs = page.getByRole('navigation', { name: 'Logs' });
  await expect(tabs.getByRole('link', { name: /^Activity [\d,]+/ })).toHaveAttribute('aria-current', 'page');
  await tabs.getByRole('link', { name: /^Access/ }).click();
  await expect(page).toHaveURL(/\/audit-logs\/access$/);
  for (const column of ['Outcome', 'Brand', 'Source of login']) {
    await expect(list(page).getByRole('columnheader', { name: column, exact: true })).toBeVisible();
  }
  await expectAccessible(page);
});

test('a row opens in place, and the address opens it for another person', async ({
  page,
  gotoPage,
  newVisitor,
  signIn,
  expectAccessible,
}) => {
  // A change that succeeded: what failed changed nothing.
  await gotoPage('/audit-logs/activity?event_type=role.updated&outcome=success');
  await show(page).first().click();
  await expect(page).toHaveURL(/[?&]open=/);
  await expect(details(page)).toHaveCount(1);
  await expect(details(page).getByRole('columnheader', { name: 'Before' })).toBeVisible();
  await expect(details(page).getByRole('link', { name: 'Permanent address' })).toBeVisible();
  await expectAccessible(page);

  const other = await newVisitor();
  await signIn(other, 'administrator');
  await gotoPage(page.url(), other);
  await expect(details(other)).toHaveCount(1);

  await hide(page).first().click();
  await expect(details(page)).toHaveCount(0);
  await expect(page).not.toHaveURL(/[?&]open=/);
});

test('several rows can be open, and the back button closes the last', async ({ page, gotoPage }) => {
  await gotoPage('/audit-logs/access');
  await show(page).first().click();
  await expect(details(page)).toHaveCount(1);
  await show(page).first().click();
  await expect(details(page)).toHaveCount(2);
  await page.goBack();
  await expect(details(page)).toHaveCount(1);
});

test('filters narrow the list, are in the address and can be taken off one by one', async ({ page, gotoPage }) => {
  await gotoPage('/audit-logs/access');
  await filters(page).getByLabel('Outcome').selectOption('failure');
  await page.getByRole('button', { name: 'Apply' }).click();
  await expect(page).toHaveURL(/outcome=failure/);
  await expect(records(page).first()).toHaveClass(/event--failed/);
  const narrowed = await records(page).count();
  await expect(page.locator('tbody.event--failed')).toHaveCount(narrowed);
  await expect(filters(page).getByLabel('Outcome')).toHaveValue('failure');

  const chips = page.getByRole('list', { name: 'Active filters' });
  await chips.getByRole('link', { name: /Remove filter Outcome Failure/ }).click();
  await expect(page).toHaveURL(/\/audit-logs\/access$/);
  await expect(chips).toHaveCount(0);
  await expect(filters(page).getByLabel('Outcome')).toHaveValue('');
});

test('a name typed into “Performed by” finds the person', async ({ page, gotoPage }) => {
  await gotoPage('/audit-logs/activity');
  const who = (await records(page).first().locator('.cell--actor a').first().innerText()).trim();
  await filters(page).getByLabel('Performed by').fill(who);
  await page.getByRole('button', { name: 'Apply' }).click();
  await expect(page).toHaveURL(/actor=/);
  await expect(records(page).first()).toContainText(who);
});

test('a value in a row is a way into the list', async ({ page, gotoPage }) => {
  await gotoPage('/audit-logs/activity');
  const actor = records(page).first().locator('.cell--actor a').first();
  await actor.click();
  await expect(page).toHaveURL(/\/audit-logs\/activity\?actor=/);
  await expect(page.getByRole('list', { name: 'Active filters' })).toBeVisible();
});

test('pages lead to older records and back, and show none twice', async ({ page, gotoPage }) => {
  await gotoPage('/audit-logs/all');
  const shown = () => records(page).locator('a.toggle').evaluateAll(links => links.map(link => link.getAttribute('href')));
  const first = await shown();
  await page.getByRole('link', { name: /Older/ }).click();
  await expect(page).toHaveURL(/cursor=/);
  await expect(page.getByRole('link', { name: /Newer/ })).toBeVisible();
  const times = await records(page).locator('.cell--time time').evaluateAll(all => all.map(time => time.getAttribute('datetime') ?? ''));
  expect([...times].sort().reverse()).toEqual(times);
  await page.getByRole('link', { name: /Newer/ }).click();
  await expect(page).toHaveURL(/cursor=/);
  await expect(page.getByRole('link', { name: 'Newest' })).toBeVisible();
  await page.getByRole('link', { name: 'Newest' }).click();
  await expect(page).toHaveURL(/\/audit-logs\/all$/);
  await expect.poll(shown).toEqual(first);
});

test('a record has a permanent address', async ({ page, gotoPage, expectAccessible }) => {
  await gotoPage('/audit-logs/activity');
  await show(page).first().click();
  await details(page).getByRole('link', { name: 'Permanent address' }).click();
  await expect(page).toHaveURL(/\/audit-logs\/event\/[0-9a-f-]{36}/);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await expectAccessible(page);
});

test('an address without a record or log is not found', async ({ gotoPage, expectAccessible, page }) => {
  for (const path of ['event/01890000-0000-7000-8000-000000000000', 'event/nonsense', 'nonsense']) {
    const answer = await gotoPage(`/audit-logs/${path}`);
    expect(answer?.status(), path).toBe(404);
  }
  await expectAccessible(page);
});

test('an address somebody edited says what is wrong and offers the whole list', async ({ page, gotoPage, expectAccessible }) => {
  const answer = await gotoPage('/audit-logs/activity?cursor=AAAA&action=explode');
  expect(answer?.status()).toBe(400);
  await expect(page.getByText('AAAA')).toBeVisible();
  await expect(page.getByText('explode').first()).toBeVisible();
  await expectAccessible(page);
});

test('nothing that matches says which filter to drop', async ({ page, gotoPage, expectAccessible }) => {
  await gotoPage('/audit-logs/activity?category=Nothing+of+the+kind');
  await expect(list(page)).toHaveCount(0);
  await expect(page.getByRole('list', { name: 'Active filters' })).toContainText('Nothing of the kind');
  await expect(page.getByRole('region', { name: 'Records' })).toContainText('Nothing of the kind');
  await expectAccessible(page);
});

test('times can be shown in UTC, and the zone is named', async ({ page, signIn, newVisitor, gotoPage }) => {
  const visitor = await newVisitor();
  await signIn(visitor, 'auditor');
  await gotoPage('/audit-logs/activity?tz=Asia/Tokyo', visitor);
  await expect(visitor.getByText('Times in Asia/Tokyo')).toBeVisible();
  await gotoPage('/audit-logs/activity');
  await expect(page.getByText(/Times in /)).toBeVisible();
});

test('who lacks the permission sees no menu entry and is refused', async ({ newVisitor, signIn, gotoPage, expectAccessible }) => {
  const agent = await newVisitor();
  await signIn(agent, 'agent');
  const answer = await gotoPage('/audit-logs/activity', agent);
  expect(answer?.status()).toBe(403);
  await expect(agent.getByRole('link', { name: 'Audit logs' })).toHaveCount(0);
  await expect(agent.getByText('View audit logs')).toBeVisible();
  await expectAccessible(agent);
});
