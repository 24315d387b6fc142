// Builds the pages and the scenes of widgets once, before any test opens them. PAGES_BUILT=1 takes what is there.
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { build, type InlineConfig } from "vite";
import { HARNESS, PAGES, ROOT } from "./places.ts";

export default async function buildAll(): Promise<void> {
  if (process.env.PAGES_BUILT) return;
  const pages: InlineConfig = { root: ROOT, logLevel: "warn", build: { outDir: PAGES, emptyOutDir: true } };
  const harness: InlineConfig = {
    root: `${ROOT}/tests/harness`,
    base: "./",
    configFile: false,
    logLevel: "warn",
    plugins: [svelte({ configFile: `${ROOT}/svelte.config.js` })],
    build: {
      outDir: HARNESS,
      emptyOutDir: true,
      target: "es2023",
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
    },
  };
  await build(pages);
  await build(harness);
}
