// Business rules: conditions as an outline that anybody can type, and as a form where the WebAssembly runs.

import { expect, test } from '../support/fixtures';

let count = 0;
const unused = (name: string) => `${name} ${process.pid}-${Date.now()}-${(count += 1)}`;

const outline = 'All of:\n  contact is vip is yes\n  any of\n    subject contains printer\n    hours_open is over 4';

test.beforeEach(async ({ page, signIn }) => {
  await signIn(page, 'administrator');
});

test('a rule is written as an outline, read as a list, and its record shows the lines that changed', async ({
  page,
  gotoPage,
  usable,
  expectAccessible,
  problems,
}) => {
  problems.allow(/422/);
  const name = unused('VIP first');
  await gotoPage('/admin/business-rules/new');
  const asText = page.getByRole('button', { name: 'Edit as text' });
  if (await asText.isVisible()) await asText.click();
  await expectAccessible(page);
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('Looked at').selectOption('When a conversation is opened');
  await page.getByLabel('Conditions').fill('all of\n  colour is blue');
  await page.getByRole('button', { name: 'Create business rule' }).click();
  await expect(page.locator('.field__problem', { hasText: 'Line 2: “colour” is no field.' })).toBeVisible();
  await expect(page.getByLabel('Conditions')).toHaveValue('all of\n  colour is blue');

  await page.getByLabel('Conditions').fill(outline);
  await page.getByRole('button', { name: 'Create business rule' }).click();
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
  const rule = page.locator('.rule');
  await expect(rule).toContainText('All of');
  await expect(rule).toContainText('Contact is VIP is Yes');
  await expect(rule).toContainText('Hours since it was opened is over 4');
  await expectAccessible(page);

  await page.getByRole('link', { name: 'Edit', exact: true }).click();
  await usable(page);
  await page.getByRole('checkbox', { name }).check();
  await page.getByRole('button', { name: 'Save changes' }).click();
  await expect(page.locator('.field__problem', { hasText: `This would run in a circle: ${name} → ${name}.` })).toBeVisible();
  await page.getByRole('checkbox', { name }).uncheck();
  if (await asText.isVisible()) await asText.click();
  await page.getByLabel('Conditions').fill('all of\n  vip is yes\n  priority is urgent');
  await page.getByRole('button', { name: 'Save changes' }).click();
  await expect(page.locator('.rule')).toContainText('Priority is Urgent');

  await page.getByRole('link', { name: 'Audit log', exact: true }).click();
  await usable(page);
  await page.getByRole('link', { name: /Show details/ }).first().click();
  const detail = page.locator('.event__detail');
  await expect(detail.getByText('priority is urgent').first()).toBeVisible();
  await expect(detail.getByText('hours_open is over 4').first()).toBeVisible();
  await expectAccessible(page);
});
