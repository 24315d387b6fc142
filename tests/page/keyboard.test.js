// Whatever a pointer can do, Tab, Enter and Space can do.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { forEachPage, launch, withPage } from "./browser.js";

const MOST_STOPS = 1000;

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

forEachPage(test, "changes its theme by keyboard", (name) =>
  withPage(browser, name, { colorScheme: "light" }, async (page) => {
    const theme = () =>
      page.evaluate(() => ({
        theme: document.documentElement.dataset.theme ?? "",
        ground: getComputedStyle(document.body).backgroundColor,
        says: document.getElementById("theme").textContent,
      }));
    await walk(page, (stop) => stop.id === "theme");
    const system = await theme();
    assert.equal(system.theme, "");
    await page.keyboard.press("Enter");
    const light = await theme();
    assert.deepEqual(light, { theme: "light", ground: system.ground, says: "Theme: light" });
    await page.keyboard.press("Space");
    const dark = await theme();
    assert.equal(dark.theme, "dark");
    assert.equal(dark.says, "Theme: dark");
    assert.notEqual(dark.ground, light.ground);
    await page.keyboard.press("Enter");
    assert.deepEqual(await theme(), system);
  }),
);

forEachPage(test, "unfolds and folds by keyboard, and shows where the keyboard is", (name) =>
  withPage(browser, name, {}, async (page) => {
    const isOpen = () => page.evaluate(() => document.activeElement.parentElement.open);
    let folded = 0;
    const stops = await walk(page, async (stop) => {
      assert.ok(stop.isSeen, `nothing shows that the keyboard is at ${stop.html}`);
      if (stop.tag !== "SUMMARY") return false;
      folded += 1;
      const before = await isOpen();
      await page.keyboard.press("Space");
      assert.equal(await isOpen(), !before, `Space at ${stop.html}`);
      await page.keyboard.press("Enter");
      assert.equal(await isOpen(), before, `Enter at ${stop.html}`);
      // Unfolded, so that the walk goes on through what is inside.
      if (!before) await page.keyboard.press("Enter");
      return false;
    });
    assert.ok(folded > 0, "there is something to unfold");
    assert.equal(await page.locator("details:not([open])").count(), 0, "a fold cannot be reached");
    const controls = await page.locator("a[href], button, summary").count();
    assert.ok(stops >= controls, `${stops} stops for ${controls} links, buttons and folds`);
  }),
);

/** Presses Tab through the page, until `isThere` or back where it began; the number of stops. */
async function walk(page, isThere) {
  for (let stops = 0; stops < MOST_STOPS; stops += 1) {
    await page.keyboard.press("Tab");
    const stop = await page.evaluate(() => {
      const element = document.activeElement;
      if (element === document.body || element.dataset.walked) return null;
      element.dataset.walked = "yes";
      const style = getComputedStyle(element);
      const isSeen = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1;
      return { id: element.id, tag: element.tagName, isSeen, html: element.outerHTML.slice(0, 120) };
    });
    if (stop === null) return stops;
    if (await isThere(stop)) return stops + 1;
  }
  throw new Error(`${MOST_STOPS} stops and no end`);
}
