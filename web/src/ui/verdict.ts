// The four things that can be said of a standard.
export type Verdict = "meets" | "defective" | "not_proven" | "none";

export const SIGNS: Record<Verdict, string> = { meets: "●", defective: "▲", not_proven: "◌", none: "–" };
