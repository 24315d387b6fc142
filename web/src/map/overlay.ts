// What colours the head of a touchpoint, with the word that says the same.
import { compact, decimal, signed } from "../ui/numbers.ts";
import { SIGNS } from "../ui/verdict.ts";
import { t } from "../words/words.svelte.ts";
import type { Overlay } from "./editor.svelte.ts";
import { FIRM, type Measures, scaleOf, scoreValue } from "./measures.ts";

export interface Colouring {
  tone: "good" | "bad" | "much" | "unknown";
  word: string;
}

export function overlayOf(overlay: Overlay, touchpoint: string, measures: Measures | null): Colouring | null {
  if (overlay === "none" || !measures) return null;
  if (overlay === "verdict") return verdict(touchpoint, measures);
  if (overlay === "score") return score(touchpoint, measures);
  const visits = measures.touchpoint(touchpoint)?.visits ?? 0;
  return {
    tone: visits * 2 > measures.mostVisits ? "much" : "unknown",
    word: t("visits-of", { count: compact(visits) }),
  };
}

function verdict(touchpoint: string, measures: Measures): Colouring {
  const standards = measures.standards(touchpoint);
  const worst = standards.some((one) => one.verdict === "defective")
    ? "defective"
    : standards.some((one) => one.verdict === "not_proven")
      ? "not_proven"
      : standards.length > 0
        ? "meets"
        : "none";
  const tone = worst === "defective" ? "bad" : worst === "meets" ? "good" : "unknown";
  return { tone, word: `${SIGNS[worst]} ${t(`verdict-${worst}`)}` };
}

/** Coloured only where the interval leaves the middle of the scale. */
function score(touchpoint: string, measures: Measures): Colouring {
  const found = measures.score(touchpoint);
  const value = found && scoreValue(found);
  if (!found || value === null || found.n < FIRM) return { tone: "unknown", word: t("too-few", { n: found?.n ?? 0 }) };
  const [bottom, top] = scaleOf(found, measures.question ?? "");
  const middle = (bottom + top) / 2;
  const word = measures.question === "nps" ? signed(value) : decimal(value ?? 0);
  if (found.low !== null && found.low > middle) return { tone: "good", word };
  if (found.high !== null && found.high < middle) return { tone: "bad", word };
  return { tone: "unknown", word };
}
