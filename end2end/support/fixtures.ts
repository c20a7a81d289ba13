// What every spec imports instead of Playwright's own `test`:
//
// - `page` of a server that this worker started, on the demo workspace; any problem on any page fails the test;
// - `gotoPage(path)`, which comes back when the page can be used: hydrated where there is JavaScript;
// - `signIn(page, role)`, `newVisitor()` for a second browser, `expectAccessible(page)`.

import { type Page, type Response, test as base, expect } from '@playwright/test';
import { accessibilityFaults } from './accessibility';
import { Problems } from './problems';
import { Server } from './server';

export { expect };

export type Role = 'administrator' | 'auditor' | 'agent';

/** The demo workspace's people. */
export const people: Record<Role, { email: string; password: string }> = {
  administrator: { email: 'admin@northdesk.example', password: 'look-around-northdesk' },
  auditor: { email: 'auditor@northdesk.example', password: 'look-around-northdesk' },
  agent: { email: 'agent@northdesk.example', password: 'look-around-northdesk' },
};

interface Fixtures {
  problems: Problems;
  /** Opens a path of the site in `page` and waits until it can be used. */
  gotoPage: (path: string, page?: Page) => Promise<Response | null>;
  /** Waits until what `page` shows can be used; for after a click that loaded another document. */
  usable: (page: Page) => Promise<void>;
  /** Signs the browser of `page` in, without going through the form. */
  signIn: (page: Page, role: Role) => Promise<void>;
  /** A second browser with its own cookies. */
  newVisitor: () => Promise<Page>;
  /**
   * axe finds nothing, in light and in dark, on the page or `within` what a selector names: an open menu, which covers
   * parts of what is behind it. Does nothing without JavaScript: axe is JavaScript.
   */
  expectAccessible: (page: Page, within?: string) => Promise<void>;
}

interface WorkerFixtures {
  server: Server;
}

export const test = base.extend<Fixtures, WorkerFixtures>({
  server: [
    async ({}, use) => {
      const server = await Server.start(process.env.DAYBOOK_E2E_DEMO);
      await use(server);
      await server.stop();
    },
    { scope: 'worker', timeout: 60_000 },
  ],

  baseURL: async ({ server }, use) => use(server.url),

  problems: async ({ server }, use, testInfo) => {
    const problems = new Problems();
    await use(problems);
    const found = problems.list();
    if (found.length > 0 || testInfo.status !== testInfo.expectedStatus) {
      await testInfo.attach('server.log', { body: await server.logged(), contentType: 'text/plain' });
    }
    expect(found, 'no page had a problem').toEqual([]);
  },

  context: async ({ context, problems }, use) => {
    problems.watch(context);
    await use(context);
  },

  newVisitor: async ({ browser, problems, baseURL }, use) => {
    const contexts: { close: () => Promise<void> }[] = [];
    await use(async () => {
      const context = await browser.newContext({ baseURL });
      contexts.push(context);
      problems.watch(context);
      return context.newPage();
    });
    await Promise.all(contexts.map(context => context.close()));
  },

  usable: async ({ javaScriptEnabled }, use) => {
    await use(async page => {
      await page.waitForLoadState('load');
      if (javaScriptEnabled !== false) {
        await page.locator('html[data-hydrated]').waitFor({ state: 'attached' });
      }
    });
  },

  gotoPage: async ({ page, usable }, use) => {
    await use(async (path, where = page) => {
      const response = await where.goto(path);
      await usable(where);
      return response;
    });
  },

  signIn: async ({ baseURL }, use) => {
    await use(async (page, role) => {
      const answer = await page.request.post(`${baseURL}/sign-in`, { form: people[role], maxRedirects: 0 });
      expect(answer.status(), `${role} is signed in`).toBe(303);
      expect(answer.headers()['location'], `${role} is signed in`).not.toContain('/sign-in');
    });
  },

  expectAccessible: async ({ javaScriptEnabled }, use) => {
    await use(async (page, within) => {
      if (javaScriptEnabled === false) {
        return;
      }
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        // Until it is drawn so, some elements still have the other scheme's colours.
        await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
        expect(await accessibilityFaults(page, within), `axe, ${colorScheme}`).toEqual([]);
      }
      await page.emulateMedia({ colorScheme: null });
    });
  },
});
