// Security monitoring: what rules have found, what is done about it, and the rules.

import type { Page } from '@playwright/test';
import { expect, test } from '../support/fixtures';

let count = 0;
const unused = (name: string) => `${name} ${process.pid}-${Date.now()}-${(count += 1)}`;

const said = (page: Page, text: string | RegExp) => page.getByRole('status').filter({ hasText: text });
const field = (page: Page) => page.getByRole('textbox', { name: 'Sigma rule' });
/** What stands beside the field that it is about. */
const wrong = (page: Page, text: string | RegExp) => page.locator('.field__problem').filter({ hasText: text });
const title = (page: Page) => page.getByRole('heading', { level: 1 });

const sigma = (name: string, condition = 'made') => `title: ${name}
logsource:
  product: daybook
detection:
  made:
    event_type: api_key.created
  condition: ${condition}
level: high
`;

test('what a rule finds becomes an alert, which is dealt with and reopened', async ({
  page,
  gotoPage,
  usable,
  signIn,
  expectAccessible,
}) => {
  await signIn(page, 'administrator');
  const name = unused('Key found');
  await gotoPage('/alerts/rules?add');
  await field(page).fill(sigma(name));
  await page.getByRole('button', { name: 'Add rule' }).click();
  await page.waitForURL(/\/alerts\/rules\/[0-9a-f-]{36}$/);
  await usable(page);
  const rule = new URL(page.url()).pathname.split('/').pop();
  await page.getByRole('button', { name: 'Switch on' }).click();
  await expect(said(page, `“${name}” is on`)).toBeVisible();

  await gotoPage('/admin/api-keys?new');
  await page.getByLabel('Name').fill(name);
  await page.getByRole('checkbox').first().check();
  await page.getByRole('button', { name: 'Create key' }).click();
  await expect(said(page, 'is ready')).toBeVisible();

  // Records are looked at a moment after they are stored.
  await expect(async () => {
    await gotoPage(`/alerts?rule=${rule}&severity=high`);
    await expect(page.getByRole('table', { name: 'Alerts' })).toBeVisible({ timeout: 500 });
  }).toPass();
  await expectAccessible(page);
  const states = page.getByRole('navigation', { name: 'State' });
  await states.getByRole('link', { name: /^Open/ }).click();
  await page.waitForURL(/state=open/);
  await page.getByRole('table', { name: 'Alerts' }).getByRole('link').first().click();
  await page.waitForURL(/\/alerts\/[0-9a-f-]{36}$/);
  await usable(page);
  await expect(title(page)).toContainText(name);
  await expect(title(page)).toContainText('Open');
  await expectAccessible(page);
  const evidence = page.getByRole('table', { name: 'Evidence' });
  await expect(evidence.getByRole('link').first()).toHaveAttribute('href', /^\/audit-logs\/event\//);

  await page.getByRole('button', { name: 'Acknowledge' }).click();
  await expect(said(page, 'Acknowledged')).toBeVisible();
  await usable(page);
  await page.getByLabel('Assigned to').selectOption({ index: 1 });
  await page.getByRole('button', { name: 'Assign', exact: true }).click();
  await expect(said(page, 'It is said who looks after')).toBeVisible();
  await usable(page);
  await page.getByLabel('Note').fill('It was ours.');
  await page.getByRole('button', { name: 'Close alert' }).click();
  await expect(said(page, 'Closed')).toBeVisible();
  await usable(page);
  await expect(page.getByText('It was ours.')).toBeVisible();
  await page.getByRole('button', { name: 'Reopen' }).click();
  await expect(said(page, 'Open again')).toBeVisible();
});

test('a Sigma rule is refused with its line, added, tried, switched on and deleted', async ({
  page,
  problems,
  gotoPage,
  usable,
  signIn,
  expectAccessible,
}) => {
  problems.allow(/422/);
  await signIn(page, 'administrator');
  await gotoPage('/alerts/rules');
  await expect(title(page)).toHaveText('Alert rules');
  await expectAccessible(page);
  await page.getByRole('link', { name: 'Add a Sigma rule' }).click();
  await page.waitForURL(/\?add/);
  const name = unused('Key made');
  await field(page).fill(sigma(name, 'nothing'));
  await page.getByRole('button', { name: 'Add rule' }).click();
  await expect(wrong(page, /^Line 7: /)).toBeVisible();
  await usable(page);
  await field(page).fill(sigma(name));
  await page.getByRole('button', { name: 'Add rule' }).click();
  await expect(said(page, `The rule “${name}” is added`)).toBeVisible();
  await page.waitForURL(/\/alerts\/rules\/[0-9a-f-]{36}$/);
  await usable(page);
  await expectAccessible(page);
  await page.getByRole('link', { name: 'Try it against the past' }).click();
  await page.waitForURL(/\?try/);
  await expect(page.getByText(/^It would (not )?have fired .*in the last 90 days\.$/)).toBeVisible();
  await usable(page);
  await page.getByRole('button', { name: 'Switch on' }).click();
  await expect(said(page, `“${name}” is on`)).toBeVisible();
  await usable(page);
  await page.getByText('Delete rule…').click();
  await page.getByRole('button', { name: 'Delete rule' }).click();
  await expect(said(page, `The rule “${name}” is deleted`)).toBeVisible();
});

test('the numbers of a rule are held to their bounds', async ({ page, problems, gotoPage, usable, signIn }) => {
  problems.allow(/422/);
  await signIn(page, 'administrator');
  await gotoPage('/alerts/rules/mass_delete');
  await page.getByLabel('Deletions').fill('1');
  await page.getByRole('button', { name: 'Save rule' }).click();
  await expect(wrong(page, 'Enter a whole number from 2 to 1000.')).toBeVisible();
  await usable(page);
  await page.getByLabel('Deletions').fill('40');
  await page.getByRole('button', { name: 'Save rule' }).click();
  await expect(said(page, 'The rule “Mass delete” is saved')).toBeVisible();
  await gotoPage('/alerts/rules/impossible_travel');
  await expect(page.getByText('There is no MaxMind database')).toBeVisible();
});

test('an auditor reads alerts and rules, and changes none', async ({ page, gotoPage, signIn }) => {
  await signIn(page, 'auditor');
  await gotoPage('/alerts/rules/mass_export');
  await expect(title(page)).toContainText('Mass export');
  await expect(page.getByRole('button', { name: 'Save rule' })).toHaveCount(0);
  await gotoPage('/alerts');
  await expect(title(page)).toHaveText('Alerts');
});
