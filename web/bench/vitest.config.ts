import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vitest/config";

export default defineConfig({
  plugins: [svelte()],
  test: { include: ["bench/*.test.ts"], globalSetup: ["tests/build.ts"], fileParallelism: false, testTimeout: 300_000 },
});
