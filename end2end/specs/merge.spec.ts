// Two things that are one: chosen, compared, and what referred to the other refers to the one that stays.

import type { Page } from '@playwright/test';
import { expect, test } from '../support/fixtures';

let count = 0;
const unused = (name: string) => `${name} ${process.pid}-${Date.now()}-${(count += 1)}`;

type Open = (path: string) => Promise<unknown>;

async function create(page: Page, open: Open, path: string, fields: Record<string, string>) {
  await open(`${path}/new`);
  for (const [label, text] of Object.entries(fields)) {
    await page.getByLabel(label, { exact: false }).first().fill(text);
  }
  await page.getByRole('button', { name: /^Create / }).click();
  await page.waitForURL(/\/overview$/);
  return page.url().split('/').at(-2) ?? '';
}

test.beforeEach(async ({ page, signIn }) => {
  await signIn(page, 'administrator');
});

test('a company becomes part of another, and its contact goes with it', async ({ page, gotoPage, usable, expectAccessible }) => {
  const word = `Harbor${process.pid}x${Date.now()}`;
  const [stays, goes] = [`${word} IT`, `${word} Ltd`];
  const kept = await create(page, gotoPage, '/companies', { Name: stays, Phone: '+44 20 7946 0100', Tags: 'schools' });
  const gone = await create(page, gotoPage, '/companies', {
    Name: goes,
    'External id': unused('h'),
    Phone: '+44 20 7946 0999',
    Tags: 'vip',
  });
  const contact = unused('Amina');
  await gotoPage('/contacts/new');
  await page.getByLabel('Name').fill(contact);
  await page.getByLabel('Email').fill(`${contact.replace(' ', '.')}@harbor.example`);
  await page.getByRole('combobox', { name: 'Company' }).selectOption(goes);
  await page.getByRole('button', { name: 'Create contact' }).click();
  await page.waitForURL(/\/overview$/);
  const person = page.url();

  await gotoPage(`/companies/${kept}/overview`);
  await page.getByRole('link', { name: 'Merge with another…' }).click();
  await page.waitForURL(/\/merge$/);
  await usable(page);
  // Those that are called alike are there already.
  await expect(page.getByRole('searchbox')).toHaveValue(word);
  await expect(page.getByRole('row')).toHaveCount(2);
  await expectAccessible(page);
  await page.getByRole('searchbox').fill('nobody is called this');
  await page.getByRole('button', { name: 'Search' }).click();
  await expect(page.getByText('No other matches.')).toBeVisible();
  await page.getByRole('searchbox').fill(`${word} ltd`);
  await page.getByRole('button', { name: 'Search' }).click();
  await page.getByRole('link', { name: `Compare: ${goes}` }).click();
  await page.waitForURL(/with=/);
  await usable(page);
  await expect(page.getByText(`“${stays}” takes its place for 1 contact.`)).toBeVisible();
  await expect(page.getByText('Merge it in the helpdesk as well')).toBeVisible();
  await expectAccessible(page);
  await expect(page.getByRole('radio', { name: 'Tags: keep both' })).toBeChecked();
  await expect(page.getByRole('radio', { name: `Phone: keep that of “${stays}”` })).toBeChecked();
  await page.getByRole('radio', { name: `Phone: keep that of “${goes}”` }).check();
  await page.getByRole('button', { name: `Merge “${goes}” into “${stays}”` }).click();
  await page.waitForURL(new RegExp(`${kept}/overview$`));
  await expect(page.getByText(`Merged into “${stays}”.`).filter({ visible: true }).first()).toBeVisible();
  for (const value of ['+44 20 7946 0999', 'schools', 'vip']) {
    await expect(page.getByText(value, { exact: true })).toBeVisible();
  }
  await gotoPage(person);
  await expect(page.getByRole('link', { name: stays })).toBeVisible();
  await gotoPage(`/companies/${kept}/audit-log`);
  await expect(page.getByText(`Merged company “${goes}” into “${stays}”`).first()).toBeVisible();
  // The address of the one that is gone still tells what it was.
  await gotoPage(`/companies/${gone}/overview`);
  await expect(page.getByText('This is what it was at the end.')).toBeVisible();
  // And what it became part of.
  await usable(page);
  await expectAccessible(page);
  await page.getByRole('main').getByRole('link', { name: stays }).first().click();
  await page.waitForURL(new RegExp(`${kept}/overview$`));
});

test('one that is out of use comes back into use by the one that becomes part of it', async ({ page, gotoPage, usable }) => {
  const [stays, goes] = [unused('Old desk'), unused('New desk')];
  const kept = await create(page, gotoPage, '/admin/service-groups', { Name: stays });
  await gotoPage(`/admin/service-groups/${kept}/overview`);
  await usable(page);
  await page.getByText('Deactivate…').click();
  await page.getByRole('button', { name: /^Deactivate “/ }).click();
  await expect(page.getByText('Deactivated', { exact: true }).first()).toBeVisible();
  const gone = await create(page, gotoPage, '/admin/service-groups', { Name: goes });
  await gotoPage(`/admin/service-groups/${kept}/merge?with=${gone}`);
  await usable(page);
  await expect(page.getByRole('radio', { name: `Status: keep that of “${goes}”` })).toBeChecked();
  await expect(page.getByRole('radio', { name: 'Status: keep both' })).toHaveCount(0);
  await page.getByRole('button', { name: /^Merge “/ }).click();
  await page.waitForURL(new RegExp(`${kept}/overview$`));
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Active');
});

test('what changed meanwhile is not merged unseen', async ({ page, gotoPage, usable, problems }) => {
  problems.allow(/409/);
  const [stays, goes] = [unused('Night shift'), unused('Late shift')];
  const kept = await create(page, gotoPage, '/admin/service-groups', { Name: stays });
  const gone = await create(page, gotoPage, '/admin/service-groups', { Name: goes });
  await gotoPage(`/admin/service-groups/${kept}/merge?with=${gone}`);
  await usable(page);
  const second = await page.context().newPage();
  await second.goto(page.url().replace(/[^/]*\/merge.*/, `${gone}/edit`));
  await usable(second);
  await second.getByLabel('Description').fill('From ten to six');
  await second.getByRole('button', { name: 'Save changes' }).click();
  await second.waitForURL(/\/overview$/);
  await page.getByRole('button', { name: /^Merge “/ }).click();
  await expect(page.getByText('was changed meanwhile').filter({ visible: true }).first()).toBeVisible();
  // What it is by now is shown, and is what the next try is about.
  await expect(page.getByText('From ten to six')).toBeVisible();
  await page.getByRole('button', { name: /^Merge “/ }).click();
  await page.waitForURL(/\/overview$/);
  await expect(page.getByText('From ten to six')).toBeVisible();
});

test('two that are ticked in a list are merged', async ({ page, gotoPage, usable }) => {
  const tag = `t${process.pid}-${Date.now()}`;
  const names = [unused('Aurora'), unused('Aurore')];
  for (const name of names) {
    await create(page, gotoPage, '/companies', { Name: name, Tags: tag });
  }
  await gotoPage(`/companies?tags=${tag}`);
  for (const name of names) {
    await page.getByRole('checkbox', { name: `Select “${name}”` }).check();
  }
  await page.getByRole('button', { name: 'Change the selected…' }).click();
  await usable(page);
  await page.getByRole('link', { name: 'Merge these two…' }).click();
  await page.waitForURL(/merge\?with=/);
  await usable(page);
  await page.getByRole('link', { name: 'Keep the other one instead' }).click();
  await usable(page);
  await page.getByRole('button', { name: `Merge “${names[0]}” into “${names[1]}”` }).click();
  await page.waitForURL(/\/overview$/);
  await gotoPage(`/companies?tags=${tag}`);
  await expect(page.getByText('1 company', { exact: true })).toBeVisible();
});
