// Nothing is wider than the page, and no word leaves its drawing.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { forEachPage, launch, unfold, withPage } from "./browser.js";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

for (const width of [320, 900, 1600]) {
  forEachPage(test, `does not scroll sideways at ${width} px`, (name) =>
    withPage(browser, name, { viewport: { width, height: 900 } }, async (page) => {
      for (const state of ["folded", "unfolded"]) {
        if (state === "unfolded") await unfold(page);
        const { has, needs, widest } = await page.evaluate(() => {
          const root = document.documentElement;
          const right = (element) => element.getBoundingClientRect().right;
          const all = [...document.body.querySelectorAll("*")];
          const widest = all.reduce((a, b) => (right(b) > right(a) ? b : a));
          return { has: root.clientWidth, needs: root.scrollWidth, widest: widest.outerHTML.slice(0, 120) };
        });
        assert.ok(needs <= has, `${state}: ${needs} px on ${has} px; the widest is ${widest}`);
      }
    }),
  );
}

forEachPage(test, "keeps every word of a drawing inside of it", (name) =>
  withPage(browser, name, {}, async (page) => {
    await unfold(page);
    const { words, outside } = await page.evaluate(() => {
      const SLACK = 1; // Edges are rounded to pixels.
      const texts = [...document.querySelectorAll("svg text")].filter((text) => text.textContent.trim());
      const shown = texts.filter((text) => text.getBoundingClientRect().width > 0);
      const leaves = (text) => {
        const [word, drawing] = [text, text.ownerSVGElement].map((element) => element.getBoundingClientRect());
        return (
          word.left < drawing.left - SLACK ||
          word.right > drawing.right + SLACK ||
          word.top < drawing.top - SLACK ||
          word.bottom > drawing.bottom + SLACK
        );
      };
      return { words: shown.length, outside: shown.filter(leaves).map((text) => text.textContent) };
    });
    assert.ok(words > 50, `the drawings hold ${words} words`);
    assert.deepEqual(outside, []);
  }),
);
