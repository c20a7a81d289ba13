// Nobody loses what they typed by a wrong click.

import { expect, test } from '../support/fixtures';

test('who leaves a form with something unsaved is asked, and nobody else', async ({ page, gotoPage, signIn }) => {
  const questions: string[] = [];
  let leave = false;
  page.on('dialog', async (dialog) => {
    questions.push(dialog.message());
    await (leave ? dialog.accept() : dialog.dismiss());
  });
  await signIn(page, 'administrator');
  const menu = page.getByRole('navigation', { name: 'Portal' });

  // Nothing was typed, or it was taken back: nothing is asked. A new rule begins with a form of its own making.
  await gotoPage('/admin/business-rules/new');
  await menu.getByRole('link', { name: 'Menus' }).click();
  await expect(page).toHaveURL(/\/admin\/menus$/);
  await gotoPage('/admin/menus/new');
  await page.getByLabel('Name').fill('Self-service');
  await page.getByLabel('Name').fill('');
  await menu.getByRole('link', { name: 'Boards', exact: true }).click();
  await expect(page).toHaveURL(/\/admin\/boards$/);
  expect(questions).toEqual([]);

  // Something was typed: it stays until one says so.
  await gotoPage('/admin/menus/new');
  const name = `Self-service ${process.pid}-${Date.now()}`;
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('Shown in').selectOption('Both portals');
  await menu.getByRole('link', { name: 'Boards', exact: true }).click();
  expect(questions).toEqual(['What you typed isn\'t saved. Leave the page without it?']);
  await expect(page).toHaveURL(/\/admin\/menus\/new$/);
  await expect(page.getByLabel('Name')).toHaveValue(name);
  leave = true;
  await menu.getByRole('link', { name: 'Boards', exact: true }).click();
  await expect(page).toHaveURL(/\/admin\/boards$/);
  expect(questions).toHaveLength(2);

  // Cancel says so itself, and what is saved is not unsaved.
  leave = false;
  await gotoPage('/admin/menus/new');
  await page.getByLabel('Name').fill(name);
  await page.getByRole('link', { name: 'Cancel' }).click();
  await expect(page).toHaveURL(/\/admin\/menus$/);
  await gotoPage('/admin/menus/new');
  await page.getByLabel('Name').fill(name);
  await page.getByRole('button', { name: 'Create menu' }).click();
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
  await menu.getByRole('link', { name: 'Boards', exact: true }).click();
  await expect(page).toHaveURL(/\/admin\/boards$/);
  expect(questions).toHaveLength(2);
});

test('who goes back from something unsaved is asked as well, and the menu shows where one is', async ({
  page,
  gotoPage,
  signIn,
}) => {
  const questions: string[] = [];
  let leave = false;
  page.on('dialog', async (dialog) => {
    questions.push(dialog.message());
    await (leave ? dialog.accept() : dialog.dismiss());
  });
  await signIn(page, 'administrator');
  await page.setViewportSize({ width: 1280, height: 500 });
  await gotoPage('/admin/menus');
  const menu = page.getByRole('navigation', { name: 'Portal' });
  await expect(menu.getByRole('link', { name: 'Menus' })).toBeInViewport();
  await page.getByRole('link', { name: 'New menu' }).first().click();
  await page.getByLabel('Name').fill('Self-service');
  const back = () => page.evaluate(() => history.back());
  await back();
  await expect.poll(() => questions.length).toBe(1);
  await expect(page).toHaveURL(/\/admin\/menus\/new$/);
  await expect(page.getByLabel('Name')).toHaveValue('Self-service');
  // Once more, and out.
  leave = true;
  await back();
  await expect(page).toHaveURL(/\/admin\/menus$/);
  await expect(page.getByRole('heading', { level: 1, name: 'Menus' })).toBeVisible();
  expect(questions).toHaveLength(2);
  // Nothing is asked where nothing was typed.
  await page.getByRole('link', { name: 'New menu' }).first().click();
  await expect(page.getByLabel('Name')).toBeVisible();
  await back();
  await expect(page.getByRole('heading', { level: 1, name: 'Menus' })).toBeVisible();
  expect(questions).toHaveLength(2);
});
