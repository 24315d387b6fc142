// The map on paper: A3 across, every card on it, nothing beyond the edge, no buttons.
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launch, withPage } from "../browser.ts";
import { TestServer } from "../fixture/server.ts";

let browser: Browser;
let server: TestServer;
beforeAll(async () => {
  [browser, server] = await Promise.all([launch(), TestServer.start()]);
});
afterAll(async () => {
  await browser.close();
  await server.stop();
});

const A3 = { width: 1191, height: 842 };
/** 400 mm between the margins, in CSS pixels. */
const PRINTED = 1512;

test("the whole map fits the width of the paper, with every card and without the controls", () =>
  withPage(
    browser,
    `${server.address}/journeys/loyalty-visit/map`,
    { viewport: { width: PRINTED, height: 1000 } },
    async (page) => {
      await page.getByRole("grid").waitFor();
      await page.emulateMedia({ media: "print" });
      const shown = await page.evaluate((width) => {
        const whole = (node: Element) => {
          const box = node.getBoundingClientRect();
          return box.width > 0 && box.height > 0 && box.left >= 0 && box.right <= width + 1;
        };
        const cards = [...document.querySelectorAll("[data-card]")];
        const heads = [...document.querySelectorAll("[role=columnheader]")];
        const seen = (selector: string) =>
          [...document.querySelectorAll<HTMLElement>(selector)].filter((one) => one.checkVisibility());
        return {
          cards: cards.length,
          cut: [...cards, ...heads].filter((one) => !whole(one)).map((one) => one.textContent?.slice(0, 60)),
          controls: [...seen("button"), ...seen("select"), ...seen("nav a")].map((one) => one.textContent),
          scrolls: seen(".scroller").filter((one) => one.scrollWidth > one.clientWidth + 1).length,
        };
      }, PRINTED);
      const lanes = new Set(
        server
          .journey("loyalty-visit")
          .head()
          .doc.lanes.filter((lane) => lane.on)
          .map((lane) => lane.id),
      );
      const cards = server
        .journey("loyalty-visit")
        .head()
        .doc.cards.filter((card) => lanes.has(card.lane));
      expect(shown).toEqual({ cards: cards.length, cut: [], controls: [], scrolls: 0 });
      const pdf = (await page.pdf({ preferCSSPageSize: true, printBackground: true })).toString("latin1");
      const boxes = [...pdf.matchAll(/\/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)\s*\]/g)];
      expect(boxes.length).toBeGreaterThan(0);
      for (const [, width, height] of boxes) {
        expect([Math.round(Number(width)), Math.round(Number(height))]).toEqual([A3.width, A3.height]);
      }
    },
  ));

test("forced colours leave the curve, the focus and the verdicts to be seen", () =>
  withPage(browser, `${server.address}/journeys/loyalty-visit/map`, { forcedColors: "active" }, async (page) => {
    await page.getByRole("grid").waitFor();
    await page.locator(".lines .measured").first().waitFor({ state: "attached" });
    const colours = await page.evaluate(() => {
      const of = (selector: string, name: "stroke" | "outlineStyle" | "color") => {
        const node = document.querySelector(selector);
        return node ? getComputedStyle(node)[name] : null;
      };
      (document.querySelector('[role=gridcell][data-kind="cards"]') as HTMLElement | null)?.focus();
      return {
        ground: getComputedStyle(document.body).backgroundColor,
        designed: of(".lines .designed", "stroke"),
        measured: of(".lines .measured", "stroke"),
        verdict: of(".chip.defective", "color"),
      };
    });
    expect(colours.designed).not.toBe(colours.ground);
    expect(colours.measured).not.toBe(colours.ground);
    expect(colours.verdict).not.toBe(colours.ground);
    await page.keyboard.press("ArrowRight");
    expect(await page.evaluate(() => getComputedStyle(document.activeElement as Element).outlineStyle)).toBe("solid");
  }));
