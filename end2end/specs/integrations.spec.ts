// Integrations against a real receiver on this machine.

import type { Page } from '@playwright/test';
import { expect, test } from '../support/receiver';

type Goto = (path: string) => Promise<unknown>;

let count = 0;
const unused = (name: string) => `${name} ${process.pid}-${Date.now()}-${(count += 1)}`;

const main = (page: Page) => page.locator('main');
const health = (page: Page) => page.getByRole('region', { name: 'Health', exact: true });

/** Makes a stream to an address, that gets brands only, and lands on its deliveries. */
async function stream(page: Page, gotoPage: Goto, name: string, url: string) {
  await gotoPage('/integrations/new?type=https');
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('URL').fill(url);
  await page.getByLabel('Format').selectOption('json');
  await page.getByLabel('Events').fill('type:brand.*');
  await page.getByRole('button', { name: 'Create integration' }).click();
  await page.waitForURL(/\/deliveries$/);
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
}

async function brand(page: Page, gotoPage: Goto) {
  const name = unused('Brand');
  await gotoPage('/admin/brands/new');
  await page.getByLabel('Name').fill(name);
  await page.getByRole('button', { name: 'Create brand' }).click();
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
  return name;
}

/** Looks again until the page says so; where there is JavaScript, it would by itself. */
async function until(page: Page, text: string | RegExp, where = main(page)) {
  await expect(async () => {
    await page.reload();
    await expect(where).toContainText(text, { timeout: 500 });
  }).toPass();
}

test.beforeEach(async ({ page, signIn }) => signIn(page, 'administrator'));

test('Slack is chosen, told its address, and tested', async ({
  page,
  gotoPage,
  usable,
  receiver,
  expectAccessible,
}) => {
  const [name, address] = [unused('Alerts'), await receiver.listen()];
  await gotoPage('/integrations');
  await page.getByRole('link', { name: 'New integration' }).click();
  await expect(page.getByRole('heading', { name: 'Which one?' })).toBeVisible();
  await usable(page);
  await expectAccessible(page);
  await page.getByRole('link', { name: 'Slack', exact: true }).focus();
  await page.keyboard.press('Enter');
  await page.waitForURL(/\?type=slack$/);
  await expect(page.getByRole('link', { name: 'Choose another' })).toBeVisible();
  await usable(page);
  await expect(page.getByLabel('Bucket')).toHaveCount(0);
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('Events').fill('type:brand.*');
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Create integration' }).click();

  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
  await expect(health(page)).toContainText('Incomplete');
  await expect(page.getByRole('button', { name: 'Send a test event' })).toHaveCount(0);
  await usable(page);
  await expectAccessible(page);
  const secret = page.getByRole('region', { name: 'Webhook URL' });
  await secret.locator('input[type=password]').fill(address);
  await secret.getByRole('button', { name: 'Save' }).click();
  await expect(secret).toContainText('It is set.');
  await expect(main(page)).not.toContainText(address);
  await page.getByRole('button', { name: 'Send a test event' }).click();
  await expect.poll(() => receiver.got.length).toBeGreaterThan(0);
  await until(page, 'Arrived');
  const attempt = page.getByRole('row').filter({ hasText: 'Arrived' }).first();
  await expect(attempt).toContainText('Test');
  await usable(page);
  await expectAccessible(page);
  expect(JSON.parse(receiver.got[0].body)).toHaveProperty('text');
});

test('a stream that fails says why and how far it is behind, and loses nothing', async ({
  page,
  gotoPage,
  usable,
  receiver,
  expectAccessible,
}) => {
  receiver.status = 503;
  const name = unused('Collector');
  await stream(page, gotoPage, name, await receiver.listen());
  const deliveries = new URL(page.url()).pathname;
  const made = await brand(page, gotoPage);
  await gotoPage(deliveries);
  await until(page, 'Failing', health(page));
  await expect(health(page)).toContainText('The receiver answered 503');
  await expect(health(page)).toContainText(/records? behind/);
  await usable(page);
  await expectAccessible(page);

  await gotoPage('/integrations');
  const card = page.getByRole('region', { name: 'How they do' }).getByRole('listitem').filter({ hasText: name });
  await expect(card).toContainText('Failing');
  await expect(card).toContainText(/records? behind/);
  await expectAccessible(page);
  await page.setViewportSize({ width: 390, height: 800 });
  expect((await main(page).boundingBox())?.width ?? 0).toBeLessThanOrEqual(390);
  await card.getByRole('link').click();
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
  expect((await main(page).boundingBox())?.width ?? 0).toBeLessThanOrEqual(390);
  await page.setViewportSize({ width: 1280, height: 900 });

  receiver.status = 200;
  await page.getByRole('button', { name: 'Try now' }).click();
  await expect.poll(() => receiver.got.at(-1)?.body ?? '').toContain(made);
  await until(page, 'Up to date', health(page));
  await expect(page.getByRole('button', { name: 'Try now' })).toHaveCount(0);
  await gotoPage('/audit-logs/integration-failure');
  await expect(page.getByRole('table').first()).toContainText(name);
});

test('one that is paused gets nothing, and then what has happened', async ({ page, gotoPage, receiver }) => {
  await stream(page, gotoPage, unused('Paused'), await receiver.listen());
  const deliveries = new URL(page.url()).pathname;
  await page.getByRole('button', { name: 'Pause' }).click();
  await expect(page.getByRole('button', { name: 'Resume' })).toBeVisible();
  await expect(health(page)).toContainText('Paused');
  const made = await brand(page, gotoPage);
  await gotoPage(deliveries);
  await expect(health(page)).toContainText(/records? behind/);
  expect(receiver.got).toHaveLength(0);
  await page.getByRole('button', { name: 'Resume' }).click();
  await expect(page.getByRole('button', { name: 'Pause' })).toBeVisible();
  await expect.poll(() => receiver.got.map(got => got.body).join('')).toContain(made);
});

test('one is set back to a time, with the count first', async ({ page, gotoPage, receiver, expectAccessible }) => {
  await stream(page, gotoPage, unused('Again'), await receiver.listen());
  const deliveries = new URL(page.url()).pathname;
  const made = await brand(page, gotoPage);
  const times = () => receiver.got.filter(got => got.body.includes(made)).length;
  await expect.poll(times).toBe(1);
  await gotoPage(deliveries);
  await until(page, 'Up to date', health(page));
  await page.getByText('Send again since a time…').click();
  await page.getByLabel('Since').fill('2026-01-01T06:00');
  await page.getByRole('button', { name: 'Count them' }).click();
  await expect(page.getByText('records were made since 2026-01-01 06:00')).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('button', { name: /^Send [\d,]+ records again$/ }).click();
  await expect(page.getByText('It goes on from there')).toBeVisible();
  await expect.poll(times).toBe(2);
});

test('which one it is stays, and what can’t be is refused beside its field', async ({
  page,
  gotoPage,
  usable,
  receiver,
  problems,
  expectAccessible,
}) => {
  problems.allow(/422/);
  await gotoPage('/integrations/new?type=https');
  await page.getByLabel('Name').fill(unused('Wrong'));
  await page.getByLabel('URL').fill(await receiver.listen());
  await page.getByLabel('Format').selectOption('ecs');
  await page.getByLabel('Events').fill('section:Role AND (');
  await page.getByRole('button', { name: 'Create integration' }).click();
  await expect(page.locator('.field__problem', { hasText: /at character \d+/ })).toBeVisible();
  await expect(page.getByLabel('Format')).toHaveValue('ecs');
  await expectAccessible(page);
  await page.getByLabel('Events').fill('type:brand.*');
  await page.getByRole('button', { name: 'Create integration' }).click();
  await page.waitForURL(/\/deliveries$/);
  await page.getByRole('link', { name: 'Overview' }).click();
  await expect(main(page)).toContainText('Elastic Common Schema');
  await expect(main(page)).not.toContainText('Bucket');
  await page.getByRole('link', { name: 'Edit' }).click();
  await usable(page);
  await expect(main(page)).toContainText('HTTPS stream');
  await expect(page.getByLabel('Type')).toHaveCount(0);
  await page.getByLabel('Format').selectOption('ocsf');
  await page.getByRole('button', { name: 'Save changes' }).click();
  await expect(main(page)).toContainText('OCSF');
});
