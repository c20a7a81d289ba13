// The tabs that only some things have: a company's contacts, a contact's sign-ins, an agent's work sessions.

import type { Page } from '@playwright/test';
import { expect, test } from '../support/fixtures';

let count = 0;
const unused = (name: string) => `${name}-${process.pid}-${Date.now()}-${(count += 1)}`;

const tab = (page: Page, name: string) =>
  page.getByRole('navigation', { name: /^Pages of / }).getByRole('link', { name, exact: true });

type Open = (path: string) => Promise<unknown>;

async function create(page: Page, open: Open, path: string, fields: Record<string, string>) {
  await open(`${path}/new`);
  for (const [label, text] of Object.entries(fields)) {
    await page.getByLabel(label, { exact: false }).first().fill(text);
  }
  await page.getByRole('button', { name: /^Create / }).click();
  await page.waitForURL(/\/overview$/);
  return page.url();
}

test.beforeEach(async ({ page, signIn }) => {
  await signIn(page, 'administrator');
});

test('a company shows who belongs to it', async ({ page, gotoPage, usable, expectAccessible }) => {
  const company = unused('Harbor');
  const address = await create(page, gotoPage, '/companies', { Name: company });
  await tab(page, 'Contacts').click();
  await page.waitForURL(/\/companies\/.*\/contacts$/);
  await usable(page);
  await expect(page.getByRole('heading', { name: 'No contacts yet' })).toBeVisible();
  await expectAccessible(page);
  await gotoPage('/contacts/new');
  await page.getByLabel('Name').fill('Amina Diallo');
  await page.getByLabel('Email').fill(`${unused('amina')}@harbor.example`);
  await page.getByRole('combobox', { name: 'Company' }).selectOption(company);
  await page.getByRole('button', { name: 'Create contact' }).click();
  await page.waitForURL(/\/overview$/);
  await gotoPage(address.replace('overview', 'contacts'));
  await expect(page.getByText('1 contact', { exact: true })).toBeVisible();
  await expect(page.getByRole('table').getByRole('link', { name: 'Amina Diallo' })).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('link', { name: 'Search and filter these contacts' }).click();
  await page.waitForURL(/\/contacts\?company=/);
  await expect(page.getByText('1 contact', { exact: true })).toBeVisible();
});

test('people have their own sessions, also by the id the helpdesk knows them by', async ({
  page,
  server,
  gotoPage,
  usable,
  expectAccessible,
  problems,
}) => {
  problems.allow(/404/);
  const [contact, agent] = [unused('c'), unused('a')];
  const key = (await server.command('api-key', 'create', unused('portal'))).trim();
  const events = [
    {
      event_type: 'contact.signed_in',
      log: 'contact_authentication',
      occurred_at: '2026-11-19T08:00:00Z',
      summary: 'Amina came into the portal',
      actor: { kind: 'contact', id: contact, name: 'Amina' },
    },
    {
      event_type: 'agent.status_changed',
      log: 'work_session',
      occurred_at: '2026-11-19T09:00:00Z',
      summary: 'Tomas became available',
      actor: { kind: 'system', name: 'Queue router' },
      targets: [{ kind: 'service_agent', id: agent, name: 'Tomas' }],
    },
  ];
  const answer = await page.request.post('/api/v2/events', {
    headers: { authorization: `Bearer ${key}` },
    data: events,
  });
  expect(await answer.json()).toMatchObject({ rejected: [] });
  for (const [path, id, tab, summary] of [
    ['/contacts', contact, 'Sign-ins', 'Amina came into the portal'],
    ['/agents', agent, 'Work sessions', 'Tomas became available'],
  ] as const) {
    const thing = await create(page, gotoPage, path, {
      Name: unused('Somebody'),
      'External id': id,
      Email: `${unused('somebody')}@northdesk.example`,
    });
    await page.getByRole('link', { name: tab, exact: true }).click();
    await page.waitForURL(/(sign-ins|work-sessions)$/);
    await usable(page);
    const log = page.getByRole('table', { name: /newest first/ });
    await expect(log.getByRole('row')).toHaveCount(2);
    await log.getByRole('link', { name: 'Show details' }).click();
    await expect(page).toHaveURL(/(sign-ins|work-sessions)\?open=/);
    await expect(page.getByText(summary).first()).toBeVisible();
    await expectAccessible(page);
    // Of a thing of another kind there is no such page.
    await gotoPage(thing.replace(path, path === '/contacts' ? '/agents' : '/contacts').replace('overview', 'contacts'));
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('There is nothing at this address');
  }
});
