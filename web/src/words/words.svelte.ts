// What the pages say, in the reader's language. English is always there; another language is fetched when it is wanted,
// and where it lacks a message the English one stands.
import { FluentBundle, FluentResource, type FluentVariable } from "@fluent/bundle";
import english from "../../messages/en.ftl?raw";
import type { Keys } from "./keys.ts";

const OTHERS: Record<string, () => Promise<{ default: string }>> = {
  de: () => import("../../messages/de.ftl?raw"),
};
const RIGHT_TO_LEFT = new Set(["ar", "fa", "he", "ur"]);

export type Key = keyof Keys;
/** A message without variables. */
export type PlainKey = { [K in Key]: Keys[K] extends undefined ? K : never }[Key];
type Arguments<K extends Key> = Keys[K] extends undefined ? [] : [variables: Keys[K]];

let bundles = $state.raw([bundle("en", english)]);

/** A message, with its variables put in. */
export function t<K extends Key>(key: K, ...[variables]: Arguments<K>): string {
  for (const one of bundles) {
    const pattern = one.getMessage(key)?.value;
    if (pattern) return one.formatPattern(pattern, variables as Record<string, FluentVariable> | undefined);
  }
  return key;
}

/** The language that numbers and dates are written in. */
export function language(): string {
  return bundles[0]?.locales[0] ?? "en";
}

/** Takes the first language that there is a catalogue for. `pseudo` is English made longer, for tests. */
export async function speak(wanted: readonly string[], transform?: (text: string) => string): Promise<void> {
  const known = wanted.map((one) => one.split("-")[0] ?? one).find((one) => one === "en" || one in OTHERS);
  const load = known ? OTHERS[known] : undefined;
  const own = load && known ? [bundle(known, (await load()).default, transform)] : [];
  bundles = [...own, bundle("en", english, transform)];
  const [first = "en"] = transform ? wanted : [language()];
  document.documentElement.lang = first;
  document.documentElement.dir = RIGHT_TO_LEFT.has(first) ? "rtl" : "ltr";
}

function bundle(locale: string, catalogue: string, transform?: (text: string) => string): FluentBundle {
  // Isolating marks help in mixed text, and harm where a message becomes a file name or is compared.
  const made = new FluentBundle(locale, { useIsolating: false, ...(transform ? { transform } : {}) });
  made.addResource(new FluentResource(catalogue));
  return made;
}
