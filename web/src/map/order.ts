// Places between places: strings that sort by bytes, so that a card can go between two others without moving them.
// The server gives the final place; what is computed here stands until it does.

const DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const BASE = DIGITS.length;

/** A string strictly between two others; `null` is the beginning or the end. */
export function between(low: string | null, high: string | null): string {
  const below = low ?? "";
  if (high !== null && below >= high) return `${below}V`;
  let place = "";
  for (let at = 0; ; at += 1) {
    const from = digit(below, at) ?? 0;
    const isBound = high !== null && high.slice(0, at) === place;
    // Nothing sorts between "" and "0": the place of the other is the nearest there is.
    if (isBound && at >= high.length) return place;
    const to = isBound ? (digit(high, at) ?? 0) : BASE;
    if (to - from > 1) return place + DIGITS[from + Math.floor((to - from) / 2)];
    place += DIGITS[from];
  }
}

/** Sorts by bytes, then by id, so that two who took the same place still have one order. */
export function byOrder(a: { order: string; id: string }, b: { order: string; id: string }): number {
  if (a.order !== b.order) return a.order < b.order ? -1 : 1;
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}

function digit(text: string, at: number): number | undefined {
  const character = text[at];
  if (character === undefined) return undefined;
  const found = DIGITS.indexOf(character);
  return Math.max(0, found);
}
