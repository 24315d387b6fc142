// Printed, the page is A3 landscape as it asks for, and no sheet is empty.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { forEachPage, launch, withPage } from "./browser.js";
import { sheets } from "./pdf.js";

const A3 = { width: 1191, height: 842 }; // Points.

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

forEachPage(test, "prints on A3 landscape", (name) =>
  withPage(browser, name, {}, async (page) => {
    const folded = await page.locator("details[data-print]:not([open])").count();
    const pdf = await page.pdf({ preferCSSPageSize: true, printBackground: true });
    assert.ok(pdf.length > 20_000, `the document has ${pdf.length} bytes`);
    const printed = sheets(pdf);
    assert.ok(printed.length > 1, `${printed.length} sheets`);
    for (const [at, { width, height, words }] of printed.entries()) {
      const sheet = `sheet ${at + 1} of ${printed.length}`;
      assert.ok(Math.abs(width - A3.width) < 2 && Math.abs(height - A3.height) < 2, `${sheet}: ${width} × ${height}`);
      assert.ok(words > 0, `${sheet} is empty`);
    }
    assert.ok(printed[0].words > 100, `the first sheet holds ${printed[0].words} words`);
    // What was unfolded for the paper is folded again.
    assert.equal(await page.locator("details[data-print]:not([open])").count(), folded);
  }),
);
