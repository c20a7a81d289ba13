// The form that builds a rule's conditions, by keyboard and pointer.

import { expect, test } from '../support/fixtures';

test('conditions are built, taken away and back, and what is lacking is said beside its row', async ({
  page,
  gotoPage,
  signIn,
  expectAccessible,
  problems,
}) => {
  problems.allow(/422/);
  const name = `Old ones ${process.pid}-${Date.now()}`;
  await signIn(page, 'administrator');
  await gotoPage('/admin/business-rules/new');
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('Looked at').selectOption('Every hour');
  const whole = page.getByRole('group', { name: 'Conditions' });
  await whole.getByLabel('Field').selectOption('Priority');
  // A choice comes with its comparisons and its words.
  await expect(whole.getByLabel('Comparison').getByRole('option')).toHaveText(['is', 'is not']);
  await whole.getByRole('combobox', { name: 'Value' }).selectOption('Urgent');

  // The keyboard goes on where something was added.
  await whole.getByRole('button', { name: 'Add group' }).focus();
  await page.keyboard.press('Enter');
  const inner = page.getByRole('group', { name: 'Group of conditions' });
  await expect(inner.getByLabel('Field')).toBeFocused();
  await inner.getByLabel('How many have to hold').selectOption('Any of');
  await inner.getByLabel('Field').selectOption('Hours since it was opened');
  await inner.getByRole('textbox', { name: 'Value' }).fill('soon');
  await inner.getByRole('button', { name: 'Add condition' }).click();
  await expectAccessible(page);

  // Save: the first line that is wrong is marked, then the next.
  const save = page.getByRole('button', { name: 'Create business rule' });
  await save.click();
  await expect(inner.getByText('“Hours since it was opened” is compared with a whole number.')).toBeVisible();
  await inner.getByRole('textbox', { name: 'Value' }).first().fill('48');
  await expect(inner.getByText('It doesn\'t say what “Subject” is compared with.')).toBeVisible();
  await inner.getByRole('button', { name: 'Remove', exact: true }).last().click();
  await expect(page.getByRole('button', { name: 'Undo' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(inner.getByLabel('Field')).toHaveCount(2);
  await inner.getByRole('textbox', { name: 'Value' }).last().fill('invoice "2026"');

  // The same as text, and back.
  await page.getByRole('button', { name: 'Edit as text' }).click();
  const text = page.getByRole('textbox', { name: 'Conditions' });
  await expect(text).toHaveValue(
    'all of\n  priority is urgent\n  any of\n    hours_open is over 48\n    subject contains "invoice \\"2026\\""',
  );
  await expect(text).toBeFocused();
  await text.fill('nothing of the kind');
  await page.getByRole('button', { name: 'Edit as a form' }).click();
  await expect(page.getByText(/^Line 1: “nothing” is no field\./)).toBeVisible();
  await text.fill('none of\n  tags contains spam\n  hours_open is over 48');
  await page.getByRole('button', { name: 'Edit as a form' }).click();
  await expect(whole.getByLabel('How many have to hold')).toHaveValue('none of');
  await expect(whole.getByLabel('Field').last()).toHaveValue('hours_open');
  await save.click();
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
  await expect(page.locator('.rule')).toContainText('Tags contains spam');
});
