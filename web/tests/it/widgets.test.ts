// Each widget in the browser: by keyboard, as a screen reader is told, and under axe, in both themes.
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { expectAccessible, launch, withPage } from "../browser.ts";
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

/** Opens a scene in light and in dark; both must be accessible at rest and after what the test does. */
async function scene(name: string, examine: (page: Page) => Promise<void>): Promise<void> {
  for (const colorScheme of ["light", "dark"] as const) {
    await withPage(browser, `${server.address}/harness/index.html?scene=${name}`, { colorScheme }, async (page) => {
      await page.locator("h1").waitFor();
      await expectAccessible(page);
      await examine(page);
      await expectAccessible(page);
    });
  }
}

const output = (page: Page) => page.locator("output").textContent();

/** Waits until the focus is on something with these words. */
const focused = (page: Page, words: string) =>
  expect.poll(() => page.evaluate(() => document.activeElement?.textContent ?? "")).toContain(words);

describe("widgets", () => {
  test("a button does what it says, by key as well, and not while it is disabled", () =>
    scene("Button", async (page) => {
      await page.getByRole("button", { name: "Save" }).press("Enter");
      await page.getByRole("button", { name: "Undo" }).press("Space");
      await page.getByRole("button", { name: "Redo" }).click({ force: true });
      expect(await output(page)).toBe("11");
    }));

  test("a dialog takes the focus, keeps it, and gives it back", () =>
    scene("Dialog", async (page) => {
      const opener = page.getByRole("button", { name: "Open" });
      await opener.press("Enter");
      const dialog = page.getByRole("dialog", { name: "Rename" });
      await dialog.waitFor();
      await expectAccessible(page);
      for (let at = 0; at < 6; at += 1) {
        await page.keyboard.press("Tab");
        expect(await dialog.evaluate((node) => node.contains(document.activeElement))).toBe(true);
      }
      await page.getByLabel("Title").fill("I renew");
      await page.keyboard.press("Escape");
      await dialog.waitFor({ state: "detached" });
      await expect.poll(() => opener.evaluate((node) => node === document.activeElement)).toBe(true);
      expect(await output(page)).toBe("I renew");
    }));

  test("a menu opens out of a menu and skips what is disabled", () =>
    scene("Menu", async (page) => {
      await page.getByRole("button", { name: "Card" }).press("Enter");
      await page.getByRole("menuitem", { name: "Edit" }).waitFor();
      await expectAccessible(page);
      await focused(page, "Edit");
      await page.keyboard.press("ArrowDown");
      await focused(page, "Move to…");
      await page.keyboard.press("ArrowRight");
      await focused(page, "Arrive");
      await page.keyboard.press("ArrowRight");
      await focused(page, "First");
      await page.keyboard.press("Enter");
      await expect.poll(() => output(page)).toBe("arrive/first true");
      await page.getByRole("button", { name: "Card" }).press("Enter");
      await focused(page, "Edit");
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("ArrowDown");
      await focused(page, "Shown");
      await page.keyboard.press("Enter");
      await expect.poll(() => output(page)).toBe("arrive/first false");
    }));

  test("a select says its name and its value, and is chosen from by key", () =>
    scene("Select", async (page) => {
      const select = page.getByRole("combobox", { name: "Colour by" });
      await select.press("ArrowDown");
      await expect.poll(() => output(page)).toBe("verdict");
      await select.press("ArrowDown");
      await expect.poll(() => output(page)).toBe("volume");
    }));

  test("a combobox finds without accents", () =>
    scene("Combobox", async (page) => {
      await page.getByLabel("Owner").pressSequentially("zoe");
      await page.getByRole("option", { name: "Zoë" }).waitFor();
      await expectAccessible(page);
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("Enter");
      await expect.poll(() => output(page)).toBe("zoë");
    }));

  test("a tooltip comes with the focus and goes with Escape", () =>
    scene("Tooltip", async (page) => {
      await page.keyboard.press("Tab");
      await page.getByRole("tooltip").waitFor();
      await expectAccessible(page);
      await page.keyboard.press("Escape");
      await page.getByRole("tooltip").waitFor({ state: "detached" });
    }));

  test("a popover is a dialog with a name", () =>
    scene("Popover", async (page) => {
      await page.getByRole("button", { name: "How" }).press("Enter");
      await page.getByRole("dialog", { name: "How it was measured" }).waitFor();
      await expectAccessible(page);
      await page.keyboard.press("Escape");
      await page.getByRole("dialog").waitFor({ state: "detached" });
    }));

  test("tabs are walked with arrows", () =>
    scene("Tabs", async (page) => {
      await page.getByRole("tab", { name: "Measures" }).focus();
      await page.keyboard.press("ArrowRight");
      await page.getByText("Panel comments").waitFor();
    }));

  test("a toast is told politely and takes back", () =>
    scene("Toasts", async (page) => {
      await page.getByRole("button", { name: "Delete" }).click();
      expect(await page.locator(".toasts").textContent()).toContain("Deleted: Waits");
      await expectAccessible(page);
      await page.getByRole("button", { name: "Undo" }).press("Enter");
      expect(await output(page)).toBe("undone");
      expect(await page.locator(".toasts").textContent()).toBe("");
    }));

  test("a field tells what is wrong beside it and keeps what was written", () =>
    scene("Field", async (page) => {
      const field = page.getByLabel("Id");
      await field.fill("two words");
      expect(await field.getAttribute("aria-invalid")).toBe("true");
      const described = (await field.getAttribute("aria-describedby")) ?? "";
      const texts = await Promise.all(described.split(" ").map((id) => page.locator(`#${id}`).textContent()));
      expect(texts.join(" ")).toContain("an id has no spaces");
      expect(await field.inputValue()).toBe("two words");
    }));

  test("an error stands beside the form, keeps its words, and can be tried again", () =>
    scene("States", async (page) => {
      await page.getByLabel("Title").fill("I renew");
      await page.getByRole("alert").getByRole("button", { name: "Try again" }).click();
      expect(await output(page)).toBe("1");
      expect(await page.getByLabel("Title").inputValue()).toBe("I renew");
    }));

  test("a number has its interval and n; of too few it is not told; a verdict has a word", () =>
    scene("Numbers", async (page) => {
      expect(
        await page.locator("p").evaluateAll((all) => all.map((one) => one.textContent?.replace(/\s+/g, " ").trim())),
      ).toEqual([
        "−38 −46 to −30 n = 366",
        "11.9% 11.3% to 12.5% n = 11,100",
        "n = 12, too few",
        "2.5 days",
        "● meets ▲ 3 defective ◌ not proven – no standard",
      ]);
    }));

  test("a table is sorted by its heads and says so", () =>
    scene("DataTable", async (page) => {
      const first = () => page.locator("tbody th").first().textContent();
      await page.getByRole("button", { name: "Reach" }).click();
      expect(await first()).toBe("Parking");
      expect(await page.getByRole("columnheader", { name: "Reach" }).getAttribute("aria-sort")).toBe("ascending");
      await page.getByRole("button", { name: "Reach" }).press("Enter");
      expect(await first()).toBe("Access");
    }));
});
