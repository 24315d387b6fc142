// Pictures of every page, light, dark and on a phone, in tests/pictures; and no page is wider than its window.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launch, withPage } from "../browser.ts";
import { TestServer } from "../fixture/server.ts";
import { PICTURES } from "../places.ts";

let browser: Browser;
let server: TestServer;
beforeAll(async () => {
  mkdirSync(PICTURES, { recursive: true });
  [browser, server] = await Promise.all([launch(), TestServer.start()]);
});
afterAll(async () => {
  await browser.close();
  await server.stop();
});

const LOOKS: [string, BrowserContextOptions][] = [
  ["light", { viewport: { width: 1600, height: 1000 } }],
  ["dark", { viewport: { width: 1600, height: 1000 }, colorScheme: "dark" }],
  ["phone", { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 }],
];

const PAGES: [string, string, (page: Page) => Promise<unknown>][] = [
  ["today", "/", (page) => page.getByText("standards are defective").first().waitFor()],
  ["journeys", "/journeys", (page) => page.getByRole("link", { name: /I do the week/ }).waitFor()],
  ["map", "/journeys/loyalty-visit/map", waitForMap],
  ["blueprint", "/journeys/loyalty-visit/map?view=blueprint", waitForMap],
  ["scorecard", "/journeys/loyalty-visit/map?view=scorecard&overlay=verdict", waitForMap],
  ["gaps", "/journeys/loyalty-visit/map?view=gaps", waitForMap],
  ["outline", "/journeys/loyalty-visit/map?view=outline", waitForMap],
  ["present", "/journeys/loyalty-visit/map?view=present", waitForMap],
  ["actual", "/journeys/loyalty-visit/actual", (page) => page.locator("figure svg").first().waitFor()],
  ["gaps-page", "/journeys/loyalty-visit/gaps", (page) => page.locator("figure svg").first().waitFor()],
  ["history", "/journeys/loyalty-visit/history", (page) => page.getByText("Spring").first().waitFor()],
  ["standards", "/journeys/loyalty-visit/standards", (page) => page.locator(".chip").first().waitFor()],
  [
    "touchpoint",
    "/journeys/loyalty-visit/touchpoints/parking",
    (page) => page.getByText("NPS, CSAT").or(page.getByText("CSAT").first()).waitFor(),
  ],
];

async function waitForMap(page: Page): Promise<void> {
  await page.getByText("I get to the shop").first().waitFor();
  await page
    .getByText(/reach this|visits|No data|Owner/)
    .first()
    .waitFor();
}

for (const [name, path, wait] of PAGES) {
  test.each(LOOKS)(`${name} %s`, async (look, options) => {
    await withPage(browser, `${server.address}${path}`, options, async (page) => {
      await wait(page);
      await page.evaluate(() => document.fonts.ready.then(() => undefined));
      const picture = await page.screenshot({ path: join(PICTURES, `${name}-${look}.png`) });
      expect(picture.length).toBeGreaterThan(10_000);
      const overflow = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      expect(overflow).toBe(0);
    });
  });
}
