// Times of the map, in a browser on this machine: figures and no verdict. `npm run bench`
import { test } from "vitest";
import { launch } from "../tests/browser.ts";
import { TestServer } from "../tests/fixture/server.ts";
import { grid } from "../tests/sizes.ts";

const TIMES = 20;

const SIZES = {
  "840 cells": { touchpoints: 42, lanes: 20, cards: 840 },
  "1,440 cells, 2,000 cards": { touchpoints: 60, lanes: 24, cards: 2000 },
};

for (const [name, size] of Object.entries(SIZES)) {
  test(name, async () => {
    const [browser, server] = await Promise.all([launch(), TestServer.start()]);
    server.put(grid("far", size));
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    const opens: number[] = [];
    for (let at = 0; at < 5; at += 1) {
      const before = performance.now();
      await page.goto(`${server.address}/journeys/far/map`);
      await page.locator(`[data-touchpoint="t${size.touchpoints - 1}"][data-lane="l0"]`).waitFor({ state: "attached" });
      opens.push(performance.now() - before);
    }
    await page.locator('[data-touchpoint="t3"][data-lane="l3"]').focus();
    const keys = await painted(page, TIMES, ["ArrowRight", "ArrowDown", "ArrowLeft", "ArrowUp"]);
    const moves = await painted(page, TIMES, ["Alt+ArrowRight", "Alt+ArrowLeft"]);
    const figures = { "opens, ms": opens, "key to paint, ms": keys, "move of a card to paint, ms": moves };
    for (const [what, values] of Object.entries(figures)) {
      process.stdout.write(`${name}: ${what}: median ${middle(values)}, worst ${Math.round(Math.max(...values))}\n`);
    }
    await browser.close();
    await server.stop();
  });
}

/** From a key to the frame that shows what it did, as the page itself sees it. */
async function painted(page: import("playwright-core").Page, times: number, keys: string[]): Promise<number[]> {
  const found: number[] = [];
  await page.evaluate(() => {
    const durations: number[] = [];
    (window as unknown as { durations: number[] }).durations = durations;
    document.addEventListener(
      "keydown",
      (event) => {
        if (["Alt", "Control", "Shift"].includes(event.key)) return;
        const began = performance.now();
        // After the frame: its own task comes when the frame is done.
        requestAnimationFrame(() => {
          const channel = new MessageChannel();
          channel.port1.onmessage = () => durations.push(performance.now() - began);
          channel.port2.postMessage(null);
        });
      },
      { capture: true },
    );
  });
  for (let at = 0; at < times; at += 1) {
    await page.keyboard.press(keys[at % keys.length] as string);
    await page.waitForFunction((n) => (window as unknown as { durations: number[] }).durations.length > n, at);
  }
  found.push(...(await page.evaluate(() => (window as unknown as { durations: number[] }).durations)));
  return found;
}

function middle(values: number[]): number {
  return Math.round(values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] as number);
}
