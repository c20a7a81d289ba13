import type { Page } from '@playwright/test';
import { expect, test } from '../support/fixtures';
import { acceptInvitation, invite, manage, row, usersNamed } from '../support/people';

const alert = (page: Page, text: string | RegExp) => page.getByRole('alert').filter({ hasText: text });
const said = (page: Page, text: string | RegExp) => page.getByRole('status').filter({ hasText: text });

test.beforeEach(async ({ page, signIn, gotoPage }) => {
  await signIn(page, 'administrator');
  await gotoPage('/admin/users');
});

test('the list says who can sign in, and everyone can read it', async ({ page, gotoPage, expectAccessible }) => {
  const table = page.getByRole('table', { name: 'Users' });
  await expect(table.getByRole('columnheader', { name: 'Last sign-in' })).toBeAttached();
  await gotoPage(usersNamed('admin@northdesk.example'));
  await expect(row(page, 'admin@northdesk.example')).toContainText('Administrator');
  await expectAccessible(page);

  await page.getByRole('link', { name: 'Invite a user' }).click();
  await expect(page.getByRole('heading', { name: 'Invite a user' })).toBeVisible();
  await expectAccessible(page);
});

test('an invited person chooses a password and is in; the link works once', async ({ page, newVisitor, gotoPage }) => {
  const { email, link } = await invite(page, gotoPage, 'Zoë Łukasz-Brandt', 'Auditor');
  await gotoPage(usersNamed(email));
  await expect(row(page, email)).toContainText('Invited');

  const visitor = await newVisitor();
  await gotoPage(link, visitor);
  await expect(visitor.getByText(email)).toBeVisible();
  await acceptInvitation(visitor, 'seven quiet herons wade upstream');
  await expect(visitor).toHaveURL(/\/audit-logs\/activity$/);

  const again = await newVisitor();
  const answer = await gotoPage(link, again);
  expect(answer?.status()).toBe(404);
  await expect(again.getByRole('heading', { name: 'This invitation no longer works' })).toBeVisible();

  await gotoPage(usersNamed(email));
  await expect(row(page, email)).toContainText('Active');
});

test('a weak password is refused with the reason', async ({ page, newVisitor, gotoPage }) => {
  const { link } = await invite(page, gotoPage, 'Wiebke Weak', 'Agent');
  const visitor = await newVisitor();
  await gotoPage(link, visitor);
  await acceptInvitation(visitor, 'passwordpassword');
  await expect(visitor.getByLabel('Choose a password')).toHaveAttribute('aria-invalid', 'true');
  await expect(visitor).toHaveURL(/\/invite\//);
});

test('a refused invitation keeps what was typed', async ({ page, problems }) => {
  problems.allow(/422/);
  await page.getByRole('link', { name: 'Invite a user' }).click();
  const form = page.getByRole('region', { name: 'Invite a user' });
  await form.getByLabel('Name').fill('Somebody Else');
  await form.getByLabel('Email').fill('admin@northdesk.example');
  await form.getByLabel('Role').selectOption('Agent');
  await form.getByRole('button', { name: 'Create invitation' }).click();

  await expect(form.getByLabel('Email')).toHaveAttribute('aria-invalid', 'true');
  await expect(form.getByLabel('Email')).toHaveAccessibleDescription(/here already/);
  await expect(form.getByLabel('Name')).toHaveValue('Somebody Else');
  await expect(form.getByLabel('Role')).toHaveValue(/./);
});

test('a new link takes the place of the old one', async ({ page, newVisitor, gotoPage }) => {
  const { email, link } = await invite(page, gotoPage, 'Ravi Replaced', 'Agent');
  await manage(page, gotoPage, email);
  await page.getByRole('button', { name: 'New invitation link' }).click();
  await expect(said(page, 'Here is a new link for Ravi Replaced')).toBeVisible();

  const visitor = await newVisitor();
  const answer = await gotoPage(link, visitor);
  expect(answer?.status()).toBe(404);
});

test('a role is changed', async ({ page, gotoPage }) => {
  const { email } = await invite(page, gotoPage, 'Priya Promoted', 'Agent');
  await manage(page, gotoPage, email);
  await page.getByLabel('Role', { exact: true }).selectOption('Auditor');
  await page.getByRole('button', { name: 'Save role' }).click();
  await expect(said(page, 'Priya Promoted now has the role “Auditor”')).toBeVisible();
  await gotoPage(usersNamed(email));
  await expect(row(page, email)).toContainText('Auditor');
});

test('a deactivated person is out at once and can come back', async ({ page, newVisitor, gotoPage }) => {
  const { email, link } = await invite(page, gotoPage, 'Leo Leaving', 'Auditor');
  const visitor = await newVisitor();
  await gotoPage(link, visitor);
  await acceptInvitation(visitor, 'nine paper lanterns drift seaward');
  await expect(visitor).toHaveURL(/\/audit-logs\/activity$/);

  await manage(page, gotoPage, email);
  await page.getByText('Deactivate…').click();
  await expect(page.getByText('Deactivate Leo Leaving? They are signed out everywhere at once')).toBeVisible();
  await page.getByRole('button', { name: 'Deactivate Leo Leaving' }).click();
  await expect(said(page, 'Leo Leaving is deactivated')).toBeVisible();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Deactivated');

  await gotoPage('/audit-logs/activity', visitor);
  await expect(visitor).toHaveURL(/\/sign-in/);

  await page.getByRole('button', { name: 'Reactivate' }).click();
  await expect(said(page, 'Leo Leaving can sign in again')).toBeVisible();
});

test('nobody deactivates themselves', async ({ page, gotoPage, expectAccessible }) => {
  await manage(page, gotoPage, 'admin@northdesk.example');
  await expect(page.getByText("You can't deactivate yourself")).toBeVisible();
  await expect(page.getByText('Deactivate…')).toHaveCount(0);
  await expectAccessible(page);
});

test('who may not manage users is told so', async ({ page, newVisitor, signIn, gotoPage }) => {
  const visitor = await newVisitor();
  await signIn(visitor, 'auditor');
  const answer = await gotoPage('/admin/users', visitor);
  expect(answer?.status()).toBe(403);
  await expect(visitor.getByText('Manage users')).toBeVisible();
  await expect(alert(page, /./)).toHaveCount(0);
});

test('the list is searched, narrowed and turned page by page', async ({ page, gotoPage, usable, expectAccessible }) => {
  const { email } = await invite(page, gotoPage, 'Nils Narrowed', 'Auditor');
  await gotoPage('/admin/users');
  await page.getByRole('searchbox', { name: /^Search names/ }).fill(email);
  await page.getByRole('button', { name: 'Search', exact: true }).click();
  await usable(page);
  await expect(page).toHaveURL(/q=invited-/);
  await expect(page.getByText('1 user', { exact: true })).toBeVisible();

  await gotoPage('/admin/users');
  const filters = page.getByRole('complementary', { name: 'Filters' });
  const opened = filters.getByRole('button', { name: 'Filters' });
  if (await opened.isVisible()) {
    await opened.click();
  }
  await filters.getByRole('link', { name: /^Invited/ }).click();
  await usable(page);
  await expect(page).toHaveURL(/status=invited/);
  for (const cell of await page.getByRole('row').filter({ hasText: '@' }).all()) {
    await expect(cell).toContainText('Invited');
  }
  await expectAccessible(page);
  await gotoPage('/admin/users?status=asleep');
  await expect(page.getByText('is none of active, invited, deactivated')).toBeVisible();
});

test('name, email and phone are changed and recorded', async ({ page, gotoPage, problems, expectAccessible }) => {
  problems.allow(/422/);
  const { email } = await invite(page, gotoPage, 'Rita Renamed', 'Agent');
  await manage(page, gotoPage, email);
  await page.getByLabel('Name', { exact: true }).fill('Rita Anders');
  await page.getByRole('textbox', { name: 'Phone' }).fill('+44 20 7946 0100');
  await page.getByLabel('Email', { exact: true }).fill('admin@northdesk.example');
  await page.getByRole('button', { name: 'Save name and contact' }).click();
  await expect(page.getByLabel('Email', { exact: true })).toHaveAccessibleDescription(/here already/);
  await expect(page.getByLabel('Name', { exact: true })).toHaveValue('Rita Anders');
  await expectAccessible(page);
  await page.getByLabel('Email', { exact: true }).fill(`new-${email}`);
  await page.getByRole('button', { name: 'Save name and contact' }).click();
  await expect(said(page, 'What Rita Anders is called and how they are reached is saved')).toBeVisible();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Rita Anders');
  await page.getByRole('link', { name: 'Audit log', exact: true }).click();
  // The invitation that went to the address before is one of them.
  await expect(page.getByText('Changed 4 properties of user “Rita Anders”').first()).toBeVisible();
});
