// The pages in front of the program itself: from an empty folder to a published map, and two tabs on one map. It runs when
// FOOTPATH_BIN names the program, as ./test.sh does.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { expectAccessible, launch } from "../browser.ts";
import { ROOT } from "../places.ts";
import { BIN, Program } from "../program.ts";

const FIRST = { workspace: "Corner Café", name: "Ann", email: "ann@example.org", password: "tulip kettle rain 91" };

describe.skipIf(!BIN)("in front of the program", () => {
  let browser: Browser;
  let program: Program;
  let context: BrowserContext;
  const noise: string[] = [];

  beforeAll(async () => {
    [browser, program] = await Promise.all([launch(), Program.start()]);
    context = await browser.newContext({ viewport: { width: 1440, height: 900 }, reducedMotion: "reduce" });
    const page = await open(program.setUp);
    for (const [name, value] of Object.entries(FIRST)) await page.locator(`[name=${name}]`).fill(value);
    await page.locator("form button").first().click();
    await page.getByRole("heading", { level: 1, name: "Today" }).waitFor();
  });
  afterAll(async () => {
    await browser?.close();
    await program?.stop();
    expect(noise).toEqual([]);
  });

  async function open(address: string): Promise<Page> {
    const page = await context.newPage();
    // A journey that nothing was measured of has no measures, which the browser calls a failure.
    page.on("console", (message) => {
      if (!/Failed to load resource/.test(message.text())) noise.push(message.text());
    });
    page.on("pageerror", (error) => noise.push(String(error.stack)));
    page.on("response", (response) => {
      const isMissing = response.status() >= 400 && !response.url().endsWith("/measures");
      if (isMissing) noise.push(`${response.status()} ${response.request().method()} ${response.url()}`);
    });
    await page.goto(address);
    return page;
  }

  const cell = (page: Page, touchpoint: string, lane: string) =>
    page.locator(`[role=gridcell][data-touchpoint="${touchpoint}"][data-lane="${lane}"]`);
  const saved = (page: Page) => page.getByText(/· Saved/).waitFor();

  test("a journey of three touchpoints is built by keyboard alone and published", async () => {
    const page = await open(`${program.address}/journeys`);
    await page.getByRole("button", { name: "New journey" }).first().press("Enter");
    await page.getByLabel("Title").fill("I renew my contract");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Add a stage" }).press("Enter");
    const name = async (text: string) => {
      await page.getByRole("dialog").getByLabel("Title").fill(text);
      await page.keyboard.press("Enter");
      await page.getByRole("dialog").waitFor({ state: "detached" });
    };
    await name("I am reminded");
    const stage = page.getByRole("columnheader", { name: "I am reminded" });
    for (const title of ["I get a letter", "I compare", "I sign"]) {
      await stage.focus();
      await page.keyboard.press("Shift+F10");
      await page.getByRole("menuitem", { name: "Add a touchpoint" }).press("Enter");
      await name(title);
      await page.getByRole("columnheader", { name: title }).waitFor();
    }
    await cell(page, "i-compare", "does").focus();
    await page.keyboard.type("Reads three offers");
    await page.keyboard.press("Enter");
    await saved(page);
    await page.getByRole("link", { name: "History" }).press("Enter");
    await page.getByRole("button", { name: "Publish" }).press("Enter");
    await page.getByText(/things? stands? in the way/).waitFor();
    await expectAccessible(page);
    await page.close();
  });

  test("two tabs on one map: nothing is lost, undo goes back, a reload shows the same", async () => {
    const text = readFileSync(join(ROOT, "../examples/loyalty-visit/journey.yaml"), "utf8");
    const page = await open(`${program.address}/journeys`);
    const id = await page.evaluate(async (yaml) => {
      const headers = { "content-type": "application/json" };
      const body = JSON.stringify({ source: { format: "yaml", text: yaml } });
      return (await (await fetch("/api/v1/journeys", { method: "POST", headers, body })).json()).id;
    }, text);
    const map = `${program.address}/journeys/${id}/map`;
    await page.goto(map);
    await page.getByRole("grid").waitFor();
    const other = await open(map);
    await other.getByRole("grid").waitFor();

    await cell(page, "spices", "opportunities").focus();
    await page.keyboard.type("Put spices beside rice");
    await page.keyboard.press("Enter");
    await expect.poll(() => cell(other, "spices", "opportunities").innerText()).toContain("Put spices beside rice");

    for (const one of [page, other]) {
      await cell(one, "parking", "does").focus();
      await one.keyboard.press("Enter");
      await one.keyboard.press("Control+A");
    }
    await page.keyboard.type("One");
    await other.keyboard.type("Two");
    await page.keyboard.press("Enter");
    await saved(page);
    await other.keyboard.press("Enter");
    await other
      .getByRole("group", { name: "Two people wrote here at once" })
      .getByRole("button", { name: "Keep both" })
      .click();
    await expect.poll(() => cell(page, "parking", "does").innerText()).toContain("One\nTwo");

    const pay = (one: Page) => one.locator('[role=columnheader][data-stage="pay"]');
    await pay(page).focus();
    await page.keyboard.press("Delete");
    await pay(other).waitFor({ state: "detached" });
    await page.keyboard.press("Control+Z");
    await pay(page).waitFor();
    await pay(other).waitFor();

    await cell(page, "parking", "feels").focus();
    await page.keyboard.press("Enter");
    await page.keyboard.press("ArrowUp");
    await page.keyboard.press("Escape");
    await cell(page, "parking", "pains").focus();
    await page.keyboard.press("Alt+ArrowDown");
    await page.keyboard.press("Alt+ArrowRight");
    await saved(page);
    const shown = (one: Page) => one.locator("[data-card] .text").allTextContents();
    const before = await shown(page);
    await expect.poll(() => shown(other)).toEqual(before);
    await page.reload();
    await page.getByRole("grid").waitFor();
    await expect.poll(() => shown(page)).toEqual(before);

    await cell(page, "parking", "does").focus();
    await page.keyboard.press("c");
    await page.getByLabel("Write a comment").fill("Which gate?");
    await page.getByRole("button", { name: "Comment", exact: true }).click();
    await page.getByText("Which gate?").first().waitFor();
    await expectAccessible(page);
    await page.getByRole("link", { name: "History" }).click();
    await page.getByRole("button", { name: "Publish" }).click();
    await page.getByText("Nothing stands in the way.").waitFor();
    await page.getByLabel("Name").fill("Spring");
    await page.getByRole("dialog").getByRole("button", { name: "Publish" }).click();
    await page.getByRole("cell", { name: "Spring" }).waitFor();
    await page.close();
    await other.close();
  });
});
