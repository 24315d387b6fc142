import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vite";
import { compress } from "./build/compress.ts";

// `base: "./"` keeps every address relative to <base href>, which the server writes for a path prefix.
export default defineConfig({
  base: "./",
  plugins: [svelte(), compress()],
  build: {
    target: "es2023",
    cssTarget: ["chrome123", "firefox120", "safari17.5"],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    manifest: true,
  },
  server: { proxy: { "/api": "http://127.0.0.1:7070" } },
});
