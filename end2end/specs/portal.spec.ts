// The customer portal: a contact comes in by a link and by a password, and sees what is theirs.

import type { Page } from '@playwright/test';
import { expect } from '../support/fixtures';
import { test } from '../support/mailbox';
import { row } from '../support/people';
import { Server } from '../support/server';

const said = (page: Page, text: string | RegExp) => page.getByRole('status').filter({ hasText: text });
const tab = (page: Page, name: string) =>
  page.getByRole('navigation', { name: 'Pages of the portal' }).getByRole('link', { name, exact: true });

test('a contact comes in by a link, sets a password, and sees what is theirs', async ({
  browser,
  problems,
  usable,
  mailbox,
  expectAccessible,
}) => {
  test.slow();
  const server = await Server.start(process.env.DAYBOOK_E2E_DEMO, '--public-url', 'http://daybook.test');
  const contexts: { close: () => Promise<void> }[] = [];
  const visitor = async () => {
    const context = await browser.newContext({ baseURL: server.url, acceptDownloads: true });
    contexts.push(context);
    problems.watch(context);
    return context.newPage();
  };
  const open = async (page: Page, path: string) => {
    const answer = await page.goto(path);
    await usable(page);
    return answer;
  };
  const address = 'ann.reyes@harbor.example';
  try {
    const admin = await visitor();
    await open(admin, '/sign-in');
    await admin.getByLabel('Email').fill('admin@northdesk.example');
    await admin.getByLabel('Password').fill('look-around-northdesk');
    await admin.getByRole('button', { name: 'Sign in' }).click();
    await open(admin, '/admin/email');
    await admin.getByLabel('Host').fill('127.0.0.1');
    await admin.getByLabel('Port', { exact: true }).fill(String(await mailbox.listen()));
    await admin.getByLabel('Security').selectOption('none');
    await admin.getByLabel('From address').fill('desk@northdesk.example');
    await admin.getByRole('button', { name: 'Save', exact: true }).click();
    await expect(said(admin, 'The email settings are saved')).toBeVisible();
    await open(admin, '/admin/brands/new');
    await admin.getByLabel('Name').fill('Quayside Support');
    await admin.getByLabel('Colour').fill('#1f6f5c');
    await admin.getByRole('button', { name: 'Create brand' }).click();
    await expect(admin.getByRole('heading', { level: 1 })).toContainText('Quayside Support');
    await open(admin, '/companies/new');
    await admin.getByLabel('Name').fill('Harbor Lines');
    await admin.getByRole('group', { name: 'Customer portal' }).getByLabel('Yes').check();
    await admin.getByRole('combobox', { name: 'Brand' }).selectOption({ label: 'Quayside Support' });
    await admin.getByRole('button', { name: 'Create company' }).click();
    await expect(admin.getByRole('heading', { level: 1 })).toContainText('Harbor Lines');
    await open(admin, '/contacts/new');
    await admin.getByLabel('Name').fill('Ann Reyes');
    await admin.getByRole('textbox', { name: 'Email' }).fill(address);
    await admin.getByRole('combobox', { name: 'Company' }).selectOption({ label: 'Harbor Lines' });
    await admin.getByRole('button', { name: 'Create contact' }).click();
    await expect(admin.getByRole('heading', { level: 1 })).toContainText('Ann Reyes');
    const contact = new URL(admin.url()).pathname.split('/').slice(0, 3).join('/');

    // A user of the workspace is nobody here.
    await open(admin, '/portal');
    await expect(admin).toHaveURL(/\/portal\/sign-in$/);

    const ann = await visitor();
    await open(ann, '/portal/activity');
    await expect(ann).toHaveURL(/\/portal\/sign-in$/);
    await expectAccessible(ann);
    const form = ann.locator('form[action="/portal/sign-in/link"]');
    await form.getByLabel('Email').fill(address);
    await form.getByRole('button', { name: 'Email me a link' }).click();
    await expect(said(ann, 'If this address may come in, a link is on its way')).toBeVisible();
    let link = '';
    await expect(() => {
      // Quoted-printable breaks lines.
      const text = mailbox.to(address).at(-1)?.replace(/=\r?\n/g, '') ?? '';
      link = /\/portal\/link\/[\w-]+/.exec(text)?.[0] ?? '';
      expect(link).toBeTruthy();
    }).toPass();

    // Forwarded, it lets nobody in.
    const other = await visitor();
    problems.allow(/422/);
    expect((await open(other, link))?.status()).toBe(422);
    await expect(other.getByText('Open the link in the browser in which you asked for it')).toBeVisible();

    await open(ann, link);
    await expect(ann.getByRole('heading', { level: 1 })).toHaveText('Ann Reyes');
    await expectAccessible(ann);
    await ann.getByRole('button', { name: 'Continue' }).click();
    await ann.waitForURL(/\/portal\/activity$/);
    await usable(ann);
    await expect(ann.getByText('Quayside Support').first()).toBeVisible();
    await expect(row(ann, 'Contact created')).toContainText('Ann Reyes');
    await expectAccessible(ann);
    expect((await open(other, link))?.status()).toBe(422);

    await tab(ann, 'Sign-ins').click();
    await ann.waitForURL(/\/portal\/sign-ins$/);
    await expect(row(ann, 'Contact signed in')).toContainText('Link by email');
    await expectAccessible(ann);
    const downloading = ann.waitForEvent('download');
    await ann.getByRole('link', { name: 'Export as CSV' }).click();
    expect((await downloading).suggestedFilename()).toMatch(/^sign-ins-.*\.csv$/);

    await tab(ann, 'Email').click();
    await ann.waitForURL(/\/portal\/emails$/);
    await ann.getByRole('link', { name: 'Your link to sign in to Quayside Support' }).click();
    await ann.waitForURL(/\/portal\/emails\/[0-9a-f-]+$/);
    await expect(ann.getByText('(link)')).toBeVisible();
    await expectAccessible(ann);

    await tab(ann, 'Account').click();
    await ann.waitForURL(/\/portal\/account$/);
    await usable(ann);
    await expect(ann.getByText('This browser')).toBeVisible();
    await expectAccessible(ann);
    await ann.getByLabel('New password').fill('kabel-neunzehn-wind-leuchtturm');
    await ann.getByRole('button', { name: 'Set the password' }).click();
    await expect(said(ann, 'Your password is set')).toBeVisible();
    await ann.getByRole('button', { name: 'Sign out' }).click();
    await ann.waitForURL(/\/portal\/sign-in$/);
    await expect(said(ann, 'You are signed out')).toBeVisible();

    await usable(ann);
    await ann.getByText('Sign in with a password').click();
    const byPassword = ann.locator('form[action="/portal/sign-in"]');
    await byPassword.getByLabel('Email').fill(address);
    await byPassword.getByLabel('Password').fill('something else entirely');
    await byPassword.getByRole('button', { name: 'Sign in' }).click();
    await expect(ann.getByText('Email or password is wrong.').first()).toBeVisible();
    await usable(ann);
    await ann.getByText('Sign in with a password').click();
    await byPassword.getByLabel('Email').fill(address);
    await byPassword.getByLabel('Password').fill('kabel-neunzehn-wind-leuchtturm');
    await byPassword.getByRole('button', { name: 'Sign in' }).click();
    await ann.waitForURL(/\/portal\/activity$/);

    // What the workspace reads of it.
    await open(admin, `${contact}/sign-ins`);
    await expect(row(admin, 'magic_link')).toContainText('Harbor Lines');
    await expect(row(admin, 'Wrong password')).toContainText('Failure');

    // Switched off, everybody is out at once.
    await open(ann, '/portal/account');
    await expect(ann.getByRole('heading', { level: 1 })).toHaveText('Account');
    await open(admin, `${contact}/overview`);
    await admin.getByText('Deactivate…').click();
    await admin.getByRole('button', { name: 'Deactivate “Ann Reyes”' }).click();
    await expect(said(admin, 'Deactivated “Ann Reyes”.')).toBeVisible();
    await open(ann, '/portal/account');
    await expect(ann).toHaveURL(/\/portal\/sign-in$/);
  } finally {
    await Promise.all(contexts.map(context => context.close()));
    await server.stop();
  }
});
