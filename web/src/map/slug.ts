// Ids out of titles: lower-case words and hyphens, and none twice.

export function slug(title: string, taken: Iterable<string>, fallback: string): string {
  const plain = title.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const words = plain
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 48)
    .replace(/-+$/, "");
  // An id begins with a letter, whatever the title begins with.
  const base = /^[a-z]/.test(words) ? words : words ? `${fallback}-${words}` : fallback;
  const known = new Set(taken);
  if (!known.has(base)) return base;
  for (let at = 2; ; at += 1) if (!known.has(`${base}-${at}`)) return `${base}-${at}`;
}
