// Signing in by an OpenID provider: set up, asked, used by who is new and who is known, and recorded.

import type { Page } from '@playwright/test';
import { expect, people, test } from '../support/fixtures';
import { manage } from '../support/people';
import { IdentityProvider } from '../support/provider';
import { Server } from '../support/server';

const said = (page: Page, text: string | RegExp) => page.getByRole('status').filter({ hasText: text });

test('people come in by a provider', async ({ browser, problems, usable, expectAccessible }) => {
  problems.allow(/422|favicon/);
  const server = await Server.start(process.env.DAYBOOK_E2E_DEMO, '--delivery-networks', '127.0.0.0/8');
  const provider = await IdentityProvider.start(server.url);
  const visitor = async () => {
    const made = await browser.newContext({ baseURL: server.url });
    problems.watch(made);
    return made.newPage();
  };
  const open = async (page: Page, path: string) => {
    const response = await page.goto(path);
    await usable(page);
    return response;
  };
  /** From Daybook's sign-in page to the provider, and what is answered there. */
  const come = async (page: Page, name: string, answer: 'Continue' | 'Cancel' = 'Continue') => {
    await open(page, '/sign-in?next=%2Faudit-logs%2Faccess');
    await page.getByRole('link', { name: 'Sign in with Test ID' }).click();
    await page.waitForURL(url => url.href.startsWith(provider.issuer));
    await page.getByLabel('Name').fill(name);
    await page.getByRole('button', { name: answer }).click();
    await page.waitForURL(url => url.href.startsWith(server.url));
    await usable(page);
  };
  try {
    const admin = await visitor();
    await open(admin, '/sign-in');
    await expect(admin.getByRole('link', { name: /Sign in with/ })).toHaveCount(0);
    await admin.getByLabel('Email').fill(people.administrator.email);
    await admin.getByLabel('Password').fill(people.administrator.password);
    await admin.getByRole('button', { name: 'Sign in' }).click();
    await admin.waitForURL(/audit-logs/);

    await open(admin, '/admin/identity-providers');
    await expect(admin.getByText('No provider is set up')).toBeVisible();
    await expectAccessible(admin);
    await admin.getByRole('link', { name: 'Set up a provider' }).click();
    await admin.waitForURL(/\/identity-providers\/new$/);
    await usable(admin);
    await expect(admin.getByText(`${server.url}/sign-in/callback`)).toBeVisible();
    await expectAccessible(admin);
    await admin.getByLabel('Name', { exact: true }).fill('Test ID');
    await admin.getByLabel('Issuer').fill(`${provider.issuer}?x`);
    await admin.getByLabel('Client ID').fill('daybook');
    await admin.getByLabel('Client secret').fill('a secret/of the+client');
    await admin.getByLabel("People who aren't users").selectOption('made');
    await admin.getByLabel('Claim').fill('groups');
    await admin.getByLabel('Rules').fill('audit = Auditor\ndesk = Agent');
    await admin.getByRole('button', { name: 'Set it up' }).click();
    await expect(admin.getByLabel('Issuer')).toHaveAccessibleDescription(/not an https address without query/);
    // What was typed is still there, but for the secret where the page is another one.
    await usable(admin);
    await expect(admin.getByLabel('Rules')).toHaveValue('audit = Auditor\ndesk = Agent');
    await admin.getByLabel('Issuer').fill(provider.issuer);
    await admin.getByLabel('Client secret').fill('a secret/of the+client');
    await admin.getByRole('button', { name: 'Set it up' }).click();
    await expect(said(admin, '“Test ID” is set up')).toBeVisible();
    await usable(admin);
    await admin.getByRole('button', { name: 'Ask the provider' }).click();
    await expect(said(admin, 'The provider answers as it should')).toBeVisible();
    await expectAccessible(admin);

    // Somebody new: the provider's group says what they may do.
    const cleo = await visitor();
    await open(cleo, '/sign-in');
    await expect(cleo.getByRole('link', { name: 'Sign in with Test ID' })).toBeVisible();
    await expectAccessible(cleo);
    await come(cleo, 'cleo.audit');
    await expect(cleo).toHaveURL(/\/audit-logs\/access/);
    const came = (page: Page) => page.getByRole('row').filter({ hasText: 'cleo@northdesk.example' }).filter({ hasText: 'Test ID' });
    await expect(came(cleo).first()).toContainText('Success');

    // Somebody who is here already, by the address.
    const auditor = await visitor();
    await come(auditor, 'auditor.audit');
    await expect(auditor).toHaveURL(/\/audit-logs\/access/);

    // Nobody comes in without a group, without a verified address, or who cancels.
    const stranger = await visitor();
    for (const [name, answer, told] of [
      ['eve.unverified', 'Continue', /hasn't verified it/],
      ['eve.nothing', 'Continue', /no way in here/],
      ['eve', 'Cancel', /didn't sign you in/],
    ] as const) {
      await stranger.context().clearCookies();
      await come(stranger, name, answer);
      await expect(stranger).toHaveURL(/\/sign-in/);
      await expect(stranger.getByText(told)).toBeVisible();
    }
    await expectAccessible(stranger);

    // The record says by what they came, and what the provider was.
    await open(admin, '/audit-logs/access');
    const record = came(admin).first();
    await record.getByRole('link', { name: 'Show details' }).or(record.getByRole('button', { name: 'Show details' })).click();
    await expect(admin.getByRole('heading', { name: 'At the identity provider' })).toBeVisible();
    for (const step of ['A rule gives the role', 'The ID token holds']) {
      await expect(admin.getByRole('listitem').filter({ hasText: step }).first()).toBeVisible();
    }
    await expectAccessible(admin);

    await manage(admin, path => open(admin, path), people.auditor.email);
    await expect(admin.getByRole('rowheader', { name: `Test ID: ${people.auditor.email}` })).toBeVisible();
    await usable(admin);
    await expectAccessible(admin);
    await admin.getByRole('button', { name: /^Part/ }).click();
    await expect(said(admin, "They don't come in by that any more")).toBeVisible();
    await expect(admin.getByRole('rowheader', { name: `Test ID: ${people.auditor.email}` })).toHaveCount(0);

    await open(admin, '/admin/identity-providers');
    await admin.getByRole('link', { name: 'Test ID' }).click();
    await admin.waitForURL(/identity-providers\/[\w-]{36}$/);
    await usable(admin);
    await admin.getByText('Delete the provider…').click();
    await admin.getByRole('button', { name: 'Delete “Test ID”' }).click();
    await expect(said(admin, '“Test ID” is deleted')).toBeVisible();
    await expect(admin.getByText('No provider is set up')).toBeVisible();
  } finally {
    await provider.stop();
    await server.stop();
  }
});
