// What must not happen on any page, whatever is being tested: an error in the console, an exception, something the
// Content-Security-Policy stopped, an answer 5xx.

import type { BrowserContext } from '@playwright/test';

export class Problems {
  private readonly found: string[] = [];
  private readonly allowed: RegExp[] = [];
  /** Documents that were refused: the console reports those, and a 403 page is a page. */
  private readonly refused = new Set<string>();

  /** For a test that provokes one. */
  allow(pattern: RegExp): void {
    this.allowed.push(pattern);
  }

  watch(context: BrowserContext): void {
    context.on('response', response => {
      const request = response.request();
      if (response.status() >= 500) {
        this.add(`${request.method()} ${response.url()} was answered ${response.status()}`);
      } else if (response.status() >= 400 && request.isNavigationRequest()) {
        this.refused.add(response.url());
      }
    });
    context.on('console', message => {
      const url = message.location().url;
      const isRefusal = message.text().startsWith('Failed to load resource') && this.refused.has(url);
      // Playwright runs something in every frame. That it can't in those of emails is as it should be.
      const isSandbox = message.text().startsWith('Blocked script execution in');
      if (message.type() === 'error' && !isRefusal && !isSandbox) {
        this.add(`console: ${message.text()} (${url})`);
      }
    });
    context.on('weberror', webError => this.add(`exception: ${webError.error().stack ?? webError.error()}`));
  }

  list(): string[] {
    return this.found.filter(text => !this.allowed.some(pattern => pattern.test(text)));
  }

  private add(text: string): void {
    this.found.push(text);
  }
}
