// People made for one test, so that no test takes the demo workspace's people away from another.

import type { Locator, Page, Response } from '@playwright/test';
import { expect } from './fixtures';

type Goto = (path: string, page?: Page) => Promise<Response | null>;

let count = 0;

/** The row of a list that shows `text`. */
export function row(page: Page, text: string): Locator {
  return page.getByRole('row').filter({ hasText: text });
}

/** The list of users, narrowed to one: it has pages. */
export const usersNamed = (email: string) => `/admin/users?q=${encodeURIComponent(email)}`;

/** Opens the page on which an administrator changes somebody. */
export async function manage(page: Page, gotoPage: Goto, email: string): Promise<void> {
  await gotoPage(usersNamed(email), page);
  await row(page, email).getByRole('link', { name: 'Manage' }).click();
  await page.waitForURL(/\/overview$/);
  await expect(page.getByRole('heading', { name: 'Role and access' })).toBeVisible();
}

/** Invites somebody as the administrator who is signed in; answers with the path of the link. */
export async function invite(
  page: Page,
  gotoPage: Goto,
  name: string,
  role: string,
): Promise<{ email: string; link: string }> {
  count += 1;
  const email = `invited-${process.pid}-${Date.now()}-${count}@northdesk.example`;
  await gotoPage('/admin/users?invite');
  const form = page.getByRole('region', { name: 'Invite a user' });
  await form.getByLabel('Name').fill(name);
  await form.getByLabel('Email').fill(email);
  await form.getByLabel('Role').selectOption(role);
  await form.getByRole('button', { name: 'Create invitation' }).click();
  await expect(page.getByRole('status').filter({ hasText: `${name} is invited` })).toBeVisible();
  const link = await page.locator('.snippet--secret code').innerText();
  expect(link).toMatch(/^https?:\/\/[^/]+\/invite\/.+/);
  return { email, link: new URL(link).pathname };
}

/** Fills in the page behind an invitation link. */
export async function acceptInvitation(page: Page, password: string): Promise<void> {
  await page.getByLabel('Choose a password').fill(password);
  await page.getByRole('button', { name: 'Set password and sign in' }).click();
}
