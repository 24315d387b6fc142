// Opened in every way that a system may ask for, the page stays quiet (`withPage` listens) and keeps its word.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { forEachPage, launch, unfold, withPage } from "./browser.js";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

forEachPage(test, "opens, unfolds and scrolls to its end in silence", (name) =>
  withPage(browser, name, {}, async (page) => {
    assert.match(await page.title(), /. · Footpath$/);
    assert.equal(await page.locator("h1").count(), 1);
    await unfold(page);
    await page.keyboard.press("End");
    // Every place that the contents lead to is there.
    const links = await page.locator("a[href^='#']").evaluateAll((all) => all.map((a) => a.hash.slice(1)));
    assert.ok(links.length > 5, "the page has contents");
    for (const id of links) assert.equal(await page.locator(`[id="${id}"]`).count(), 1, id);
  }),
);

forEachPage(test, "is there without its script", (name) =>
  withPage(browser, name, { javaScriptEnabled: false }, async (page) => {
    assert.ok(await page.locator("h1").isVisible());
    assert.ok(await page.locator("svg").first().isVisible());
    assert.ok(!(await page.locator("#theme").isVisible()), "a switch that would do nothing is shown");
  }),
);

forEachPage(test, "keeps words apart from ground in forced colours", (name) =>
  withPage(browser, name, { forcedColors: "active" }, async (page) => {
    assert.ok(await page.evaluate(() => matchMedia("(forced-colors: active)").matches));
    await unfold(page);
    const [ink, ground] = await page.evaluate(() => {
      const style = getComputedStyle(document.body);
      return [style.color, style.backgroundColor];
    });
    assert.notEqual(ink, ground);
  }),
);

forEachPage(test, "does not move when motion is not wanted", (name) =>
  withPage(browser, name, { reducedMotion: "reduce" }, async (page) => {
    await unfold(page);
    const moving = await page.evaluate(() => {
      const seconds = (list) => Math.max(...list.split(",").map(parseFloat));
      const moves = (element) => {
        const style = getComputedStyle(element);
        return (
          seconds(style.transitionDuration) > 0.01 ||
          seconds(style.animationDuration) > 0.01 ||
          style.scrollBehavior === "smooth"
        );
      };
      const all = [...document.querySelectorAll("*")].filter(moves).map((element) => element.tagName);
      return [...new Set(all), ...document.getAnimations().map((animation) => animation.constructor.name)];
    });
    assert.deepEqual(moving, []);
  }),
);
