// The other pages: what they say, how they are walked by key, and that each is accessible, light and dark.
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { expectAccessible, launch, type Opening, withPage } from "../browser.ts";
import { TestServer } from "../fixture/server.ts";

let browser: Browser;
let server: TestServer;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());
beforeEach(async () => {
  server = await TestServer.start();
  return () => server.stop();
});

function on(path: string, examine: (page: Page) => Promise<void>, opening: Opening = {}): Promise<void> {
  return withPage(browser, `${server.address}${path}`, opening, async (page) => {
    await page.getByRole("heading", { level: 1 }).waitFor();
    await examine(page);
  });
}

test.each([
  ["/", "standards are defective"],
  ["/journeys", "I do the week"],
  ["/journeys/loyalty-visit/actual", "Between"],
  ["/journeys/loyalty-visit/gaps", "Show as table"],
  ["/journeys/loyalty-visit/history", "As it was walked in March"],
  ["/journeys/loyalty-visit/standards", "Parked within five minutes of the gate"],
  ["/journeys/loyalty-visit/touchpoints/parking", "Findings"],
  ["/nowhere", "There is no such page"],
])("%s is accessible in both themes", async (path, words) => {
  for (const colorScheme of ["light", "dark"] as const) {
    await on(
      path,
      async (page) => {
        await page.getByText(words).first().waitFor();
        await expectAccessible(page);
      },
      { colorScheme },
    );
  }
});

test("a drawing shows its numbers as a table, and its parts lead to their touchpoints", () =>
  on("/journeys/loyalty-visit/gaps", async (page) => {
    const figure = page.locator("figure").filter({ hasText: "matrix.svg" });
    await figure.locator("svg").waitFor();
    await figure.getByText("Show as table").click();
    await figure.getByRole("rowheader", { name: "I find a place to park" }).waitFor();
    await expectAccessible(page);
    await figure.locator('[data-touchpoint="parking"] circle').first().click();
    await page.getByRole("heading", { level: 1, name: "I find a place to park" }).waitFor();
  }));

test("nothing runs in a drawing, and it asks nobody for anything", async () => {
  server.drawings.set(
    "matrix",
    `<svg xmlns="http://www.w3.org/2000/svg" width="300" height="100" onload="x()"><script>x()</script>
      <a href="https://example.org"><rect width="9" height="9" onclick="x()" style="fill:url(https://example.org)"/></a>
      <image href="https://example.org/a.png"/><foreignObject><p>no</p></foreignObject><circle r="3"/></svg>`,
  );
  await on(
    "/journeys/loyalty-visit/gaps",
    async (page) => {
      const svg = page.locator("figure").filter({ hasText: "matrix.svg" }).locator("svg");
      await svg.locator("circle").waitFor({ state: "attached" });
      const bad = svg.locator("script, foreignObject, image, [onclick], [style], [href]");
      expect(await bad.count()).toBe(0);
      expect(await svg.getAttribute("onload")).toBeNull();
      // The policy is the second wall, and says so while the drawing is read.
    },
    { expected: /Content Security Policy/ },
  );
});

test("the palette finds by name, goes there, and gives the focus back when it is left", () =>
  on("/journeys", async (page) => {
    await page.keyboard.press("Control+k");
    const input = page.getByRole("combobox", { name: "Go to, do, search" });
    await input.waitFor();
    await expectAccessible(page);
    await input.fill("week");
    await page.getByRole("option", { name: /I do the week/ }).waitFor();
    await page.keyboard.press("Enter");
    await page.getByRole("grid").waitFor();
    await page.keyboard.press("Control+k");
    await input.fill("nothing has this name");
    await page.getByText("No command and no journey").waitFor();
    await page.keyboard.press("Escape");
    await input.waitFor({ state: "detached" });
  }));

test("single keys go places, not while somebody writes, and not when they are switched off", () =>
  on("/journeys", async (page) => {
    await page.getByLabel("Search journeys").focus();
    await page.keyboard.type("gt");
    expect(new URL(page.url()).pathname).toBe("/journeys");
    await page.getByRole("heading", { level: 1 }).focus();
    await page.keyboard.press("g");
    await page.keyboard.press("t");
    await page.getByRole("heading", { level: 1, name: "Today" }).waitFor();
    await page.keyboard.press("?");
    await page.getByRole("dialog", { name: "Keyboard shortcuts" }).waitFor();
    await expectAccessible(page);
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Theme" }).click();
    await page.getByRole("menuitemcheckbox", { name: "Single-key shortcuts" }).click();
    await page.keyboard.press("?");
    expect(await page.getByRole("dialog").count()).toBe(0);
  }));

test("what was written stays when the server refuses it", () =>
  on(
    "/journeys",
    async (page) => {
      await page.getByRole("button", { name: "New journey" }).click();
      await page.getByLabel("Title").fill("I renew my contract");
      server.broken = { status: 503 };
      await page.getByRole("button", { name: "Create" }).click();
      await page.getByRole("alert").waitFor();
      expect(await page.getByLabel("Title").inputValue()).toBe("I renew my contract");
      await expectAccessible(page);
      server.broken = null;
      await page.getByRole("button", { name: "Create" }).click();
      await page.getByRole("heading", { level: 1, name: "I renew my contract" }).waitFor();
    },
    { expected: /Failed to load resource/ },
  ));

test("a list that cannot be loaded says so and is asked for again", async () => {
  server.broken = { status: 500 };
  await on(
    "/journeys",
    async (page) => {
      await page.getByRole("alert").waitFor();
      server.broken = null;
      await page.getByRole("button", { name: "Try again" }).click();
      await page.getByRole("link", { name: /I do the week/ }).waitFor();
    },
    { expected: /Failed to load resource/ },
  );
});

test("a search that finds nothing says what was searched for; the address keeps it", () =>
  on("/journeys", async (page) => {
    await page.getByLabel("Search journeys").fill("bank");
    await page.keyboard.press("Enter");
    await page.getByText("No journey has “bank” in its title.").waitFor();
    expect(new URL(page.url()).searchParams.get("search")).toBe("bank");
    await page.reload();
    await page.getByText("No journey has “bank” in its title.").waitFor();
  }));

test("a version is published once nothing stands in the way, compared with the map, and brought back", () =>
  on("/journeys/loyalty-visit/history", async (page) => {
    const journey = server.journey("loyalty-visit");
    const [card] = journey.head().doc.cards;
    if (!card) throw new Error("the example has no cards");
    journey.take(
      { batch: "b1", base_rev: 1, ops: [{ op: "touchpoint.set", id: "parking", field: "owner", value: null }] },
      "Tom",
    );
    await page.getByRole("button", { name: "Publish" }).click();
    await page.getByText("1 thing stands in the way").waitFor();
    expect(await page.getByRole("dialog").getByRole("button", { name: "Publish" }).isDisabled()).toBe(true);
    await expectAccessible(page);
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    const ops = [
      { op: "touchpoint.set" as const, id: "parking", field: "owner", value: "facilities" },
      { op: "card.set" as const, id: card.id, text: "Looks for the turn", text_rev: card.text_rev },
    ];
    journey.take({ batch: "b2", base_rev: 2, ops }, "Tom");
    await page.getByRole("button", { name: "Publish" }).click();
    await page.getByText("Nothing stands in the way.").waitFor();
    await page.getByLabel("Name").fill("Summer");
    await page.getByRole("dialog").getByRole("button", { name: "Publish" }).click();
    await page.getByRole("cell", { name: "Summer" }).waitFor();
    expect(journey.published).toBe(2);
    await page.getByLabel("From", { exact: true }).selectOption("1");
    await page.locator("ins", { hasText: "Looks for the turn" }).waitFor();
    await expectAccessible(page);
    await page.getByRole("button", { name: "Bring back version 1" }).click();
    await page.getByText("The two are the same.").waitFor();
    expect(journey.head().doc.cards.find((one) => one.id === card.id)?.text).toBe(card.text);
  }));

test("whoever is not signed in is asked to, and told where to come back to", async () => {
  server.broken = { status: 401 };
  await withPage(
    browser,
    `${server.address}/journeys?search=x`,
    { expected: /Failed to load resource/ },
    async (page) => {
      await page.waitForURL(/\/login\?next=/);
      expect(new URL(page.url()).searchParams.get("next")).toBe("/journeys?search=x");
    },
  );
});

test("standards are filtered by their verdict, and back goes back", () =>
  on("/journeys/loyalty-visit/standards", async (page) => {
    const verdicts = () => page.locator("tbody tr td:nth-child(2)").allTextContents();
    await page.locator(".chip").first().waitFor();
    await page.getByLabel("Verdict", { exact: true }).selectOption("meets");
    await expect.poll(async () => (await verdicts()).every((text) => text.includes("meets"))).toBe(true);
    await page.getByRole("link", { name: "Gaps" }).click();
    await page.getByRole("heading", { level: 1, name: "Gaps" }).waitFor();
    await page.goBack();
    await page.getByRole("heading", { level: 1, name: "Standards" }).waitFor();
    expect((await verdicts()).every((text) => text.includes("meets"))).toBe(true);
  }));

test("a theme is chosen over the system's, and stays", () =>
  on("/journeys", async (page) => {
    const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const light = await ground();
    await page.getByRole("button", { name: "Theme" }).click();
    await page.getByRole("menuitemcheckbox", { name: "Theme: Dark" }).click();
    await expect.poll(ground).not.toBe(light);
    const dark = await ground();
    await page.reload();
    await expect.poll(ground).toBe(dark);
  }));
