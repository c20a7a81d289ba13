// axe, with its findings in few words.

import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';

const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** One line per element that breaks a rule. */
export async function accessibilityFaults(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).withTags(rules).analyze();
  const faults = violations.flatMap(violation =>
    violation.nodes.map(node => `${violation.id}: ${node.target.join(' ')}: ${node.failureSummary ?? violation.help}`),
  );
  // A menu that somebody opened covers a part of what is behind it until it is closed; that is no target then.
  return faults.filter(fault => !(fault.startsWith('target-size') && fault.includes('partially obscured')));
}
