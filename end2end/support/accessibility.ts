// axe, with its findings in few words.

import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';

const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** One line per element that breaks a rule, on the page or within what a selector names. */
export async function accessibilityFaults(page: Page, within?: string): Promise<string[]> {
  // What passes isn't read: describing each element of it takes long.
  // Where a frame lets no script run, axe can't look.
  const axe = new AxeBuilder({ page })
    .options({ resultTypes: ['violations'] })
    .withTags(rules)
    .exclude('iframe[sandbox=""]');
  const { violations } = await (within === undefined ? axe : axe.include(within)).analyze();
  return violations.flatMap(violation =>
    violation.nodes.map(node => `${violation.id}: ${node.target.join(' ')}: ${node.failureSummary ?? violation.help}`),
  );
}
