// What was measured, by touchpoint: read from the report as the program writes it.

export interface Share {
  k: number;
  n: number;
  share: number | null;
  low: number | null;
  high: number | null;
}

export interface Score {
  n: number;
  mean?: number | null;
  score?: number | null;
  low: number | null;
  high: number | null;
  scale?: [number, number] | null;
}

export interface MeasuredStandard {
  id: string;
  text: string;
  touchpoint?: string | null;
  rule: string;
  owner?: string | null;
  promise: number;
  tolerance: number;
  checks: number;
  kept: number;
  broken: number;
  pending: number;
  kept_share: Share;
  verdict: "meets" | "defective" | "not_proven";
  needed?: number | null;
}

export interface MeasuredTouchpoint {
  id: string;
  visits: number;
  reach: Share;
  wait_s: { n: number; median: number | null; p90: number | null };
  scores: Record<string, Score>;
  belief_gap: Record<string, { belief: number; by?: string | null; present: number; gap: number; n: number }>;
  target_gap: Record<string, { target: number; present: number; gap: number; n: number }>;
  importance?: { share: number | null; low: number | null; high: number | null; method: string } | null;
}

interface Report {
  as_of: string;
  period: { from: string; to: string };
  version?: string | null;
  touchpoints: MeasuredTouchpoint[];
  standards: MeasuredStandard[];
  variants?: { total: number; top: { path: string[]; count: number; share: number | null; fits: boolean | null }[] };
  deviations?: { back_and_forth: { between: string[]; count: number; instances: number }[] };
  findings?: { rank: number; kind: string; touchpoint?: string | null; sentence: string }[];
}

/** From this many on a number is firm; below it is an indication, below the second it is not told. */
export const FIRM = 30;
export const TOLD = 5;

const SCORES = ["nps", "csat", "ces"];
const FEELINGS = ["csat", "nps"];

export interface Felt {
  valence: number;
  low: number | null;
  high: number | null;
  n: number;
}

export class Measures {
  readonly asOf: string;
  readonly question: string | null;
  readonly report: Report;
  #touchpoints: Map<string, MeasuredTouchpoint>;
  #standards = new Map<string, MeasuredStandard[]>();
  #feeling: string | null;

  constructor(report: Report) {
    this.report = report;
    this.asOf = report.as_of;
    this.#touchpoints = new Map(report.touchpoints.map((one) => [one.id, one]));
    this.question = this.#leading(SCORES);
    this.#feeling = this.#leading(FEELINGS);
    for (const standard of report.standards.toSorted(worstFirst)) {
      const id = standard.touchpoint ?? "";
      this.#standards.set(id, [...(this.#standards.get(id) ?? []), standard]);
    }
  }

  touchpoint(id: string): MeasuredTouchpoint | undefined {
    return this.#touchpoints.get(id);
  }

  /** The standards of a touchpoint, the worst first. */
  standards(id: string): MeasuredStandard[] {
    return this.#standards.get(id) ?? [];
  }

  score(id: string): Score | null {
    return (this.question && this.#touchpoints.get(id)?.scores[this.question]) || null;
  }

  /** Answers on their scale, stretched onto −2 to +2. */
  felt(id: string): Felt | null {
    const score = this.#feeling ? this.#touchpoints.get(id)?.scores[this.#feeling] : undefined;
    const value = score ? scoreValue(score) : null;
    if (!score || value === null || score.n < TOLD) return null;
    const [bottom, top] = scaleOf(score, this.#feeling ?? "");
    const stretch = (one: number) => Math.max(-2, Math.min(2, ((one - (bottom + top) / 2) / (top - bottom)) * 4));
    return {
      valence: stretch(value),
      low: score.low === null ? null : stretch(score.low),
      high: score.high === null ? null : stretch(score.high),
      n: score.n,
    };
  }

  get mostVisits(): number {
    return Math.max(1, ...this.report.touchpoints.map((one) => one.visits));
  }

  /** The question that most touchpoints have answers to; the earlier one where two are even. */
  #leading(among: string[]): string | null {
    const answered = (question: string) =>
      this.report.touchpoints.filter((one) => (one.scores[question]?.n ?? 0) >= TOLD).length;
    const most = Math.max(...among.map(answered));
    return most > 0 ? (among.find((question) => answered(question) === most) ?? null) : null;
  }
}

export function scoreValue(score: Score): number | null {
  return score.score ?? score.mean ?? null;
}

export function scaleOf(score: Score, question: string): [number, number] {
  return score.scale ?? (question === "nps" ? [-100, 100] : [1, 5]);
}

/** What failed, from what was kept. */
export function failed(share: Share): Share {
  const turn = (value: number | null) => (value === null ? null : 1 - value);
  return { k: share.n - share.k, n: share.n, share: turn(share.share), low: turn(share.high), high: turn(share.low) };
}

/** A step −3 to 3 of the sentiment scale, for a valence on −2 to 2. */
export function sentiment(valence: number): number {
  return Math.round(Math.max(-2, Math.min(2, valence)) * 1.5) || 0;
}

function worstFirst(a: MeasuredStandard, b: MeasuredStandard): number {
  const isDefective = (one: MeasuredStandard) => Number(one.verdict === "defective");
  return isDefective(b) - isDefective(a) || (failed(b.kept_share).share ?? -1) - (failed(a.kept_share).share ?? -1);
}
