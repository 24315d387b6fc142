// What a screen reader is told, page by page, as a tree that stands beside this file.
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launch, withPage } from "../browser.ts";
import { TestServer } from "../fixture/server.ts";
import { smallMap } from "./maps.ts";

let browser: Browser;
let server: TestServer;
beforeAll(async () => {
  [browser, server] = await Promise.all([launch(), TestServer.start()]);
  const map = smallMap();
  const [first] = map.touchpoints;
  if (first) first.feels = { label: "tense", valence: -1, grade: "assumed" };
  server.put(map);
});
afterAll(async () => {
  await browser.close();
  await server.stop();
});

test.each([
  ["map", "/journeys/small/map", "[role=grid]", "No data"],
  ["outline", "/journeys/small/map?view=outline", ".outline", "Card d"],
  ["journeys", "/journeys", "main", "I do the week"],
  ["today", "/", "main", "standards are defective"],
  ["touchpoint", "/journeys/small/touchpoints/a", "main", "No data"],
])("%s", (name, path, selector, words) =>
  withPage(browser, `${server.address}${path}`, { locale: "en-GB", timezoneId: "UTC" }, async (page) => {
    await page.getByRole("heading", { level: 1 }).waitFor();
    const part = page.locator(selector);
    await part.waitFor();
    await page.getByText(words).first().waitFor();
    await expect(await part.ariaSnapshot()).toMatchFileSnapshot(`./reader/${name}.yaml`);
  }),
);
