import type { Page } from '@playwright/test';
import { expect, people, test } from '../support/fixtures';

async function send(page: Page, email: string, password: string): Promise<void> {
  await page.getByLabel('Email').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

const signOut = (page: Page) => page.getByRole('button', { name: 'Sign out' });

test.beforeEach(({ gotoPage }) => gotoPage('/sign-in'));

test('the sign-in page can be used by everyone', async ({ page, expectAccessible }) => {
  await expect(page).toHaveTitle(/Sign in/);
  await expect(page.getByLabel('Password', { exact: true })).toHaveAttribute('type', 'password');
  await expectAccessible(page);
});

test('the right password opens the audit logs', async ({ page }) => {
  await send(page, people.administrator.email, people.administrator.password);
  await expect(page).toHaveURL(/\/audit-logs\/activity$/);
  await expect(signOut(page)).toBeVisible();
});

test('a wrong password and an unknown address get the same answer', async ({ page }) => {
  await send(page, people.auditor.email, 'not-the-password');
  await expect(page).toHaveURL(/\/sign-in/);
  await expect(page.getByRole('alert')).toContainText(/password/i);
  const answer = await page.getByRole('alert').innerText();

  await send(page, 'nobody@northdesk.example', 'not-the-password');
  await expect(page.getByRole('alert')).toHaveText(answer);
});

test('signing out ends the session', async ({ page, signIn, gotoPage }) => {
  await signIn(page, 'auditor');
  await gotoPage('/audit-logs/activity');
  const cookies = await page.context().cookies();
  await signOut(page).click();
  await expect(page).toHaveURL(/\/sign-in/);

  // Not only forgotten by the browser: the old cookie opens nothing any more.
  await page.context().addCookies(cookies);
  await gotoPage('/audit-logs/activity');
  await expect(page).toHaveURL(/\/sign-in/);
});

test('a link to a record list survives the sign-in', async ({ page, gotoPage }) => {
  await gotoPage('/audit-logs/access?actor=A%26B%2B1&outcome=failure');
  await expect(page).toHaveURL(/\/sign-in\?next=/);
  await send(page, people.auditor.email, people.auditor.password);
  await expect(page).toHaveURL(/\/audit-logs\/access\?actor=A%26B%2B1&outcome=failure$/);
});
