// A measure as it is read off in a cell: words, interval, and places on a track from 0 to 1.
import { compact, count, decimal, percent, signed } from "../ui/numbers.ts";
import type { Verdict } from "../ui/verdict.ts";
import { t } from "../words/words.svelte.ts";
import { FIRM, failed, type Measures, type Score, scaleOf, scoreValue, TOLD } from "./measures.ts";

export interface Drawn {
  /** From 0 to 1; `null`: nothing to draw, the text says why. */
  value: number | null;
  low?: number | null;
  high?: number | null;
  text: string;
  interval?: string;
  title?: string;
  tone?: "bad" | "plain";
  /** What was promised. */
  mark?: number | null;
  middle?: number | null;
  bar?: boolean;
  isFirm?: boolean;
}

export function reachOf(measures: Measures, id: string): Drawn {
  const measured = measures.touchpoint(id);
  const { share = null, low = null, high = null, n = 0 } = measured?.reach ?? {};
  if (!measured || share === null) return { value: null, text: t("measures-none-title") };
  return {
    value: share,
    low,
    high,
    bar: true,
    text: percent(share, share > 0.995 ? 0 : 1),
    interval: compact(measured.visits),
    title: `${percent(share)} ${between(low, high, percent)}, ${t("n", { n: count(n) })}, ${t("visits-of", { count: count(measured.visits) })}`,
  };
}

export function scoreOf(measures: Measures, id: string): Drawn {
  const score = measures.score(id);
  const value = score && scoreValue(score);
  if (!score || value === null || score.n === 0) return { value: null, text: "–" };
  if (score.n < TOLD) return { value: null, text: t("too-few", { n: count(score.n) }) };
  return { ...onScale(score, value, measures.question ?? ""), isFirm: score.n >= FIRM };
}

/** Two bounds in little room: no decimals where they say nothing. */
function narrow(low: number, high: number): string {
  const digits = high >= 10 ? 0 : 1;
  return `${decimal(low, digits)}–${decimal(high, digits)}`;
}

/** The worst standard's share of failures, as the drawings of the program tell it. */
export function defectsOf(measures: Measures, id: string): Drawn {
  const [worst] = measures.standards(id);
  if (!worst) return { value: null, text: `– ${t("verdict-none")}` };
  const { share, low, high, n } = failed(worst.kept_share);
  if (share === null) return { value: null, text: t("n", { n: count(n) }) };
  const isBad = worst.verdict === "defective";
  return {
    value: share,
    low,
    high,
    isFirm: n >= FIRM,
    mark: 1 - worst.promise + worst.tolerance,
    tone: isBad ? "bad" : "plain",
    text: percent(share),
    interval: low !== null && high !== null ? narrow(low * 100, high * 100) : "",
    title: `${worst.text}: ${percent(share)} ${between(low, high, percent)}, ${t("n", { n: count(n) })}`,
  };
}

export function beliefOf(measures: Measures, id: string): Drawn {
  const gaps = Object.entries(measures.touchpoint(id)?.belief_gap ?? {});
  const widest = gaps.toSorted(([, a], [, b]) => Math.abs(b.gap) - Math.abs(a.gap))[0];
  if (!widest) return { value: null, text: "–" };
  const [question, { belief, by, present, gap, n }] = widest;
  const score = measures.touchpoint(id)?.scores[question];
  const [bottom, top] = score ? scaleOf(score, question) : [1, 5];
  const place = (value: number) => (value - bottom) / (top - bottom);
  return {
    value: place(present),
    low: Math.min(place(present), place(belief)),
    high: Math.max(place(present), place(belief)),
    mark: place(belief),
    isFirm: n >= FIRM,
    tone: "plain",
    text: t("gap", { gap: signed(-gap, 1) }),
    interval: question,
    title: `${t("belief-gap", { present: decimal(present), who: by ?? "", belief: decimal(belief) })}, ${t("n", { n: count(n) })}`,
  };
}

export function verdictsOf(measures: Measures, id: string): { verdict: Verdict; count: number }[] {
  const standards = measures.standards(id);
  const order: Verdict[] = ["defective", "not_proven", "meets"];
  return order
    .map((verdict) => ({ verdict, count: standards.filter((one) => one.verdict === verdict).length }))
    .filter((one) => one.count > 0);
}

function onScale(score: Score, value: number, question: string): Drawn {
  const [bottom, top] = scaleOf(score, question);
  const place = (one: number) => (one - bottom) / (top - bottom);
  const write = (one: number) => (question === "nps" ? signed(one) : decimal(one));
  return {
    value: place(value),
    low: score.low === null ? null : place(score.low),
    high: score.high === null ? null : place(score.high),
    middle: 0.5,
    tone: "plain",
    text: write(value),
    interval:
      score.low !== null && score.high !== null
        ? t("interval", { low: write(score.low), high: write(score.high) })
        : "",
    title: `${question.toUpperCase()} ${write(value)} ${between(score.low, score.high, write)}, ${t("n", { n: count(score.n) })}`,
  };
}

function between(low: number | null, high: number | null, write: (value: number) => string): string {
  return low === null || high === null ? "" : `[${t("interval", { low: write(low), high: write(high) })}]`;
}
