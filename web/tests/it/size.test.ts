// Maps of any size stay usable: what is done to one cell draws that cell, and 60 touchpoints with 2,000 cards open.
// `npm run bench` measures the times; here it is counted what is drawn.
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launch, withPage } from "../browser.ts";
import { TestServer } from "../fixture/server.ts";
import { grid } from "../sizes.ts";

let browser: Browser;
let server: TestServer;
beforeAll(async () => {
  [browser, server] = await Promise.all([launch(), TestServer.start()]);
  server.put(grid("wide", { touchpoints: 60, lanes: 26, cards: 2000 }));
});
afterAll(async () => {
  await browser.close();
  await server.stop();
});

async function opened(page: Page): Promise<void> {
  await page.locator('[data-touchpoint="t59"][data-lane="l25"]').waitFor({ state: "attached" });
}

test("60 touchpoints × 26 lanes × 2,000 cards: a card is written and moved, and only its cells are drawn", () =>
  withPage(browser, `${server.address}/journeys/wide/map`, {}, async (page) => {
    await opened(page);
    expect(await page.locator("[data-card]").count()).toBe(2000);
    const cell = page.locator('[data-touchpoint="t0"][data-lane="l0"]');
    await cell.focus();
    await page.evaluate(() => {
      const changed = new Set<string>();
      (window as unknown as { changed: Set<string> }).changed = changed;
      const note = (records: MutationRecord[]) => {
        for (const { target, type } of records) {
          const at = (target instanceof Element ? target : target.parentElement)?.closest<HTMLElement>(
            "[role=gridcell]",
          );
          if (at && type !== "attributes") changed.add(`${at.dataset.touchpoint}/${at.dataset.lane}`);
        }
      };
      const grid = document.querySelector("[role=grid]");
      if (grid) new MutationObserver(note).observe(grid, { childList: true, subtree: true, characterData: true });
    });
    const text = await cell.locator("[data-card] .text").first().textContent();
    await page.keyboard.press("Alt+ArrowRight");
    await expect
      .poll(() => page.locator('[data-touchpoint="t1"][data-lane="l0"] .text').allTextContents())
      .toContain(text);
    const changed = () => page.evaluate(() => [...(window as unknown as { changed: Set<string> }).changed].sort());
    expect(await changed()).toEqual(["t0/l0", "t1/l0"]);
  }));
