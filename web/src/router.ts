// Addresses and pages: typed by the pattern, relative to <base href>, so that a path prefix needs no word anywhere.

type Names<P extends string> = P extends `${string}:${infer N}/${infer R}`
  ? N | Names<R>
  : P extends `${string}:${infer N}`
    ? N
    : never;
export type Params<P extends string> = Record<Names<P>, string>;

/** What a pattern finds in a path, if it fits. */
export function match<P extends string>(pattern: P, path: string): Params<P> | null {
  const [wanted, given] = [pattern.split("/"), path.replace(/(.)\/$/, "$1").split("/")];
  if (wanted.length !== given.length) return null;
  const params: Record<string, string> = {};
  for (const [at, part] of wanted.entries()) {
    if (part.startsWith(":")) params[part.slice(1)] = decodeURIComponent(given[at] ?? "");
    else if (part !== given[at]) return null;
  }
  return params as Params<P>;
}

/** The path of a pattern, relative to <base href>. */
export function path<P extends string>(pattern: P, params: Params<P>): string {
  const named = params as Record<string, string>;
  return `.${pattern.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(named[name] ?? ""))}`;
}
