// The rows of the grid: what a view shows of the lanes, with the measures as rows of their own and the fixed lines.
import type { Lane } from "../api/shapes.ts";

export type MapView = "all" | "customer" | "company" | "blueprint" | "scorecard" | "gaps";
export const VIEWS: MapView[] = ["all", "customer", "company", "blueprint", "scorecard", "gaps"];

export type Measure = "reach" | "score" | "defects" | "wait" | "standards" | "belief";
export type SeparatorLine = "interaction" | "visibility" | "internal";

export interface GridRow {
  id: string;
  kind: "cards" | "feeling" | "channels" | "owner" | "measure";
  lane: Lane;
  measure?: Measure;
  /** The line that stands above this row. */
  line?: SeparatorLine;
}

const BLUEPRINT = ["does", "channels", "evidence", "frontstage", "technology", "backstage", "support", "systems"];
const SCORECARD = ["measures", "standards", "belief", "owner"];
const GAPS = ["feels", "expects", "standards", "belief"];

/** Where the three lines go: above the first of each group that is shown. */
const BELOW: [SeparatorLine, string[]][] = [
  ["interaction", ["evidence", "frontstage", "technology"]],
  ["visibility", ["backstage"]],
  ["internal", ["support", "systems"]],
];

/** What is measured, believed and owned stands on every map, after the feelings, whether or not it has lanes for it. */
const FIXED: Lane[] = [
  { id: "measures", title: "", kind: "measure", view: "both", on: true, order: "" },
  { id: "belief", title: "", kind: "measure", view: "both", on: true, order: "" },
  { id: "owner", title: "", kind: "structure", view: "company", on: true, order: "" },
];

export function rows(lanes: Lane[], view: MapView): GridRow[] {
  const shown = withFixed(lanes)
    .filter((lane) => isIn(lane, view))
    .flatMap(rowsOf);
  for (const [line, below] of BELOW) {
    const first = shown.find((row) => below.includes(row.lane.id));
    if (first) first.line = line;
  }
  return shown;
}

function withFixed(lanes: Lane[]): Lane[] {
  const missing = FIXED.filter((fixed) => !lanes.some((lane) => lane.id === fixed.id));
  const at = lanes.findIndex((lane) => lane.kind === "feeling") + 1 || lanes.length;
  return [...lanes.slice(0, at), ...missing, ...lanes.slice(at)];
}

function isIn(lane: Lane, view: MapView): boolean {
  if (view === "blueprint") return BLUEPRINT.includes(lane.id);
  if (view === "scorecard") return SCORECARD.includes(lane.id);
  if (view === "gaps") return GAPS.includes(lane.id);
  if (lane.id === "belief" && !lane.title) return false;
  return lane.on && (view === "all" || lane.view === view || lane.view === "both");
}

function rowsOf(lane: Lane): GridRow[] {
  if (lane.kind === "feeling") return [{ id: lane.id, kind: "feeling", lane }];
  if (lane.kind === "structure") return [{ id: lane.id, kind: lane.id === "owner" ? "owner" : "channels", lane }];
  if (lane.kind !== "measure") return [{ id: lane.id, kind: "cards", lane }];
  const measures: Measure[] =
    lane.id === "standards" ? ["standards"] : lane.id === "belief" ? ["belief"] : ["reach", "score", "defects", "wait"];
  return measures.map((measure) => ({ id: `${lane.id}.${measure}`, kind: "measure", lane, measure }));
}
