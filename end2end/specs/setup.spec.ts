import { expect, test } from '../support/fixtures';
import { Server } from '../support/server';

test('an empty database becomes a workspace that reads its first event', async ({
  browser,
  problems,
  usable,
  expectAccessible,
}) => {
  const server = await Server.start();
  const context = await browser.newContext({ baseURL: server.url });
  problems.watch(context);
  try {
    const page = await context.newPage();
    await page.goto('/');
    await usable(page);
    await expect(page).toHaveURL(/\/setup$/);
    await expectAccessible(page);

    const send = async (password: string) => {
      await page.getByLabel('Password').fill(password);
      await page.getByRole('button', { name: 'Create administrator' }).click();
      await usable(page);
    };
    await page.getByLabel('Workspace').fill('Hafenlicht Support');
    await page.getByLabel('Your name').fill('Zoë Łukasz');
    await page.getByLabel('Email').fill('zoe@example.org');
    await send('hafenlicht');
    // Refused beside its field, and nothing else has to be typed again.
    await expect(page.getByLabel('Password')).toHaveAttribute('aria-invalid', 'true');
    await expect(page.getByLabel('Your name')).toHaveValue('Zoë Łukasz');
    await send('leuchtturm-wind-neunzehn-kabel');
    await expect(page).toHaveURL(/\/audit-logs\/activity$/);
    await expect(page.getByRole('main')).toContainText('Zoë Łukasz');

    await page.goto('/admin/api-keys?new');
    await usable(page);
    await page.getByLabel('Name').fill('helpdesk');
    await page.getByRole('button', { name: 'Create key' }).click();
    const key = await page.locator('.snippet--secret code').innerText();
    const answer = await page.request.post('/api/v2/events', {
      headers: { authorization: `Bearer ${key}` },
      data: { event_type: 'sla.updated', actor: { kind: 'system', name: 'Importer' }, category: 'sla' },
    });
    expect(answer.status()).toBe(200);
    await page.goto('/audit-logs/activity');
    await usable(page);
    await expect(page.getByRole('main')).toContainText('Importer');

    // Once.
    await page.goto('/setup');
    await expect(page).not.toHaveURL(/\/setup/);
  } finally {
    await context.close();
    await server.stop();
  }
});
