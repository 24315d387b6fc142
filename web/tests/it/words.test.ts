// The words: keys are current, every message can be written, German has the same variables, and pages hold words that
// are half as long again, and words that run from right to left.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { FluentBundle, FluentResource } from "@fluent/bundle";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { keys } from "../../build/keys.js";
import { expectAccessible, launch, withPage } from "../browser.ts";
import { TestServer } from "../fixture/server.ts";
import { ROOT } from "../places.ts";

const read = (path: string) => readFileSync(join(ROOT, path), "utf8");
const english = read("messages/en.ftl");

let browser: Browser;
let server: TestServer;
beforeAll(async () => {
  [browser, server] = await Promise.all([launch(), TestServer.start()]);
});
afterAll(async () => {
  await browser.close();
  await server.stop();
});

/** `name: { a: V; b: V }` for every message of a catalogue. */
function variables(catalogue: string): Map<string, string> {
  const lines = keys(catalogue)
    .split("\n")
    .flatMap((line) => /^ {2}"([^"]+)": (.*);$/.exec(line)?.slice(1, 3) ?? []);
  return new Map(Array.from({ length: lines.length / 2 }, (_, at) => [lines[at * 2] ?? "", lines[at * 2 + 1] ?? ""]));
}

test("keys.ts is what `npm run keys` writes", () => {
  expect(read("src/words/keys.ts")).toBe(keys(english));
});

test("every message of English can be written", () => {
  const bundle = new FluentBundle("en", { useIsolating: false });
  expect(bundle.addResource(new FluentResource(english))).toEqual([]);
  const all = variables(english);
  expect(all.size).toBeGreaterThan(200);
  for (const [name, wanted] of all) {
    const values = Object.fromEntries([...wanted.matchAll(/"(\w+)": V/g)].map(([, variable]) => [variable ?? "", 2]));
    const errors: Error[] = [];
    const pattern = bundle.getMessage(name)?.value;
    expect(pattern, name).toBeTruthy();
    bundle.formatPattern(pattern ?? "", values, errors);
    expect(errors, name).toEqual([]);
  }
});

test("German says nothing that English does not, with the same variables", () => {
  const all = variables(english);
  for (const [name, wanted] of variables(read("messages/de.ftl")))
    expect([name, wanted]).toEqual([name, all.get(name)]);
});

test("no message is said nowhere", () => {
  const source = readdirSync(join(ROOT, "src"), { recursive: true, encoding: "utf8" })
    .filter((name) => /\.(svelte|ts)$/.test(name) && !name.endsWith("keys.ts"))
    .map((name) => read(`src/${name}`))
    .join("\n");
  // Names that are put together: t(`verdict-${verdict}`).
  const made = [...source.matchAll(/`([a-z-]+-)\$\{/g)].map(([, start]) => start ?? "");
  const unused = [...variables(english).keys()].filter(
    (name) => !source.includes(`"${name}"`) && !made.some((start) => name.startsWith(start)),
  );
  expect(unused).toEqual([]);
});

test("a reader of German gets German, and English where a message is missing", () =>
  withPage(browser, `${server.address}/journeys`, { locale: "de-DE" }, async (page) => {
    await page.getByRole("heading", { level: 1, name: "Reisen" }).waitFor();
    expect(await page.evaluate(() => document.documentElement.lang)).toBe("de");
    await page.getByRole("link", { name: /I do the week/ }).click();
    await page.getByRole("grid", { name: /^Karte: / }).waitFor();
    await page.getByRole("rowheader", { name: "Defects, 95% CI" }).waitFor();
    await expectAccessible(page);
  }));

test("the language can be changed, and the choice is kept", () =>
  withPage(browser, `${server.address}/journeys`, {}, async (page) => {
    await page.getByRole("button", { name: "Theme" }).click();
    await page.getByRole("menuitemcheckbox", { name: "Language: Deutsch" }).click();
    await page.getByRole("heading", { level: 1, name: "Reisen" }).waitFor();
    await page.reload();
    await page.getByRole("heading", { level: 1, name: "Reisen" }).waitFor();
  }));

for (const [name, path] of [
  ["atlas", "/journeys"],
  ["map", "/journeys/loyalty-visit/map"],
  ["standards", "/journeys/loyalty-visit/standards"],
] as const) {
  test(`${name}: longer words, and words from right to left, fit`, () =>
    withPage(browser, `${server.address}${path}?pseudo=rtl`, {}, async (page) => {
      await page.getByRole("heading", { level: 1 }).waitFor();
      await page.getByText("⟦").first().waitFor();
      expect(await page.evaluate(() => document.documentElement.dir)).toBe("rtl");
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect(overflow).toBe(0);
      await page.screenshot({ path: join(ROOT, `tests/pictures/${name}-rtl.png`) });
      await expectAccessible(page);
    }));
}
