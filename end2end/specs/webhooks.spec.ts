// Webhook endpoints against a real receiver on this machine.

import type { Page } from '@playwright/test';
import { Webhook } from 'standardwebhooks';
import { expect, test } from '../support/receiver';

let count = 0;
const unused = (name: string) => `${name} ${process.pid}-${Date.now()}-${(count += 1)}`;

/** Makes an endpoint that is told of brands, with a secret, and opens its deliveries. */
async function endpoint(page: Page, gotoPage: (path: string) => Promise<unknown>, name: string, url: string) {
  await gotoPage('/webhooks/new');
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('URL').fill(url);
  await page.getByLabel('Events').fill('type:brand.*');
  await page.locator('main form').getByRole('button').first().click();
  await expect(page.getByRole('heading', { name })).toBeVisible();
  await page.getByRole('link', { name: 'Deliveries' }).click();
  await expect(page.getByText('nothing is sent without one')).toBeVisible();
  await page.getByRole('link', { name: 'Make a signing secret' }).click();
  await page.getByRole('button', { name: 'Make a new secret' }).click();
  const secret = await page.locator('.snippet--secret code').innerText();
  await page.getByRole('link', { name: 'Deliveries' }).click();
  await expect(page.getByRole('button', { name: 'Send a test event' })).toBeVisible();
  return secret;
}

/** Looks again until the page says so; where there is JavaScript, it would by itself. */
async function until(page: Page, text: string | RegExp) {
  await expect(async () => {
    await page.reload();
    await expect(page.locator('main')).toContainText(text, { timeout: 500 });
  }).toPass();
}

test.beforeEach(async ({ page, signIn }) => signIn(page, 'administrator'));

test('a test event arrives signed, and its attempt is shown', async ({ page, gotoPage, receiver, expectAccessible }) => {
  const secret = await endpoint(page, gotoPage, unused('Warehouse'), await receiver.listen());
  await page.getByRole('button', { name: 'Send a test event' }).click();
  await expect(page.getByRole('heading', { name: 'webhook.test' })).toBeVisible();
  await until(page, 'Attempt 1, test');
  await expect(page.getByText('{"told":"receiver"}')).toBeVisible();
  expect(receiver.got).toHaveLength(1);
  const { body } = receiver.got[0];
  const headers = receiver.got[0].headers as Record<string, string>;
  // As a receiver does it, by the reference library; it throws where the signature or the time isn't right.
  const told = new Webhook(secret).verify(body, headers);
  expect(told).toEqual(JSON.parse(body));
  expect(() => new Webhook(secret).verify(`${body} `, headers)).toThrow();
  expect(JSON.parse(body).type).toBe('webhook.test');
  await expectAccessible(page);
});

test('what fails is shown with its cause, compared, and sent again', async ({ page, gotoPage, receiver, expectAccessible }) => {
  const name = unused('Broken');
  await endpoint(page, gotoPage, name, await receiver.listen());
  await page.getByRole('button', { name: 'Send a test event' }).click();
  await expect(page.getByRole('heading', { name: 'webhook.test' })).toBeVisible();
  await until(page, 'Attempt 1, test');
  receiver.status = 500;
  await page.getByRole('link', { name: 'Deliveries' }).first().click();
  await page.getByRole('button', { name: 'Send a test event' }).click();
  await expect(page.getByRole('heading', { name: 'webhook.test' })).toBeVisible();
  await until(page, 'The receiver answered 500');
  await expect(page.getByText('The last attempt that went well')).toBeVisible();
  await expectAccessible(page);
  receiver.status = 200;
  await page.getByRole('button', { name: 'Send again' }).click();
  await expect(page.getByText('on its way again')).toBeVisible();
  await until(page, 'Attempt 2, sent again');
  const ids = receiver.got.map(got => got.headers['webhook-id']);
  expect(ids[1]).toBe(ids[2]);
  await gotoPage('/audit-logs/webhook-failure');
  await expect(page.getByRole('table').first()).toContainText(name);
});

test('a change is told of, in the order of the list and its filter', async ({ page, gotoPage, receiver, expectAccessible }) => {
  await endpoint(page, gotoPage, unused('Brands'), await receiver.listen());
  const deliveries = page.url();
  await gotoPage('/admin/brands/new');
  const brand = unused('Brand');
  await page.getByLabel('Name').fill(brand);
  await page.locator('main form').getByRole('button').first().click();
  await expect(page.getByRole('heading', { name: brand })).toBeVisible();
  await page.goto(deliveries);
  await expect.poll(() => receiver.got.length).toBe(1);
  await expect(async () => {
    await page.reload();
    await expect(page.locator('tbody .badge')).toHaveText(['Delivered'], { timeout: 500 });
  }).toPass();
  expect(JSON.parse(receiver.got[0].body).data.targets[0].name).toBe(brand);
  await expectAccessible(page);
  await page.getByRole('navigation', { name: 'State' }).getByRole('link', { name: 'Failed' }).click();
  await expect(page.getByText('No message is in this state')).toBeVisible();
});

test('one that is paused sends nothing, and catches up', async ({ page, gotoPage, receiver }) => {
  await endpoint(page, gotoPage, unused('Paused'), await receiver.listen());
  const deliveries = page.url();
  await page.getByRole('button', { name: 'Pause' }).click();
  await expect(page.getByRole('button', { name: 'Resume' })).toBeVisible();
  await page.getByRole('button', { name: 'Send a test event' }).click();
  await expect(page.getByRole('heading', { name: 'webhook.test' })).toBeVisible();
  expect(receiver.got).toHaveLength(0);
  await expect(page.getByRole('heading', { name: 'webhook.test' })).toContainText('Waiting');
  await gotoPage(new URL(deliveries).pathname);
  await page.getByRole('button', { name: 'Resume' }).click();
  await expect(page.getByRole('button', { name: 'Pause' })).toBeVisible();
  await expect.poll(() => receiver.got.length).toBe(1);
});

test('what can’t be is refused beside its field', async ({ page, gotoPage, problems, expectAccessible }) => {
  problems.allow(/422/);
  await gotoPage('/webhooks/new');
  await page.getByLabel('Name').fill(unused('Wrong'));
  await page.getByLabel('URL').fill('https://receiver.example/in');
  await page.getByLabel('Events').fill('section:Role AND (');
  await page.locator('main form').getByRole('button').first().click();
  await expect(page.locator('.field__problem', { hasText: /at character \d+/ })).toBeVisible();
  await expect(page.getByLabel('Events')).toHaveValue('section:Role AND (');
  await expectAccessible(page);
});

test('headers are sent along and never shown', async ({ page, gotoPage, receiver, expectAccessible }) => {
  await endpoint(page, gotoPage, unused('Headers'), await receiver.listen());
  await page.getByRole('link', { name: 'Signing' }).click();
  await page.getByLabel('Name').fill('Authorization');
  await page.getByLabel('Value').fill('Bearer hunter2');
  await page.getByRole('button', { name: 'Save header' }).click();
  await expect(page.locator('main code', { hasText: 'authorization' })).toBeVisible();
  await expect(page.getByText('hunter2')).toHaveCount(0);
  await expectAccessible(page);
  await page.getByRole('link', { name: 'Deliveries' }).click();
  await page.getByRole('button', { name: 'Send a test event' }).click();
  await expect(page.getByRole('heading', { name: 'webhook.test' })).toBeVisible();
  await until(page, 'Attempt 1, test');
  expect(receiver.got[0].headers['authorization']).toBe('Bearer hunter2');
  await expect(page.locator('.webhook-headers__row', { hasText: 'authorization' })).toContainText('hidden');
});
