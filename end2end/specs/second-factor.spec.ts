// A code beside the password, as an app makes it.

import { createHmac } from 'node:crypto';
import type { Page } from '@playwright/test';
import { expect, test } from '../support/fixtures';
import { manage } from '../support/people';
import { Server } from '../support/server';

const said = (page: Page, text: string | RegExp) => page.getByRole('status').filter({ hasText: text });

/** The half minute it is. */
const now = () => Math.floor(Date.now() / 30_000);

/** What an app shows for a secret in base 32 (RFC 6238) in one half minute. */
function code(secret: string, step: number): string {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const bits = [...secret.replace(/=+$/, '')].map(letter => letters.indexOf(letter).toString(2).padStart(5, '0')).join('');
  const bytes = bits.match(/.{8}/g)!.map(byte => parseInt(byte, 2));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac('sha1', Buffer.from(bytes)).update(counter).digest();
  const at = mac[19] & 15;
  return String((mac.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

const PASSWORD = 'look-around-northdesk';

test('a second factor is required, set up, asked for, and helped with', async ({
  browser,
  problems,
  usable,
  expectAccessible,
}) => {
  problems.allow(/422|409|403/);
  const server = await Server.start(process.env.DAYBOOK_E2E_DEMO);
  const context = async () => {
    const made = await browser.newContext({ baseURL: server.url });
    problems.watch(made);
    return made;
  };
  const admin = await (await context()).newPage();
  const auditor = await (await context()).newPage();
  const open = async (page: Page, path: string) => {
    await page.goto(path);
    await usable(page);
  };
  const signIn = async (page: Page, who: string) => {
    await open(page, '/sign-in');
    await page.getByLabel('Email').fill(`${who}@northdesk.example`);
    await page.getByLabel('Password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Sign in' }).click();
  };
  const type = async (page: Page, typed: string) => {
    await usable(page);
    await page.getByRole('textbox', { name: 'Code' }).fill(typed);
    await page.getByRole('button', { name: 'Sign in' }).click();
  };
  try {
    await signIn(auditor, 'auditor');
    await auditor.waitForURL(/audit-logs/);
    await signIn(admin, 'admin');
    await admin.waitForURL(/audit-logs/);
    await open(admin, '/admin/roles');
    await admin.getByRole('link', { name: 'Auditor', exact: true }).first().click();
    await admin.waitForURL(/\/admin\/roles\/[\w-]+$/);
    await usable(admin);
    await admin.getByRole('button', { name: 'Require a second factor' }).click();
    await expect(said(admin, 'The role needs a second factor now')).toBeVisible();
    await expect(admin.getByRole('button', { name: "Don't require it" })).toBeVisible();
    await expectAccessible(admin);

    // Whoever has the role comes no further than to where it is set up.
    await open(auditor, '/audit-logs/activity');
    await auditor.waitForURL(/\/account\/second-factor$/);
    await expect(auditor.getByText('Your role needs a second factor')).toBeVisible();
    await expect(auditor.getByRole('link', { name: 'Audit logs' })).toHaveCount(0);
    await expectAccessible(auditor);
    await auditor.getByLabel('Current password').fill(PASSWORD);
    await auditor.getByRole('button', { name: 'Continue' }).click();
    await expect(auditor.getByRole('img', { name: /QR code/ })).toBeVisible();
    await usable(auditor);
    await expectAccessible(auditor);
    const secret = await auditor.locator('.part .snippet--secret code').innerText();
    await auditor.getByRole('textbox', { name: 'Code' }).fill('000000x');
    await auditor.getByRole('button', { name: 'Switch it on' }).click();
    await expect(auditor.getByRole('textbox', { name: 'Code' })).toHaveAccessibleDescription(/This code is wrong/);
    await usable(auditor);
    const first = now();
    await auditor.getByRole('textbox', { name: 'Code' }).fill(code(secret, first));
    await auditor.getByRole('button', { name: 'Switch it on' }).click();
    await expect(said(auditor, 'These are your recovery codes')).toBeVisible();
    const codes = (await auditor.locator('.snippet--secret code').first().innerText()).split(/\s+/);
    expect(codes).toHaveLength(10);
    await expect(auditor.getByText("it can't be switched off")).toBeVisible();
    await expectAccessible(auditor);
    await open(auditor, '/audit-logs/activity');
    await expect(auditor.getByRole('table').first()).toBeVisible();

    // Elsewhere the password isn't enough.
    const elsewhere = await (await context()).newPage();
    await signIn(elsewhere, 'auditor');
    await elsewhere.waitForURL(/\/sign-in\/code/);
    await expect(elsewhere.getByText('Now the code')).toBeVisible();
    await usable(elsewhere);
    await expectAccessible(elsewhere);
    const sneaked = await elsewhere.request.get('/audit-logs/activity', { maxRedirects: 0 });
    expect(sneaked.headers().location).toMatch(/^\/sign-in/);
    await type(elsewhere, code(secret, first));
    await expect(elsewhere.getByRole('textbox', { name: 'Code' })).toHaveAccessibleDescription(/wrong, or was used already/);
    // The one after it is taken half a minute early, too.
    await type(elsewhere, code(secret, Math.max(first + 1, now())));
    await elsewhere.waitForURL(/audit-logs/);
    const third = await (await context()).newPage();
    await signIn(third, 'auditor');
    await type(third, codes[0]);
    await third.waitForURL(/audit-logs/);
    await open(third, '/account');
    await expect(third.getByText('9 recovery codes are left.')).toBeVisible();
    await expectAccessible(third);

    // The record says how; who manages users helps those who have lost it.
    await open(admin, '/audit-logs/access');
    await expect(admin.getByRole('table').first()).toContainText(/The code was used before|Wrong code/);
    await manage(admin, async path => admin.goto(path), 'auditor@northdesk.example');
    await usable(admin);
    await expect(admin.getByText('On, since')).toBeVisible();
    await admin.getByText('Remove the second factor…').click();
    await admin.getByRole('button', { name: 'Remove the second factor', exact: true }).click();
    await expect(said(admin, 'The second factor is removed')).toBeVisible();
    await expectAccessible(admin);
  } finally {
    await server.stop();
  }
});
