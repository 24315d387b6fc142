// Where a feeling stands in its row, and the words for it.
import { count, signed } from "../ui/numbers.ts";
import { t } from "../words/words.svelte.ts";
import { type Felt, FIRM } from "./measures.ts";

export const HEIGHT = 148;
const EDGE = 18;

export function heightOf(valence: number): number {
  return EDGE + ((2 - Math.max(-2, Math.min(2, valence))) / 4) * (HEIGHT - 2 * EDGE);
}

/** The valence at a height, in steps of a quarter. */
export function valenceAt(y: number): number {
  const free = 2 - ((y - EDGE) / (HEIGHT - 2 * EDGE)) * 4;
  return Math.max(-2, Math.min(2, Math.round(free * 4) / 4));
}

/** "−1.25, frustrated; measured −1.5, 366 answers". */
export function spoken(valence: number, label: string, felt: Felt | null): string {
  const said = t("feel-designed", { value: signed(valence, 2), label });
  if (!felt) return said;
  if (felt.n < FIRM) return `${said}; ${t("feel-few", { n: count(felt.n) })}`;
  return `${said}; ${t("feel-measured", { value: signed(felt.valence, 2), n: count(felt.n) })}`;
}
