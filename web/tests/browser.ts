// The browser, the pages opened in it, and the rules that every page is held to.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { expect } from "vitest";

const ARGUMENTS = [
  "--no-sandbox", // In a container root has no other way.
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

export function launch(): Promise<Browser> {
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ARGUMENTS });
}

export interface Opening extends BrowserContextOptions {
  user?: string;
  /** Texts that the console may hold: what a test itself breaks. */
  expected?: RegExp;
}

/** Opens an address in a context of its own, hands it over, closes it; the page must have been quiet meanwhile. */
export async function withPage(
  browser: Browser,
  address: string,
  { user, expected, ...options }: Opening,
  examine: (page: Page) => Promise<void>,
): Promise<void> {
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    reducedMotion: "reduce",
    ...options,
  });
  if (user) await context.addCookies([{ name: "user", value: user, url: new URL(address).origin }]);
  const page = await context.newPage();
  const noise: string[] = [];
  page.on("console", (message) => {
    if (!expected?.test(message.text())) noise.push(`console ${message.type()}: ${message.text()}`);
  });
  page.on("pageerror", (error) => noise.push(`error: ${error.stack}`));
  page.on("request", (request) => {
    if (new URL(request.url()).origin !== new URL(address).origin && !request.url().startsWith("data:")) {
      noise.push(`request: ${request.url().slice(0, 200)}`);
    }
  });
  try {
    await page.goto(address);
    await examine(page);
  } finally {
    await context.close();
  }
  expect(noise).toEqual([]);
}

/** No violation of WCAG 2.2 AA, nor of axe's good practice. The script comes in beside the page's own policy. */
export async function expectAccessible(page: Page): Promise<void> {
  await page.evaluate(AXE);
  const violations = await page.evaluate(async (rules) => {
    type Axe = { run(context: Document, options: unknown): Promise<{ violations: Violation[] }> };
    type Violation = { id: string; help: string; nodes: { html: string; failureSummary?: string }[] };
    const axe = (window as unknown as { axe: Axe }).axe;
    // What floats above the page is beside its landmarks by its nature; that rule counts while nothing floats.
    const floats = document.querySelector("[data-bits-floating-content-wrapper]") !== null;
    const options = { runOnly: { type: "tag", values: rules }, rules: { region: { enabled: !floats } } };
    const result = await axe.run(document, options);
    return result.violations.map(({ id, help, nodes }) => ({
      id,
      help,
      nodes: nodes.slice(0, 4).map((node) => `${node.html.slice(0, 200)} ${node.failureSummary ?? ""}`),
    }));
  }, RULES);
  expect(violations).toEqual([]);
}
