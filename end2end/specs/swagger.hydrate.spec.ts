// The API's description, shown by Swagger UI: a script of others under a policy of ours.

import { expect, test } from '../support/fixtures';

test('the API is tried out with a key', async ({ page, server, signIn, gotoPage }) => {
  const said = await server.command('api-key', 'create', 'Tried out', '--scope', 'events:read');
  const key = /dbk_\S+/.exec(said)?.[0] ?? '';
  await signIn(page, 'administrator');
  await gotoPage('/admin/api-keys');
  await page.getByRole('link', { name: 'How to use the API' }).click();
  await expect(page).toHaveURL(/\/swagger$/);
  await expect(page.getByRole('heading', { name: /^Daybook/ })).toBeVisible();

  await page.getByRole('button', { name: 'Authorize', exact: true }).first().click();
  await page.getByRole('textbox').fill(key);
  await page.locator('.modal-btn.authorize').click();
  await page.getByRole('button', { name: 'Close', exact: true }).click();

  const list = page.locator('#operations-Events-listEvents');
  await list.locator('.opblock-summary-control').click();
  await list.getByRole('button', { name: 'Execute' }).click();
  const answer = list.locator('.live-responses-table .response').first();
  await expect(answer.locator('.response-col_status')).toContainText('200');
  await expect(answer).toContainText('event_type');
});
