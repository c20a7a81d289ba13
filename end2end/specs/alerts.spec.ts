// Security monitoring: what rules have found, what is done about it, and the rules.

import type { Page } from '@playwright/test';
import { expect, test } from '../support/fixtures';

let count = 0;
const unused = (name: string) => `${name} ${process.pid}-${Date.now()}-${(count += 1)}`;

const said = (page: Page, text: string | RegExp) => page.getByRole('status').filter({ hasText: text });
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

test('the attack of the demo is found, narrowed to, dealt with and reopened', async ({
  page,
  gotoPage,
  usable,
  signIn,
  expectAccessible,
}) => {
  await signIn(page, 'administrator');
  await gotoPage('/alerts?rule=failed_sign_ins');
  await expect(title(page)).toHaveText('Alerts');
  await expectAccessible(page);
  const severities = page.getByRole('navigation', { name: 'Severity' });
  await severities.getByRole('link', { name: /^High/ }).click();
  await page.waitForURL(/severity=high/);
  const states = page.getByRole('navigation', { name: 'State' });
  await states.getByRole('link', { name: /^Open/ }).click();
  await page.waitForURL(/state=open/);
  await page.getByRole('table', { name: 'Alerts' }).getByRole('link').first().click();
  await page.waitForURL(/\/alerts\/[0-9a-f-]{36}$/);
  await usable(page);
  await expect(title(page)).toContainText(/\d+ failed sign-ins .* within 10 minutes/);
  await expect(title(page)).toContainText('Open');
  await expectAccessible(page);
  const evidence = page.getByRole('table', { name: 'Evidence' });
  await expect(evidence.getByRole('link').first()).toHaveAttribute('href', /^\/audit-logs\/event\//);

  await page.getByRole('button', { name: 'Acknowledge' }).click();
  await expect(said(page, 'Acknowledged')).toBeVisible();
  await expect(title(page)).toContainText('Acknowledged');
  await page.getByLabel('Assigned to').selectOption({ index: 1 });
  await page.getByRole('button', { name: 'Assign', exact: true }).click();
  await expect(said(page, 'It is said who looks after')).toBeVisible();
  await page.getByLabel('Note').fill('The addresses are blocked.');
  await page.getByRole('button', { name: 'Close alert' }).click();
  await expect(said(page, 'Closed')).toBeVisible();
  await expect(page.getByText('The addresses are blocked.')).toBeVisible();
  await page.getByRole('button', { name: 'Reopen' }).click();
  await expect(said(page, 'Open again')).toBeVisible();

  await page.getByRole('link', { name: 'Audit log', exact: true }).click();
  await page.waitForURL(/about=alert/);
  await usable(page);
  await expect(page.getByText(/^Reopened alert/).first()).toBeVisible();
});

test('a Sigma rule is refused with its line, added, tried, switched on and deleted', async ({
  page,
  gotoPage,
  usable,
  signIn,
  expectAccessible,
}) => {
  await signIn(page, 'administrator');
  await gotoPage('/alerts/rules');
  await expect(title(page)).toHaveText('Alert rules');
  await expectAccessible(page);
  await page.getByRole('link', { name: 'Add a Sigma rule' }).click();
  await page.waitForURL(/\?add/);
  const name = unused('Key made');
  await page.getByLabel('Sigma rule').fill(sigma(name, 'nothing'));
  await page.getByRole('button', { name: 'Add rule' }).click();
  await expect(page.getByText(/^Line 7: /).first()).toBeVisible();
  await usable(page);
  await page.getByLabel('Sigma rule').fill(sigma(name));
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

test('the numbers of a rule are held to their bounds', async ({ page, gotoPage, usable, signIn }) => {
  await signIn(page, 'administrator');
  await gotoPage('/alerts/rules/mass_delete');
  await page.getByLabel('Deletions').fill('1');
  await page.getByRole('button', { name: 'Save rule' }).click();
  await expect(page.getByText('Enter a whole number from 2 to 1000.').first()).toBeVisible();
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
  await page.getByRole('table', { name: 'Alerts' }).getByRole('link').first().click();
  await page.waitForURL(/\/alerts\/[0-9a-f-]{36}$/);
  await expect(page.getByRole('table', { name: 'Evidence' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Close alert' })).toHaveCount(0);
});
