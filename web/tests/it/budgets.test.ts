// The bytes of each route, by the page map: scripts as brotli, and everything that the first load takes.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { files, manifest, size } from "../budget.ts";
import { PAGES } from "../places.ts";

const KB = 1000;
const ROUTES: [string, number][] = [
  ["src/pages/Today.svelte", 60],
  ["src/pages/Journeys.svelte", 60],
  ["src/pages/JourneyMap.svelte", 90],
  ["src/pages/Actual.svelte", 70],
  ["src/pages/History.svelte", 70],
  ["src/pages/Gaps.svelte", 70],
  ["src/pages/Standards.svelte", 60],
  ["src/pages/TouchpointPage.svelte", 70],
];

test.each(ROUTES)("%s stays under %d KB of script", (page, most) => {
  const scripts = files(manifest(), page).filter((file) => file.endsWith(".js"));
  expect(scripts.length).toBeGreaterThan(1);
  const total = scripts.reduce((sum, file) => sum + size(file), 0);
  expect(total / KB, scripts.map((file) => `${file} ${size(file)}`).join("\n")).toBeLessThan(most);
});

test("the first load of the map stays under 1 MB in total, fonts included", () => {
  const fonts = readdirSync(join(PAGES, "assets"))
    .filter((name) => name.endsWith(".woff2"))
    .map((name) => `assets/${name}`);
  expect(fonts.length).toBe(2);
  const all = [...files(manifest(), "src/pages/JourneyMap.svelte"), ...fonts, "index.html", "icon.svg"];
  expect(all.reduce((sum, file) => sum + size(file), 0)).toBeLessThan(1000 * KB);
});
