// Writes each asset a second and third time, as brotli and gzip, so that the server never compresses.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import type { Plugin } from "vite";

// Not the page itself: the server writes the prefix into it.
const TEXT = /\.(js|css|svg)$/;
const WORTH_IT = 512;

export function compress(): Plugin {
  let folder = "dist";
  return {
    name: "footpath-compress",
    apply: "build",
    configResolved(config) {
      folder = config.build.outDir;
    },
    closeBundle() {
      for (const name of readdirSync(folder, { recursive: true }) as string[]) {
        if (TEXT.test(name)) pack(join(folder, name));
      }
    },
  };
}

function pack(file: string) {
  const text = readFileSync(file);
  if (text.length < WORTH_IT) return;
  writeFileSync(`${file}.gz`, gzipSync(text, { level: 9 }));
  writeFileSync(
    `${file}.br`,
    brotliCompressSync(text, {
      params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: text.length },
    }),
  );
}
