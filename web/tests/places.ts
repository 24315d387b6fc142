// Where the tests find what was built.
import { fileURLToPath } from "node:url";

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export const ROOT = at("..");
export const PAGES = at("../dist");
export const HARNESS = at("../node_modules/.footpath/harness");
export const FIXTURE = at("./fixture");
export const PICTURES = at("./pictures");
