// What Daybook's own mails say, and the links in them.

import type { Page } from '@playwright/test';
import { expect } from '../support/fixtures';
import { type Mailbox, test } from '../support/mailbox';
import { acceptInvitation, manage } from '../support/people';
import { Server } from '../support/server';

const said = (page: Page, text: string | RegExp) => page.getByRole('status').filter({ hasText: text });
const preview = (page: Page) => page.frameLocator('iframe[name="template-preview"]');

test('a template is looked at, saved, undone and put back', async ({ page, gotoPage, signIn, problems, expectAccessible }) => {
  problems.allow(/422/);
  await signIn(page, 'administrator');
  await gotoPage('/admin/email');
  await page.getByRole('link', { name: 'Email templates' }).click();
  await page.getByRole('table', { name: 'Email templates' }).getByRole('link', { name: 'Test message' }).click();
  await page.waitForURL(/\/templates\/test$/);
  await expect(preview(page).getByText('mail from Northdesk arrives')).toBeVisible();
  await expectAccessible(page);

  // What is typed is looked at without being saved, and stays typed.
  await page.getByLabel('Subject').fill('Hi from {{ workspace }}');
  await page.getByLabel('Text').fill('It <b>arrives</b>.\n\n{{ sender }}');
  await page.getByRole('button', { name: 'Preview' }).click();
  await expect(preview(page).getByText('Hi from Northdesk')).toBeVisible();
  await expect(preview(page).getByText('It <b>arrives</b>.')).toBeVisible();
  await expect(page.getByLabel('Subject')).toHaveValue('Hi from {{ workspace }}');

  await page.getByLabel('Subject').fill('Hi {{ nobody }}');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.getByLabel('Subject')).toHaveAccessibleDescription(/There is no “nobody” here/);
  await expect(page.getByLabel('Text')).toHaveValue(/arrives/);

  await page.getByLabel('Subject').fill('Hi from {{ workspace }}');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(said(page, 'The template is saved')).toBeVisible();
  await expect(page.getByText('Your own text.')).toBeVisible();
  await page.getByRole('button', { name: 'Undo the last change' }).click();
  await expect(said(page, 'The last change is undone')).toBeVisible();
  await expect(page.getByLabel('Subject')).toHaveValue('Test email from {{ workspace }}');
  await page.getByRole('button', { name: 'Undo the last change' }).click();
  await expect(page.getByLabel('Subject')).toHaveValue('Hi from {{ workspace }}');
  await page.getByText('Back to the default…').click();
  await page.getByRole('button', { name: 'Back to the default', exact: true }).click();
  await expect(said(page, 'comes with Daybook is used again')).toBeVisible();
  await expect(page.getByLabel('Subject')).toHaveValue('Test email from {{ workspace }}');
  await expectAccessible(page);
});

/** The path of the newest link to a page that came by mail. */
async function mailed(mailbox: Mailbox, to: string, pattern: RegExp): Promise<string> {
  let found: string | undefined;
  await expect(() => {
    // Quoted-printable breaks lines.
    found = pattern.exec(mailbox.to(to).at(-1)?.replace(/=\r?\n/g, '') ?? '')?.[0];
    expect(found).toBeTruthy();
  }).toPass();
  return found!;
}

test('an invitation and a new password come by mail', async ({ browser, problems, usable, mailbox }) => {
  const server = await Server.start(process.env.DAYBOOK_E2E_DEMO, '--public-url', 'http://daybook.test');
  const context = await browser.newContext({ baseURL: server.url });
  problems.watch(context);
  const open = async (page: Page, path: string) => {
    const answer = await page.goto(path);
    await usable(page);
    return answer;
  };
  try {
    const page = await context.newPage();
    await open(page, '/sign-in');
    await expect(page.getByText('Whoever runs this server can set a new one')).toBeVisible();
    await page.getByLabel('Email').fill('admin@northdesk.example');
    await page.getByLabel('Password').fill('look-around-northdesk');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await open(page, '/admin/email');
    await page.getByLabel('Host').fill('127.0.0.1');
    await page.getByLabel('Port', { exact: true }).fill(String(await mailbox.listen()));
    await page.getByLabel('Security').selectOption('none');
    await page.getByLabel('From address').fill('desk@northdesk.example');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await expect(said(page, 'The email settings are saved')).toBeVisible();

    const email = 'mail@harbor.example';
    await open(page, '/admin/users?invite');
    const form = page.getByRole('region', { name: 'Invite a user' });
    await form.getByLabel('Name').fill('Mai Lund');
    await form.getByLabel('Email').fill(email);
    await form.getByLabel('Role').selectOption('Agent');
    await form.getByRole('button', { name: 'Create invitation' }).click();
    await expect(said(page, `A mail with the link is on its way to ${email}`)).toBeVisible();
    await expect(page.locator('.snippet--secret')).toHaveCount(0);
    const first = await mailed(mailbox, email, /\/invite\/[\w-]+/);

    await manage(page, path => open(page, path), email);
    await page.getByRole('button', { name: 'Send the invitation again' }).click();
    await expect(said(page, 'A mail with a new link for Mai Lund is on its way')).toBeVisible();
    await expect(async () => expect(await mailed(mailbox, email, /\/invite\/[\w-]+/)).not.toBe(first)).toPass();
    const link = await mailed(mailbox, email, /\/invite\/[\w-]+/);
    await open(page, '/email/delivery-history?template=invitation');
    await page.getByRole('link', { name: /invites you to/ }).first().click();
    await page.waitForURL(/\/email\/messages\//);
    await expect(page.getByText('(link)').first()).toBeVisible();
    await expect(page.getByText(link)).toHaveCount(0);

    const visitor = await (await browser.newContext({ baseURL: server.url })).newPage();
    expect((await open(visitor, first))?.status()).toBe(404);
    await open(visitor, link);
    await acceptInvitation(visitor, 'leuchtturm-wind-neunzehn-kabel');
    await visitor.waitForURL(url => !url.pathname.startsWith('/invite'));

    // Forgotten.
    const other = await (await browser.newContext({ baseURL: server.url })).newPage();
    await open(other, '/sign-in');
    await other.getByRole('link', { name: 'Forgot your password?' }).click();
    await usable(other);
    for (const asked of ['nobody@harbor.example', email]) {
      await other.getByLabel('Email').fill(asked);
      await other.getByRole('button', { name: 'Send the link' }).click();
      await expect(said(other, 'If this is a user')).toBeVisible();
      await usable(other);
    }
    expect(mailbox.to('nobody@harbor.example')).toEqual([]);
    const reset = await mailed(mailbox, email, /\/reset\/[\w-]+/);
    await open(other, reset);
    await other.getByLabel('Choose a password').fill('kabel-neunzehn-wind-leuchtturm');
    await other.getByRole('button', { name: 'Set the password' }).click();
    await expect(said(other, 'Your new password is set')).toBeVisible();
    expect((await open(other, reset))?.status()).toBe(404);
    // Signed out elsewhere.
    await open(visitor, '/account');
    await expect(visitor).toHaveURL(/\/sign-in/);
  } finally {
    await context.close();
    await server.stop();
  }
});

test('sending is paused, what is to be sent waits, and goes out once it is resumed', async ({
  browser,
  problems,
  usable,
  mailbox,
  expectAccessible,
}) => {
  const server = await Server.start(process.env.DAYBOOK_E2E_DEMO, '--public-url', 'http://daybook.test');
  const context = await browser.newContext({ baseURL: server.url });
  problems.watch(context);
  try {
    const page = await context.newPage();
    const open = async (path: string) => {
      await page.goto(path);
      await usable(page);
    };
    await open('/sign-in');
    await page.getByLabel('Email').fill('admin@northdesk.example');
    await page.getByLabel('Password').fill('look-around-northdesk');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await open('/admin/email');
    await expect(page.getByRole('button', { name: 'Pause sending' })).toHaveCount(0);
    await page.getByLabel('Host').fill('127.0.0.1');
    await page.getByLabel('Port', { exact: true }).fill(String(await mailbox.listen()));
    await page.getByLabel('Security').selectOption('none');
    await page.getByLabel('From address').fill('desk@northdesk.example');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await expect(said(page, 'The email settings are saved')).toBeVisible();
    await usable(page);
    await page.getByRole('button', { name: 'Pause sending' }).click();
    await expect(said(page, 'no mail leaves until it is resumed')).toBeVisible();
    // Alerts are mailed, too: what rules find depends on the hour.
    await expect(page.getByText(/(Nothing|\d+ messages?) waits? to be sent\./)).toBeVisible();
    await expect(page.getByText('Sending is paused: resume it first.')).toBeVisible();
    await expectAccessible(page);

    const email = 'wait@harbor.example';
    await open('/admin/users?invite');
    const form = page.getByRole('region', { name: 'Invite a user' });
    await form.getByLabel('Name').fill('Wai Ting');
    await form.getByLabel('Email').fill(email);
    await form.getByLabel('Role').selectOption('Agent');
    await form.getByRole('button', { name: 'Create invitation' }).click();
    await expect(said(page, `A mail with the link is on its way to ${email}`)).toBeVisible();
    await open(`/email/delivery-history?q=${email}`);
    await expect(page.getByText("Daybook's own mail waits")).toBeVisible();
    await expectAccessible(page);
    await page.getByRole('link', { name: /invites you to/ }).first().click();
    await page.waitForURL(/\/email\/messages\//);
    await usable(page);
    await expect(page.getByText('the message waits until it is resumed')).toBeVisible();
    await expect(page.getByRole('button', { name: 'Send now' })).toHaveCount(0);
    await expectAccessible(page);
    const message = page.url();
    expect(mailbox.to(email)).toEqual([]);

    await page.getByRole('main').getByRole('link', { name: 'Email settings' }).click();
    await page.waitForURL(/\/admin\/email$/);
    await usable(page);
    await expect(page.getByText(/\d+ messages? waits? to be sent\./)).toBeVisible();
    await page.getByRole('button', { name: 'Resume sending' }).click();
    await expect(said(page, 'what has waited is on its way')).toBeVisible();
    await mailed(mailbox, email, /\/invite\/[\w-]+/);
    await open(message);
    await expect(page.getByText('the message waits until it is resumed')).toHaveCount(0);
  } finally {
    await context.close();
    await server.stop();
  }
});
