// axe, with its findings in few words.

import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';

const everyRule = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
// What another colour scheme can break; names, roles and structure are the same in both.
const rulesOfColour = ['color-contrast', 'link-in-text-block'];

/** One line per element that breaks a rule, on the page or within what a selector names. */
export async function accessibilityFaults(page: Page, within?: string, only?: 'colours'): Promise<string[]> {
  const axe = new AxeBuilder({ page }).options({
    // What passes isn't read, and describing each element of it takes longer than finding the faults.
    resultTypes: ['violations'],
    runOnly: only === 'colours' ? { type: 'rule', values: rulesOfColour } : { type: 'tag', values: everyRule },
  });
  const { violations } = await (within === undefined ? axe : axe.include(within)).analyze();
  return violations.flatMap(violation =>
    violation.nodes.map(node => `${violation.id}: ${node.target.join(' ')}: ${node.failureSummary ?? violation.help}`),
  );
}
