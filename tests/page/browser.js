// The browser, and the pages that are opened in it.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const FOLDER = process.env.FOOTPATH_PAGES;
const ARGUMENTS = [
  "--no-sandbox", // In a container root has no other way.
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Names of the pages under test; none at all is a mistake of the caller. */
export function pages() {
  if (!FOLDER) throw new Error("set FOOTPATH_PAGES to the folder that `footpath demo --pages --out` wrote");
  const names = readdirSync(FOLDER).filter((name) => name.endsWith(".html")).sort();
  if (names.length === 0) throw new Error(`no page in ${FOLDER}: write them with \`footpath demo --out\``);
  return names;
}

export function launch() {
  return chromium.launch({ executablePath: "/usr/bin/chromium", args: ARGUMENTS });
}

/**
 * Opens a page in a context of its own, hands it over, and closes it again.
 *
 * Whatever a test is about, the page must be quiet meanwhile: it says nothing on the console, throws nothing, and asks
 * for no file but itself.
 */
export async function withPage(browser, name, settings, examine) {
  const context = await browser.newContext({ viewport: { width: 1600, height: 900 }, ...settings });
  const page = await context.newPage();
  const url = pathToFileURL(join(FOLDER, name)).href;
  const noise = [];
  page.on("console", (message) => noise.push(`console ${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => noise.push(`error: ${error.message}`));
  page.on("request", (request) => {
    if (request.url() !== url) noise.push(`request: ${request.url().slice(0, 200)}`);
  });
  try {
    await page.goto(url);
    await examine(page);
  } finally {
    await context.close();
  }
  if (noise.length > 0) throw new Error(`${name} is not quiet:\n${noise.join("\n")}`);
}

/** Unfolds everything, so that what is looked for is not merely hidden. */
export function unfold(page) {
  return page.evaluate(() => {
    for (const details of document.querySelectorAll("details")) details.open = true;
  });
}

/** One test for every page. */
export function forEachPage(test, title, examine) {
  for (const name of pages()) test(`${name}: ${title}`, () => examine(name));
}
