import type { Page } from '@playwright/test';
import { expect, test } from '../support/fixtures';
import { acceptInvitation, invite, row } from '../support/people';

const said = (page: Page, text: string | RegExp) => page.getByRole('status').filter({ hasText: text });

test('the page shows this browser, and everyone can read it', async ({ page, signIn, gotoPage, expectAccessible }) => {
  await signIn(page, 'auditor');
  await gotoPage('/account');
  await expect(row(page, 'This browser')).toContainText('Chrome');
  await expect(row(page, 'This browser').getByRole('button')).toHaveCount(0);
  await expectAccessible(page);
});

test('another browser is signed out', async ({ page, newVisitor, signIn, gotoPage }) => {
  await signIn(page, 'agent');
  const visitor = await newVisitor();
  await signIn(visitor, 'agent');
  await gotoPage('/account', visitor);
  await expect(row(visitor, 'This browser')).toHaveCount(1);

  await gotoPage('/account');
  await page.getByRole('row').getByRole('button', { name: 'Sign out' }).first().click();
  await expect(said(page, 'That browser is signed out')).toBeVisible();

  await gotoPage('/account');
  if ((await page.getByRole('button', { name: 'Sign out everywhere else' }).count()) > 0) {
    await page.getByRole('button', { name: 'Sign out everywhere else' }).click();
  }
  await expect(page.getByText('You are signed in nowhere else')).toBeVisible();
  await gotoPage('/account', visitor);
  await expect(visitor).toHaveURL(/\/sign-in/);
});

test('the password is changed, and only with the current one', async ({ page, newVisitor, signIn, gotoPage, problems }) => {
  problems.allow(/422/);
  await signIn(page, 'administrator');
  const { email, link } = await invite(page, gotoPage, 'Cara Changes', 'Agent');
  const visitor = await newVisitor();
  await gotoPage(link, visitor);
  const [old, fresh] = ['seven quiet herons wade upstream', 'nine paper lanterns drift seaward'];
  await acceptInvitation(visitor, old);
  await expect(visitor.getByRole('button', { name: 'Sign out', exact: true })).toBeVisible();

  const change = async (current: string, next: string) => {
    await gotoPage('/account', visitor);
    await visitor.getByLabel('Current password').fill(current);
    await visitor.getByLabel('New password').fill(next);
    await visitor.getByRole('button', { name: 'Change password' }).click();
  };
  await change('not the one', fresh);
  await expect(visitor.getByLabel('Current password')).toHaveAttribute('aria-invalid', 'true');
  await change(old, 'short');
  await expect(visitor.getByLabel('New password')).toHaveAttribute('aria-invalid', 'true');
  await change(old, fresh);
  await expect(said(visitor, 'Your password is changed')).toBeVisible();
  await expect(visitor.getByLabel('New password')).toHaveValue('');

  const signedIn = await visitor.request.post('/sign-in', { form: { email, password: fresh }, maxRedirects: 0 });
  expect(signedIn.headers()['location']).not.toContain('/sign-in');
});

test('the time zone is chosen, and an unknown one is refused', async ({ page, signIn, gotoPage, problems }) => {
  problems.allow(/422/);
  await signIn(page, 'auditor');
  await gotoPage('/account');
  const zone = page.getByRole('combobox', { name: 'Time zone' });
  await zone.fill('Mars/Olympus');
  await page.getByRole('button', { name: 'Save time zone' }).click();
  await expect(zone).toHaveAttribute('aria-invalid', 'true');
  await expect(zone).toHaveValue('Mars/Olympus');

  await zone.fill('Asia/Kathmandu');
  await page.getByRole('button', { name: 'Save time zone' }).click();
  await expect(said(page, 'Times are now shown in Asia/Kathmandu')).toBeVisible();
  await gotoPage('/account');
  await expect(zone).toHaveValue('Asia/Kathmandu');
});

test('the own name and phone are changed', async ({ page, newVisitor, signIn, gotoPage, problems, expectAccessible }) => {
  problems.allow(/422/);
  await signIn(page, 'administrator');
  const { link } = await invite(page, gotoPage, 'Nora Named', 'Agent');
  const visitor = await newVisitor();
  await gotoPage(link, visitor);
  await acceptInvitation(visitor, 'seven quiet herons wade upstream');
  await expect(visitor.getByRole('button', { name: 'Sign out', exact: true })).toBeVisible();
  await gotoPage('/account', visitor);
  await visitor.getByLabel('Name', { exact: true }).fill('Nora Nobel');
  await visitor.getByRole('textbox', { name: 'Phone' }).fill('call me');
  await visitor.getByRole('button', { name: 'Save name and phone' }).click();
  await expect(visitor.getByRole('textbox', { name: 'Phone' })).toHaveAccessibleDescription(/not a phone number/);
  await visitor.getByRole('textbox', { name: 'Phone' }).fill('555-0100');
  await visitor.getByRole('button', { name: 'Save name and phone' }).click();
  await expect(said(visitor, 'Your name and phone are saved')).toBeVisible();
  await expect(visitor.getByText('Nora Nobel').first()).toBeVisible();
  await expectAccessible(visitor);
});
