// How many bytes a route loads before it is there: its scripts with everything they import at once, as brotli.
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { PAGES } from "./places.ts";

interface Chunk {
  file: string;
  src?: string;
  isEntry?: boolean;
  imports?: string[];
  css?: string[];
}

type Manifest = Record<string, Chunk>;

export function manifest(): Manifest {
  return JSON.parse(readFileSync(join(PAGES, ".vite/manifest.json"), "utf8"));
}

/** The files that an entry and a page need, each once. */
export function files(all: Manifest, page: string): string[] {
  const found = new Set<string>();
  const visit = (key: string) => {
    const chunk = all[key];
    if (!chunk || found.has(chunk.file)) return;
    found.add(chunk.file);
    for (const style of chunk.css ?? []) found.add(style);
    for (const next of chunk.imports ?? []) visit(next);
  };
  visit("index.html");
  visit(page);
  return [...found];
}

export function size(file: string): number {
  const packed = join(PAGES, `${file}.br`);
  return statSync(existsSync(packed) ? packed : join(PAGES, file)).size;
}
