// axe-core finds nothing, in light and in dark, folded and unfolded.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import axe from "axe-core";
import { forEachPage, launch, unfold, withPage } from "./browser.js";

const TAGS = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"];

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

for (const colorScheme of ["light", "dark"]) {
  forEachPage(test, `has no fault that axe knows, in ${colorScheme}`, (name) =>
    withPage(browser, name, { colorScheme }, async (page) => {
      await page.evaluate(axe.source);
      await isFaultless(page, "folded");
      await unfold(page);
      await isFaultless(page, "unfolded");
    }),
  );
}

async function isFaultless(page, state) {
  const { passes, violations } = await page.evaluate(
    (tags) => window.axe.run(document, { runOnly: { type: "tag", values: tags }, resultTypes: ["violations"] }),
    TAGS,
  );
  assert.ok(passes.length > 20, "axe had little to look at");
  const faults = violations.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id} at ${node.target.join(" ")}: ${node.failureSummary}`),
  );
  assert.deepEqual(faults, [], `${state}: ${faults.length} faults`);
}
