// Writes src/words/keys.ts from messages/en.ftl: the ids of messages as a type, each with the names of its variables.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parse, Visitor } from "@fluent/syntax";

const at = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));

/** The text of keys.ts for a catalogue. */
export function keys(catalogue) {
  const lines = parse(catalogue, {}).body.flatMap((entry) => (entry.type === "Message" ? [line(entry)] : []));
  return [
    "// Written by `npm run keys` from messages/en.ftl.",
    "type V = string | number;",
    "export interface Keys {",
    ...lines.sort(),
    "}",
    "",
  ].join("\n");
}

function line(message) {
  const names = new Set();
  const visitor = new Visitor();
  visitor.visitVariableReference = (node) => names.add(node.id.name);
  visitor.visit(message);
  const variables = [...names].sort().map((name) => `${JSON.stringify(name)}: V`);
  return `  ${JSON.stringify(message.id.name)}: ${variables.length > 0 ? `{ ${variables.join("; ")} }` : "undefined"};`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(at("src/words/keys.ts"), keys(readFileSync(at("messages/en.ftl"), "utf8")));
}
