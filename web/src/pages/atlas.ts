// Journeys stand in journeys: the order in which the atlas lists them, with how deep each stands.
import type { JourneyLine } from "../api/shapes.ts";

export type Nested = JourneyLine & { depth: number };

export function nested(lines: JourneyLine[]): Nested[] {
  const known = new Set(lines.map((line) => line.id));
  const below = new Map<string | null, JourneyLine[]>();
  for (const line of lines) {
    // One whose parent is not in the list, since it was not searched for or may not be seen, stands at the top.
    const parent = line.parent && known.has(line.parent) && line.parent !== line.id ? line.parent : null;
    below.set(parent, [...(below.get(parent) ?? []), line]);
  }
  const seen = new Set<string>();
  const walk = (parent: string | null, depth: number): Nested[] =>
    (below.get(parent) ?? []).flatMap((line) => {
      if (seen.has(line.id)) return [];
      seen.add(line.id);
      return [{ ...line, depth }, ...walk(line.id, depth + 1)];
    });
  const reached = walk(null, 0);
  // Parents in a ring have no top: they are listed all the same.
  return [...reached, ...lines.filter((line) => !seen.has(line.id)).map((line) => ({ ...line, depth: 0 }))];
}
