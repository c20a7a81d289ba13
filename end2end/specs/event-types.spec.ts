import type { Page } from '@playwright/test';
import { expect, test } from '../support/fixtures';

const type = (page: Page, name: string) => page.locator(`article[id="${name}"]`);
const seen = (page: Page) => page.getByRole('table', { name: 'Seen in this workspace' });
const search = (page: Page) => page.getByRole('search', { name: 'Search event types' });

async function look(page: Page, words: string) {
  await search(page).getByRole('searchbox').fill(words);
  await search(page).getByRole('button', { name: 'Search' }).click();
}

test.beforeEach(({ page, signIn }) => signIn(page, 'auditor'));

test('the menu leads to the catalogue, and each type says what it means', async ({ page, gotoPage, usable, expectAccessible }) => {
  // The largest page of all: axe compares the colours of nine thousand elements, twice.
  test.slow();
  await gotoPage('/account');
  await page.getByRole('navigation', { name: 'Portal' }).getByRole('link', { name: 'Event types' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Event types' })).toBeVisible();
  await usable(page);
  await expect(page).toHaveURL(/\/event-types$/);
  const role = type(page, 'role.updated');
  await expect(role.getByRole('heading', { name: 'Role changed' })).toBeVisible();
  await expect(role).toContainText('changes.permissions');
  await expect(role).toContainText('since version 0.1.0');
  await expectAccessible(page);
});

test('an example opens in place and is JSON', async ({ page, gotoPage, expectAccessible }) => {
  await gotoPage('/event-types?q=role.updated');
  const role = type(page, 'role.updated');
  await expect(role.locator('pre')).toBeHidden();
  await role.locator('summary', { hasText: 'Example' }).click();
  await expect(role.locator('pre')).toBeVisible();
  const example = JSON.parse(await role.locator('pre').innerText());
  expect(example.event_type).toBe('role.updated');
  expect(example.changes[0].property).toBe('permissions');
  await expectAccessible(page);
});

test('words narrow the catalogue and are in the address', async ({ page, gotoPage, expectAccessible }) => {
  await gotoPage('/event-types');
  await look(page, 'password');
  await expect(page).toHaveURL(/\/event-types\?q=password$/);
  await expect(type(page, 'user.password_reset')).toBeVisible();
  await expect(type(page, 'role.updated')).toHaveCount(0);
  await expect(search(page).getByRole('searchbox')).toHaveValue('password');
  await expectAccessible(page);
  await search(page).getByRole('link', { name: 'Clear' }).click();
  await expect(page).toHaveURL(/\/event-types$/);
  await expect(type(page, 'role.updated')).toBeVisible();
  await expect(search(page).getByRole('searchbox')).toHaveValue('');
});

test('where nothing is found it says so and leads back', async ({ page, gotoPage, expectAccessible }) => {
  await gotoPage('/event-types');
  await look(page, 'zebra & 100 %');
  await expect(page.getByRole('heading', { name: 'No event type matches “zebra & 100 %”' })).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('link', { name: 'All event types' }).click();
  await expect(type(page, 'role.updated')).toBeVisible();
});

test('types that other systems sent are counted and lead to their records', async ({ page, gotoPage }) => {
  await gotoPage('/event-types?q=chat-opened');
  const row = seen(page).getByRole('row').filter({ hasText: 'chat-opened' });
  await expect(row.getByRole('rowheader')).toHaveText('chat-opened');
  await row.getByRole('link', { name: /records? of chat-opened/ }).click();
  await expect(page).toHaveURL(/\/audit-logs\/[a-z-]+\?event_type=chat-opened$/);
  await expect(page.getByRole('table', { name: /newest first/ }).locator('tbody.event').first()).toBeVisible();
});

test('a type has a permanent address', async ({ page, gotoPage }) => {
  await gotoPage('/event-types#events.imported');
  await expect(type(page, 'events.imported')).toBeInViewport();
  await expect(type(page, 'events.imported').getByRole('link', { name: 'events.imported', exact: true })).toHaveAttribute(
    'href',
    '/event-types#events.imported',
  );
});

test('who lacks the permission sees no menu entry and is refused', async ({ newVisitor, signIn, gotoPage, expectAccessible }) => {
  const agent = await newVisitor();
  await signIn(agent, 'agent');
  const answer = await gotoPage('/event-types', agent);
  expect(answer?.status()).toBe(403);
  await expect(agent.getByRole('link', { name: 'Event types' })).toHaveCount(0);
  await expectAccessible(agent);
});
