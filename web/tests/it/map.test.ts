// The map in the browser: by keyboard, by mouse, by two people at once; accessible in every view, under a strict policy.
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
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
});
afterEach(() => server.stop());

const MAP = "/journeys/loyalty-visit/map";

function onMap(examine: (page: Page) => Promise<void>, opening: Opening = {}, path = MAP): Promise<void> {
  return withPage(browser, `${server.address}${path}`, opening, async (page) => {
    await page.getByRole("heading", { level: 1, name: /I do the week/ }).waitFor();
    await examine(page);
  });
}

const cell = (page: Page, touchpoint: string, lane: string) =>
  page.locator(`[role=gridcell][data-touchpoint="${touchpoint}"][data-lane="${lane}"]`);
const texts = (page: Page, touchpoint: string, lane: string) =>
  cell(page, touchpoint, lane).locator("[data-card] .text").allTextContents();
const stored = (touchpoint: string, lane: string) =>
  server
    .journey("loyalty-visit")
    .head()
    .doc.cards.filter((card) => card.touchpoint === touchpoint && card.lane === lane)
    .map((card) => card.text);
const focused = (page: Page) =>
  page.evaluate(() => {
    const { dataset } = document.activeElement as HTMLElement;
    return [dataset.touchpoint ?? dataset.stage ?? dataset.kind, dataset.lane].filter(Boolean).join("/");
  });

describe("by keyboard", () => {
  test("Tab comes into the grid once, arrows walk it, Tab leaves it", () =>
    onMap(async (page) => {
      await cell(page, "parking", "thinks").focus();
      await page.keyboard.press("ArrowLeft");
      expect(await focused(page)).toBe("access/thinks");
      await page.keyboard.press("ArrowUp");
      expect(await focused(page)).toBe("access/does");
      await page.keyboard.press("ArrowUp");
      await page.keyboard.press("ArrowUp");
      expect(await focused(page)).toBe("arrive");
      await page.keyboard.press("ArrowRight");
      expect(await focused(page)).toBe("choose");
      await page.keyboard.press("Control+End");
      expect(await focused(page)).toMatch(/^exit\//);
      await page.keyboard.press("Control+Home");
      expect(await focused(page)).toBe("corner");
      await page.keyboard.press("PageDown");
      expect(await focused(page)).toBe("arrive");
      expect(await page.locator('[role=grid] [data-row][tabindex="0"]').count()).toBe(1);
      await page.keyboard.press("Tab");
      expect(await page.evaluate(() => document.activeElement?.closest("[role=grid]"))).toBeNull();
      await page.keyboard.press("Shift+Tab");
      expect(await focused(page)).toBe("arrive");
    }));

  test("typing begins a card, Enter keeps it, Enter again edits it, an empty text deletes it, and undo brings it back", () =>
    onMap(async (page) => {
      await cell(page, "spices", "opportunities").focus();
      await page.keyboard.type("Put spices beside rice");
      await page.keyboard.press("Enter");
      expect(await texts(page, "spices", "opportunities")).toEqual(["Put spices beside rice"]);
      expect(await focused(page)).toBe("spices/opportunities");
      await page.keyboard.press("Enter");
      await page.keyboard.press("Control+A");
      await page.keyboard.type("Spices beside rice");
      await page.keyboard.press("Enter");
      await expect.poll(() => stored("spices", "opportunities")).toEqual(["Spices beside rice"]);
      await page.keyboard.press("Enter");
      await page.keyboard.press("Control+A");
      await page.keyboard.press("Delete");
      await page.keyboard.press("Enter");
      await expect.poll(() => stored("spices", "opportunities")).toEqual([]);
      await page.keyboard.press("Control+Z");
      await expect.poll(() => stored("spices", "opportunities")).toEqual(["Spices beside rice"]);
      await page.keyboard.press("Control+Z");
      await expect.poll(() => stored("spices", "opportunities")).toEqual(["Put spices beside rice"]);
      await page.keyboard.press("Control+Shift+Z");
      await expect.poll(() => stored("spices", "opportunities")).toEqual(["Spices beside rice"]);
    }));

  test("Escape leaves the text as it was", () =>
    onMap(async (page) => {
      const before = await texts(page, "parking", "does");
      await cell(page, "parking", "does").focus();
      await page.keyboard.press("F2");
      await page.keyboard.type(" and more");
      await page.keyboard.press("Escape");
      expect(await texts(page, "parking", "does")).toEqual(before);
      expect(await focused(page)).toBe("parking/does");
    }));

  test("Alt with arrows moves a card within its cell and to its neighbours, and says so", () =>
    onMap(async (page) => {
      const before = stored("parking", "pains");
      expect(before.length).toBe(3);
      await cell(page, "parking", "pains").focus();
      await page.keyboard.press("Alt+ArrowDown");
      await expect.poll(() => texts(page, "parking", "pains")).toEqual([before[1], before[0], before[2]]);
      expect(await page.getByRole("log").textContent()).toBe("Moved to I find a place to park, position 2");
      await page.keyboard.press("Alt+ArrowRight");
      await expect.poll(() => stored("entrance", "pains")).toContain(before[0]);
      await page.keyboard.press("Control+Alt+ArrowDown");
      await expect.poll(() => stored("entrance", "pains")).toContain(before[0]);
    }));

  test("M moves a card by stage, touchpoint and position", () =>
    onMap(async (page) => {
      const [text] = stored("access", "does");
      await cell(page, "access", "does").focus();
      await page.keyboard.press("m");
      const dialog = page.getByRole("dialog");
      await dialog.waitFor();
      await expectAccessible(page);
      await dialog.getByLabel("Stage").selectOption({ label: "I pay" });
      await dialog.getByLabel("Touchpoint").selectOption({ index: 1 });
      await dialog.getByLabel("Position").selectOption({ index: 1 });
      await dialog.getByRole("button", { name: "Move", exact: true }).click();
      await expect.poll(() => stored("checkout", "does")[1]).toBe(text);
      expect(stored("access", "does")).toEqual([]);
    }));

  test("a feeling is a slider: Enter goes in, arrows change it, Escape comes out", () =>
    onMap(async (page) => {
      await cell(page, "parking", "feels").focus();
      await page.keyboard.press("Enter");
      const slider = cell(page, "parking", "feels").getByRole("slider");
      await expect.poll(() => slider.evaluate((node) => node === document.activeElement)).toBe(true);
      expect(await slider.getAttribute("aria-valuetext")).toBe("−1.00, tense; measured +0.04, 992 answers");
      await page.keyboard.press("ArrowUp");
      await page.keyboard.press("PageUp");
      expect(await slider.getAttribute("aria-valuenow")).toBe("0.25");
      await page.keyboard.press("Escape");
      expect(await focused(page)).toBe("parking/feels");
      await page.keyboard.press("Control+Z");
      await page.keyboard.press("Control+Z");
      await expect.poll(() => slider.getAttribute("aria-valuenow")).toBe("-1");
    }));

  test("a range is selected, copied, pasted elsewhere as a table with a look before, in one undo", () =>
    onMap(
      async (page) => {
        await cell(page, "access", "does").focus();
        await page.keyboard.press("Shift+ArrowRight");
        await page.keyboard.press("Shift+ArrowDown");
        expect(await page.locator('[role=gridcell][aria-selected="true"]').count()).toBe(4);
        await page.keyboard.press("Control+C");
        const [count] = [server.journey("loyalty-visit").head().doc.cards.length];
        await cell(page, "queue", "does").focus();
        await page.keyboard.press("Control+V");
        await page.getByRole("dialog", { name: "Paste a table" }).waitFor();
        await expectAccessible(page);
        await page.getByRole("button", { name: "Paste 4 cards" }).click();
        await expect.poll(() => server.journey("loyalty-visit").head().doc.cards.length).toBe(count + 4);
        expect(stored("checkout", "thinks").at(-1)).toBe(stored("parking", "thinks")[0]);
        await page.keyboard.press("Control+Z");
        await expect.poll(() => server.journey("loyalty-visit").head().doc.cards.length).toBe(count);
      },
      { permissions: ["clipboard-read", "clipboard-write"] },
    ));

  test("a map of three touchpoints is built from nothing, with feelings and a comment", () =>
    withPage(browser, `${server.address}/journeys`, {}, async (page) => {
      await page.getByRole("button", { name: "New journey" }).press("Enter");
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
      await stage.focus();
      for (const title of ["I get a letter", "I compare", "I sign"]) {
        await stage.focus();
        await page.keyboard.press("Shift+F10");
        await page.getByRole("menuitem", { name: "Add a touchpoint" }).press("Enter");
        await name(title);
        await page.getByRole("columnheader", { name: title }).waitFor();
      }
      await cell(page, "i-compare", "does").focus();
      await page.keyboard.type("Reads three offers");
      await page.keyboard.press("Tab");
      await cell(page, "i-sign", "feels").focus();
      await page.keyboard.press("Enter");
      await cell(page, "i-sign", "feels").getByRole("slider").press("PageUp");
      await cell(page, "i-compare", "does").focus();
      await page.keyboard.press("c");
      await page.getByLabel("Write a comment").fill("Which offers?");
      await page.getByRole("button", { name: "Comment", exact: true }).press("Enter");
      await page.getByText("Which offers?").first().waitFor();
      await expectAccessible(page);
      const { doc } = server.journey("i-renew-my-contract").head();
      expect(doc.touchpoints.map((one) => [one.title, one.feels?.valence])).toEqual([
        ["I get a letter", undefined],
        ["I compare", undefined],
        ["I sign", 1],
      ]);
      expect(doc.cards.map((one) => one.text)).toEqual(["Reads three offers"]);
      expect(server.journey("i-renew-my-contract").comments.map((one) => one.about.id)).toEqual(["i-compare/does"]);
    }));
});

describe("by mouse", () => {
  test("a card is dragged to another touchpoint; a lane of another kind refuses it; Escape ends it", () =>
    onMap(
      async (page) => {
        const [text] = stored("access", "does");
        const drag = async (to: ReturnType<typeof cell>, end: () => Promise<void>) => {
          const card = cell(page, "access", "does").locator("[data-card]").first();
          const from = await card.boundingBox();
          const target = await to.boundingBox();
          if (!from || !target) throw new Error("there is nothing to drag");
          await page.mouse.move(from.x + 10, from.y + 10);
          await page.mouse.down();
          await page.mouse.move(from.x + 30, from.y + 20, { steps: 3 });
          await page.mouse.move(target.x + target.width / 2, target.y + target.height - 6, { steps: 5 });
          await end();
        };
        await drag(cell(page, "parking", "pains"), async () => {
          expect(await cell(page, "parking", "pains").getAttribute("data-refused")).toBe(
            "Cards of Does do not fit Pains",
          );
          await page.mouse.up();
        });
        expect(stored("access", "does")).toEqual([text]);
        await drag(cell(page, "parking", "does"), async () => {
          await page.keyboard.press("Escape");
          await page.mouse.up();
        });
        expect(stored("access", "does")).toEqual([text]);
        await drag(cell(page, "parking", "does"), () => page.mouse.up());
        await expect.poll(() => stored("parking", "does").at(-1)).toBe(text);
        await page.keyboard.press("Control+Z");
        await expect.poll(() => stored("access", "does")).toEqual([text]);
      },
      { viewport: { width: 1440, height: 1400 } },
    ));

  test("a touchpoint is dragged by its head into another stage", () =>
    onMap(async (page) => {
      const head = (id: string) => page.locator(`[role=columnheader][data-touchpoint="${id}"]`);
      const [from, to] = [await head("parking").boundingBox(), await head("staples").boundingBox()];
      if (!from || !to) throw new Error("there is nothing to drag");
      await page.mouse.move(from.x + 20, from.y + 12);
      await page.mouse.down();
      await page.mouse.move(from.x + 40, from.y + 14, { steps: 3 });
      await page.mouse.move(to.x + 10, to.y + 12, { steps: 5 });
      await page.mouse.up();
      const order = () =>
        server
          .journey("loyalty-visit")
          .head()
          .doc.touchpoints.slice(0, 4)
          .map((one) => `${one.stage}/${one.id}`);
      await expect.poll(order).toEqual(["arrive/access", "choose/entrance", "choose/parking", "choose/staples"]);
    }));

  test("a feeling follows the mouse in steps of a quarter, in one undo", () =>
    onMap(async (page) => {
      const slider = cell(page, "access", "feels").getByRole("slider");
      await slider.scrollIntoViewIfNeeded();
      const box = await slider.boundingBox();
      if (!box) throw new Error("there is nothing to drag");
      const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
      await page.mouse.move(x, y);
      await page.mouse.down();
      await page.mouse.move(x, y - 28, { steps: 6 });
      await page.mouse.up();
      await expect.poll(() => slider.getAttribute("aria-valuenow")).toBe("1");
      await page.keyboard.press("Control+Z");
      await expect.poll(() => slider.getAttribute("aria-valuenow")).toBe("0");
    }));

  test("a click selects, a double click edits, the right button opens what Shift F10 opens", () =>
    onMap(async (page) => {
      await cell(page, "parking", "does").locator("[data-card]").click();
      expect(await focused(page)).toBe("parking/does");
      await page
        .getByRole("complementary", { name: "Side panel" })
        .getByText("Parked within five minutes of the gate")
        .waitFor();
      await cell(page, "parking", "does").locator("[data-card]").click({ button: "right" });
      await page.getByRole("menu", { name: "Card" }).waitFor();
      await expectAccessible(page);
      await page.keyboard.press("Escape");
      await page.getByRole("menu").waitFor({ state: "detached" });
      await expect.poll(() => focused(page)).toBe("parking/does");
      await cell(page, "parking", "does").locator("[data-card]").dblclick();
      await page.getByLabel("Text of the card").waitFor();
    }));
});

describe("two people", () => {
  test("write one text: the conflict is shown, and both texts are still there", () =>
    onMap(
      (tom) =>
        onMap(
          async (ines) => {
            await ines.getByLabel(/Here now: .*Tom/).waitFor();
            await cell(ines, "parking", "does").focus();
            await ines.keyboard.press("Enter");
            await tom.locator(".person").waitFor();
            await cell(tom, "parking", "does").focus();
            await tom.keyboard.press("Enter");
            for (const [page, text] of [
              [ines, "Ines wrote"],
              [tom, "Tom wrote"],
            ] as const) {
              await page.keyboard.press("Control+A");
              await page.keyboard.type(text);
            }
            await ines.keyboard.press("Enter");
            await expect.poll(() => stored("parking", "does")).toEqual(["Ines wrote"]);
            await tom.keyboard.press("Enter");
            const conflict = tom.getByRole("group", { name: "Two people wrote here at once" });
            await conflict.waitFor();
            expect(await conflict.locator("dd").allTextContents()).toEqual(["Tom wrote", "Ines wrote"]);
            await expectAccessible(tom);
            await conflict.getByRole("button", { name: "Keep both" }).click();
            await expect.poll(() => stored("parking", "does")).toEqual(["Ines wrote\nTom wrote"]);
            await expect.poll(() => texts(ines, "parking", "does")).toEqual(["Ines wrote\nTom wrote"]);
          },
          { user: "Ines" },
        ),
      { user: "Tom" },
    ));

  test("undo of what somebody has changed since asks first", () =>
    onMap(
      (tom) =>
        onMap(
          async (ines) => {
            await cell(ines, "parking", "feels").focus();
            await ines.keyboard.press("Enter");
            await cell(ines, "parking", "feels").getByRole("slider").press("End");
            const there = cell(tom, "parking", "feels").getByRole("slider");
            await expect.poll(() => there.getAttribute("aria-valuenow")).toBe("2");
            await there.focus();
            await there.press("ArrowDown");
            const mine = cell(ines, "parking", "feels").getByRole("slider");
            await expect.poll(() => mine.getAttribute("aria-valuenow")).toBe("1.75");
            await ines.getByRole("button", { name: /^Undo Change the feeling/ }).click();
            await ines.getByText(/^Tom has changed this since/).waitFor();
            await expectAccessible(ines);
            await ines.getByRole("button", { name: "Keep theirs" }).click();
            expect(await mine.getAttribute("aria-valuenow")).toBe("1.75");
          },
          { user: "Ines" },
        ),
      { user: "Tom" },
    ));
});

describe("whatever happens", () => {
  test("cut off, the head says how many changes are kept, and they arrive later", () =>
    onMap(
      async (page) => {
        server.broken = "cut";
        await cell(page, "exit", "does").focus();
        await page.keyboard.press("+");
        await page.keyboard.type("Looks back");
        await page.keyboard.press("Enter");
        await page.getByText("Offline, 1 change kept").waitFor();
        server.broken = null;
        await page.evaluate(() => window.dispatchEvent(new Event("online")));
        await page.getByText(/· Saved/).waitFor();
        expect(stored("exit", "does")).toContain("Looks back");
      },
      { expected: /Failed to load resource/ },
    ));

  test("a reload in the middle keeps what was not sent", () =>
    onMap(
      async (page) => {
        server.broken = { status: 503 };
        await cell(page, "exit", "does").focus();
        await page.keyboard.press("+");
        await page.keyboard.type("Looks back");
        await page.keyboard.press("Enter");
        await page.getByText("Offline, 1 change kept").waitFor();
        server.broken = null;
        await page.reload();
        await expect.poll(() => stored("exit", "does")).toContain("Looks back");
        await expect.poll(() => texts(page, "exit", "does")).toContain("Looks back");
      },
      { expected: /Failed to load resource/ },
    ));

  test("below a path prefix every address holds, also after a reload", async () => {
    const below = await TestServer.start({ prefix: "/cx/footpath" });
    try {
      await withPage(browser, `${below.address}/journeys`, {}, async (page) => {
        await page.getByRole("link", { name: /I do the week/ }).click();
        await page.getByRole("grid").waitFor();
        expect(page.url()).toBe(`${below.address}${MAP}`);
        await page.getByLabel("View", { exact: true }).selectOption("Blueprint");
        await page.reload();
        await page.getByRole("rowheader", { name: /Line of visibility/ }).waitFor();
        expect(new URL(page.url()).searchParams.get("view")).toBe("blueprint");
      });
    } finally {
      await below.stop();
    }
  });

  test("a journey without data says what would be there", async () => {
    server.measures = null;
    await onMap(
      async (page) => {
        await cell(page, "parking", "does").focus();
        await page.getByRole("heading", { name: "No data" }).waitFor();
      },
      { expected: /Failed to load resource/ },
    );
  });
});

describe("every view", () => {
  test.each(["all", "customer", "company", "blueprint", "scorecard", "gaps", "outline", "present"])(
    "%s is accessible",
    async (view) => {
      for (const colorScheme of ["light", "dark"] as const) {
        await onMap(
          async (page) => {
            await page.getByText("I find a place to park").first().waitFor();
            await expectAccessible(page);
          },
          { colorScheme },
          `${MAP}?view=${view}&overlay=verdict`,
        );
      }
    },
  );

  test("the outline has every card", () =>
    onMap(
      async (page) => {
        await page.getByRole("heading", { name: "I get there" }).waitFor();
        const shown = await page.locator(".outline li").allTextContents();
        for (const card of server.journey("loyalty-visit").head().doc.cards) {
          expect(
            shown.some((text) => text.includes(card.text)),
            card.text,
          ).toBe(true);
        }
      },
      {},
      `${MAP}?view=outline`,
    ));

  test("a presentation is turned by the arrow keys", () =>
    onMap(
      async (page) => {
        await page.getByRole("region", { name: "Present" }).press("ArrowRight");
        await page.getByRole("heading", { level: 2, name: "I gather what I came for" }).waitFor();
      },
      {},
      `${MAP}?view=present`,
    ));

  test("at 400 % nothing is cut off and every touchpoint is reached", () =>
    onMap(
      async (page) => {
        await expectAccessible(page);
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        expect(overflow).toBe(0);
        for (let at = 1; at < 14; at += 1) await page.getByRole("button", { name: "Next touchpoint" }).click();
        await page.getByRole("heading", { level: 2, name: "I drive or walk home" }).waitFor();
      },
      { viewport: { width: 360, height: 640 } },
    ));

  test("on a phone a card is written and a feeling changed", () =>
    onMap(
      async (page) => {
        await page.getByRole("button", { name: "Add" }).first().click();
        await page.keyboard.type("Asks for the way");
        await page.keyboard.press("Enter");
        await expect.poll(() => stored("access", "does")).toContain("Asks for the way");
        await page.getByRole("slider").press("ArrowRight");
        const feels = () => server.journey("loyalty-visit").head().doc.touchpoints[0]?.feels?.valence;
        await expect.poll(feels).toBe(0.25);
      },
      { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
    ));
});
