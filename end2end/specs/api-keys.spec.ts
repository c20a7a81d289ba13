import type { Page } from '@playwright/test';
import { expect, test } from '../support/fixtures';
import { row } from '../support/people';

const said = (page: Page, text: string | RegExp) => page.getByRole('status').filter({ hasText: text });

let count = 0;
const unused = (name: string) => `${name}-${process.pid}-${Date.now()}-${(count += 1)}`;

async function create(page: Page, name: string): Promise<string> {
  await page.getByRole('link', { name: 'New API key' }).click();
  await page.getByLabel('Name').fill(name);
  await page.getByRole('button', { name: 'Create key' }).click();
  await expect(said(page, `The key “${name}” is ready`)).toBeVisible();
  return page.locator('.snippet--secret code').innerText();
}

test.beforeEach(async ({ page, signIn, gotoPage }) => {
  await signIn(page, 'administrator');
  await gotoPage('/admin/api-keys');
});

test('a key is shown once, works, and stops when revoked', async ({ page, gotoPage, expectAccessible }) => {
  const name = unused('sync-bot');
  const key = await create(page, name);
  expect(key).toMatch(/^dbk_/);
  await expect(page.getByText('Send a first event')).toBeVisible();
  await expect(page.locator('pre')).toContainText(`Authorization: Bearer ${key}`);
  await expectAccessible(page);

  const send = () =>
    page.request.post('/api/v2/events', {
      headers: { authorization: `Bearer ${key}` },
      data: { event_type: 'hello.sent', actor: { kind: 'system', name: 'curl' } },
    });
  expect((await send()).status()).toBe(200);

  await gotoPage('/admin/api-keys');
  await expect(page.getByText(key)).toHaveCount(0);
  await expect(row(page, name)).toContainText('Send events');

  await row(page, name).getByRole('link', { name: 'Revoke' }).click();
  await expect(page.getByText(`Revoke “${name}”?`)).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Revoke key' }).click();
  await expect(said(page, `The key “${name}” is revoked`)).toBeVisible();
  await expect(row(page, name)).toContainText('Revoked');
  expect((await send()).status()).toBe(401);
});

test('a key that may do nothing is refused, and the name stays', async ({ page, problems }) => {
  problems.allow(/422/);
  await page.getByRole('link', { name: 'New API key' }).click();
  await page.getByLabel('Name').fill('idle');
  for (const box of await page.getByRole('checkbox', { checked: true }).all()) {
    await box.uncheck();
  }
  await page.getByRole('button', { name: 'Create key' }).click();
  await expect(page.getByRole('alert').filter({ hasText: 'at least one thing' }).first()).toBeVisible();
  await expect(page.getByLabel('Name')).toHaveValue('idle');
});

test('a form that isn’t wanted goes away', async ({ page }) => {
  await page.getByRole('link', { name: 'New API key' }).click();
  await page.getByRole('link', { name: 'Cancel' }).click();
  await expect(page.getByRole('button', { name: 'Create key' })).toHaveCount(0);
});
