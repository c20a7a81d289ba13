// Files of things: in, step by step, and out. And one change of many.

import { readFile } from 'node:fs/promises';
import { expect, test } from '../support/fixtures';

const stamp = () => `${process.pid}-${Date.now()}`;

test.beforeEach(async ({ page, signIn }) => {
  await signIn(page, 'administrator');
});

test('a file is checked, imported, and its bad lines are told', async ({ page, gotoPage, usable, expectAccessible }) => {
  const mark = stamp();
  const file = [
    'Full name;E-mail;Tags;Mood',
    `Amina Diallo;amina-${mark}@harbor.example;t${mark};good`,
    `'=Bo;bo-${mark}@harbor.example;t${mark};`,
    `Nobody;;t${mark};`,
  ].join('\r\n');
  await gotoPage('/contacts');
  await page.getByRole('link', { name: 'Import CSV' }).click();
  await page.waitForURL(/\/contacts\/import$/);
  await usable(page);
  await expectAccessible(page);
  await page.getByLabel('CSV file').setInputFiles({ name: 'contacts.csv', mimeType: 'text/csv', buffer: Buffer.from(file) });
  await page.getByRole('button', { name: 'Upload' }).click();
  await page.waitForURL(/\/contacts\/import\/[0-9a-f-]+$/);
  await usable(page);
  await expect(page.getByLabel('What the column “E-mail” holds')).toHaveValue('email');
  await page.getByLabel('What the column “Mood” holds').selectOption('custom:Mood');
  await expectAccessible(page);
  await page.evaluate(() => {
    // A browser obeys this element wherever it is put, and loads the page again under whoever reads it.
    new MutationObserver(() => {
      if (document.querySelector('meta[http-equiv="refresh"]')) {
        document.documentElement.dataset.loadsAgain = '';
      }
    }).observe(document, { childList: true, subtree: true });
  });
  await page.getByRole('button', { name: 'Check the file' }).click();
  await page.getByRole('button', { name: 'Import 2 lines' }).click();
  await expect(page.getByText('2 created, 0 changed, 0 left as they are, 1 line that can\'t be imported.')).toBeVisible();
  await expect(page.getByRole('row', { name: /^4/ })).toContainText('Email: This is required.');
  await expect(page.locator('html')).not.toHaveAttribute('data-loads-again');
  await expectAccessible(page);
  const waiting = page.waitForEvent('download');
  await page.getByRole('link', { name: /Download these lines/ }).click();
  const bad = await readFile(await (await waiting).path(), 'utf8');
  expect(bad).toContain(`Nobody,,t${mark},,4,Email: This is required.`);

  await gotoPage(`/contacts?tags=t${mark}`);
  await expect(page.getByRole('rowheader', { name: '=Bo' })).toBeVisible();
  const leaving = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Export CSV' }).click();
  const out = await readFile(await (await leaving).path(), 'utf8');
  expect(out.trim().split('\r\n')).toHaveLength(3);
  expect(out).toContain("'=Bo");
  expect(out).toContain('Mood: good');
});

test('a file that cannot be read says what to do', async ({ page, gotoPage, usable }) => {
  await gotoPage('/companies/import');
  const latin1 = Buffer.from([0x6e, 0x61, 0x6d, 0x65, 0x0a, 0x43, 0x61, 0x66, 0xe9]);
  await page.getByLabel('CSV file').setInputFiles({ name: 'x.csv', mimeType: 'text/csv', buffer: latin1 });
  await page.getByRole('button', { name: 'Upload' }).click();
  await usable(page);
  await expect(page.getByText(/Line 2 holds letters that aren't UTF-8/).filter({ visible: true }).first()).toBeVisible();
});

test('many are changed as one action', async ({ page, gotoPage, usable, expectAccessible }) => {
  const mark = stamp();
  for (const name of [`Aurora ${mark}`, `Kestrel ${mark}`]) {
    await gotoPage('/companies/new');
    await page.getByLabel('Name').fill(name);
    await page.getByLabel('Tags').fill(`t${mark}`);
    await page.getByRole('button', { name: 'Create company' }).click();
    await page.waitForURL(/\/overview$/);
  }
  await gotoPage(`/companies?tags=t${mark}`);
  await page.getByRole('checkbox', { name: `Select “Aurora ${mark}”` }).check();
  await page.getByRole('checkbox', { name: `Select “Kestrel ${mark}”` }).check();
  await page.getByRole('button', { name: 'Change the selected…' }).click();
  await page.waitForURL(/\/companies\/many\?id=/);
  await usable(page);
  await expect(page.getByRole('heading', { level: 1, name: 'Change 2 companies' })).toBeVisible();
  await expectAccessible(page);
  await page.getByLabel('How Tags is changed').selectOption('add');
  await page.getByRole('textbox', { name: /^Tags/ }).fill(`renewal${mark}`);
  await page.getByRole('button', { name: 'Change 2 companies' }).click();
  await page.waitForURL(/\/companies$/);
  await expect(page.getByText('Changed 2 companies.').filter({ visible: true }).first()).toBeVisible();
  await gotoPage(`/companies?tags=renewal${mark}`);
  await expect(page.getByText('2 companies').first()).toBeVisible();
  await page.getByRole('link', { name: 'Change all 2 companies…' }).click();
  await page.waitForURL(/\/companies\/many\?all=1/);
  await usable(page);
  await page.getByText('Delete…').click();
  await page.getByRole('button', { name: 'Delete 2 companies' }).click();
  await page.waitForURL(/\/companies$/);
  await expect(page.getByText('Deleted 2 companies.').filter({ visible: true }).first()).toBeVisible();
});

test('what cannot be done with many is said, and nothing that was filled in is lost', async ({ page, gotoPage, usable, problems }) => {
  problems.allow(/422/);
  const mark = stamp();
  await gotoPage('/companies/new');
  await page.getByLabel('Name').fill(`Marble ${mark}`);
  await page.getByLabel('Tags').fill(`m${mark}`);
  await page.getByRole('button', { name: 'Create company' }).click();
  await page.waitForURL(/\/overview$/);
  await gotoPage(`/companies/many?all=1&tags=m${mark}`);
  await usable(page);
  await page.getByLabel('How Tags is changed').selectOption('add');
  await page.getByRole('textbox', { name: /^Tags/ }).fill('renewal');
  await page.getByLabel('How Phone is changed').selectOption('set');
  await page.getByRole('textbox', { name: /^Phone/ }).fill('call me');
  await page.getByRole('button', { name: 'Change 1 company' }).click();
  await expect(page.getByText('This is not a phone number.').filter({ visible: true }).first()).toBeVisible();
  await expect(page.getByLabel('How Tags is changed')).toHaveValue('add');
  await expect(page.getByRole('textbox', { name: /^Tags/ })).toHaveValue('renewal');
  await expect(page.getByLabel('How Phone is changed')).toHaveValue('set');
  await expect(page.getByRole('textbox', { name: /^Phone/ })).toHaveValue('call me');
});
