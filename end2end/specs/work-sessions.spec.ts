// Work sessions: the columns of their log, likely connection losses, and an agent's day; areas of the system log.

import type { Page } from '@playwright/test';
import { expect, test } from '../support/fixtures';

const LOG = '/audit-logs/work-session';
const filters = (page: Page) => page.getByRole('search', { name: 'Filters' });
const table = (page: Page, name: RegExp | string) => page.getByRole('table', { name });

test('the log has columns of its own and marks likely connection losses', async ({
  page,
  signIn,
  gotoPage,
  expectAccessible,
}) => {
  await signIn(page, 'auditor');
  await gotoPage(LOG);
  const head = (name: string) => page.getByRole('columnheader', { name, exact: true });
  for (const column of ['Agent', 'What happened', 'Routing status', 'Time signed in', 'Capacity']) {
    await expect(head(column)).toBeVisible();
  }
  // Mostly the agent again, so it gives way until there is room for it.
  await expect(head('Performed by')).toBeHidden();
  await page.setViewportSize({ width: 1900, height: 900 });
  await expect(head('Performed by')).toBeVisible();
  await page.setViewportSize({ width: 1280, height: 900 });
  await gotoPage(`${LOG}?routing=connection_loss`);
  const row = table(page, /^Work sessions/).getByRole('row').nth(1);
  await expect(row.getByText('Likely connection loss')).toBeVisible();
  await expect(row.getByRole('cell', { name: 'Available to Unavailable' })).toBeVisible();
  await row.getByRole('link', { name: 'Show details' }).click();
  await expect(page.getByText('it is inferred from the record', { exact: false })).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('link', { name: /^Day of / }).last().click();
  await expect(page.getByRole('img', { name: /likely connection loss/ })).toBeVisible();
});

test('the conversation that took an agent over capacity leads to its log', async ({
  page,
  server,
  signIn,
  gotoPage,
  expectAccessible,
}) => {
  const key = (await server.command('api-key', 'create', 'routing')).trim();
  const conversation = { id: '90210', name: '#90210 The printer of the third floor is on fire again' };
  const agent = { kind: 'service_agent', id: 'e2e-agent', name: 'Ada Over' };
  const router = { kind: 'system', automation: 'queue_router', name: 'Queue router' };
  const at = (time: string) => `2026-11-19T${time}Z`;
  const event = (occurred_at: string, rest: object) => ({ occurred_at, actor: router, targets: [agent], conversation, ...rest });
  const session = { log: 'work_session', actor: { kind: 'user', id: 'e2e-agent', name: 'Ada Over' } };
  const status = (before: string | null, after: string | null) => [{ property: 'Routing status', before, after }];
  const crossed = { log: 'work_session', event_type: 'capacity-exceeded', metadata: { capacity: 5 } };
  const answer = await page.request.post('/api/v2/events', {
    headers: { authorization: `Bearer ${key}` },
    data: [
      event(at('08:00:00'), { ...session, event_type: 'work-session-started', changes: status(null, 'Available') }),
      event(at('09:00:00'), { log: 'conversation', event_type: 'chat-assigned-to-user', action: 'assign' }),
      event(at('09:00:01'), { ...crossed, changes: [{ property: 'Conversations held', before: 5, after: 6 }] }),
      event(at('16:00:00'), { ...session, event_type: 'work-session-ended', changes: status('Available', null) }),
    ],
  });
  expect(await answer.json()).toMatchObject({ rejected: [] });
  await signIn(page, 'auditor');
  await gotoPage(`${LOG}?event_type=capacity-exceeded&agent=e2e-agent&tz=UTC`);
  const row = table(page, /^Work sessions/).getByRole('row').nth(1);
  await expect(row.getByRole('cell', { name: /^6 of 5 with #90210/ })).toBeVisible();
  await row.getByRole('link', { name: 'Day of Ada Over' }).click();
  await expect(page.getByRole('img', { name: /signed in for 8 h, .* 1 conversation assigned/ })).toBeVisible();
  await expect(table(page, 'Over capacity').getByRole('row', { name: /09:00:01 16:00:00 6 h 59 min #90210/ })).toBeVisible();
  await expectAccessible(page);
  await table(page, 'Conversations assigned').getByRole('link', { name: /^#90210/ }).click();
  await expect(page).toHaveURL(/\/audit-logs\/conversation\?q=conversation/);
  await expect(page.getByRole('link', { name: 'Show details' })).toHaveCount(1);
});

test('an agent’s day is a strip, tables and ways to other days', async ({
  page,
  signIn,
  gotoPage,
  usable,
  expectAccessible,
}) => {
  await signIn(page, 'auditor');
  await gotoPage(`${LOG}?event_type=work-session-ended`);
  const agent = table(page, /^Work sessions/).getByRole('row').nth(1).getByRole('link', { name: /^Day of / });
  const name = (await agent.innerText()).replace(/^Day\s+of\s+/, '').trim();
  await agent.click();
  await expect(page).toHaveURL(/\/work-session\/day\?agent=[^&]+&date=\d{4}-\d\d-\d\d$/);
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
  await expect(page.getByRole('img', { name: /^Timeline of the day: signed in for/ })).toBeVisible();
  const day = table(page, 'From hour to hour');
  await expect(day.getByRole('row', { name: /Available/ }).first()).toBeVisible();
  // All of the day, from its first moment to its last or to now.
  await expect(day.getByRole('row').nth(1).getByRole('cell').first()).toHaveText('00:00:00');
  await expect(day.getByRole('row').last().getByRole('cell').nth(1)).toHaveText(/^(24:00:00|Now)$/);
  await expectAccessible(page);

  const date = new URL(page.url()).searchParams.get('date') ?? '';
  await page.getByRole('link', { name: '‹ Previous day' }).click();
  await expect(page).not.toHaveURL(new RegExp(date));
  // The new day is shown, which makes the form anew.
  await expect(page.getByLabel('Date')).not.toHaveValue(date);
  await page.getByLabel('Date').fill(date);
  await page.getByRole('button', { name: 'Show', exact: true }).click();
  await expect(page).toHaveURL(new RegExp(`date=${date}`));
  await usable(page);
  await page.getByRole('link', { name: 'All records of this day' }).click();
  await expect(page).toHaveURL(/\/work-session\?from=.*&to=.*&agent=/);
  await expect(page.getByRole('link', { name: 'Show details' }).first()).toBeVisible();
});

test('a day that clocks are set on, one to come, and an agent nobody knows', async ({ page, signIn, gotoPage }) => {
  await signIn(page, 'auditor');
  await gotoPage(`${LOG}?event_type=work-session-ended`);
  const href = await page.getByRole('link', { name: /^Day of / }).first().getAttribute('href');
  const agent = new URL(href ?? '', 'http://x').searchParams.get('agent');
  const day = (date: string) => `${LOG}/day?agent=${agent}&date=${date}&tz=Europe%2FBerlin`;
  await gotoPage(day('2026-03-29'));
  await expect(page.getByText('This day has 23 hours')).toBeVisible();
  await gotoPage(day('2026-10-25'));
  await expect(page.getByText('This day has 25 hours')).toBeVisible();
  await gotoPage(day('2199-01-01'));
  await expect(page.getByText('still to come')).toBeVisible();
  expect((await gotoPage(`${LOG}/day?agent=nobody`))?.status()).toBe(404);
});

test('an area of the system log decides its columns and filters', async ({
  page,
  signIn,
  gotoPage,
  expectAccessible,
}) => {
  await signIn(page, 'auditor');
  await gotoPage('/audit-logs/all?area=settings');
  await expect(page.getByRole('columnheader', { name: 'Target', exact: true })).toBeVisible();
  const sections = page.getByRole('list', { name: 'Sections' });
  for (const choice of ['Searches', 'Shortcuts', 'Business rules', 'Access']) {
    await expect(sections.getByRole('link', { name: choice, exact: true })).toBeVisible();
  }
  await sections.getByRole('link', { name: 'Business rules' }).click();
  await expect(page).toHaveURL(/section=Business\+rule/);
  await expect(sections.getByRole('link', { name: 'Business rules' })).toHaveAttribute('aria-current', 'true');
  await expect(page.getByRole('link', { name: /^Remove filter Section Business rule/ })).toBeVisible();
  await expectAccessible(page);
  // A category of the activity log brings its area, and gives way to another section of it.
  await gotoPage('/audit-logs/activity?category=Searches');
  await sections.getByRole('link', { name: 'Shortcuts' }).click();
  await expect(page).toHaveURL(/\/activity\?area=settings&section=Shortcut$/);
  await expect(page.getByRole('link', { name: 'Show details' }).first()).toBeVisible();
  await gotoPage('/audit-logs/all?area=work_session');
  await expect(page.getByRole('columnheader', { name: 'Agent', exact: true })).toBeVisible();
  await expect(filters(page).getByLabel('Agent')).toBeVisible();
  await expect(filters(page).getByLabel('Company')).toHaveCount(0);
});
