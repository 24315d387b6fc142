// What goes over the wire, by the names that the pages use. Most of it is the server's own description of itself; maps
// and operations, which that description leaves open, are written down here as docs/reference/map.schema.json and
// docs/reference/map-operation.schema.json have them.
import type { components } from "../../node_modules/.footpath/schema.d.ts";

type Schemas = components["schemas"];

export type Grade = "measured" | "observed" | "told" | "staff" | "assumed";
export type View = "customer" | "company" | "both";
export type LaneKind = "text" | "tags" | "feeling" | "structure" | "measure";

export interface Link {
  kind: string;
  to: string;
  title?: string;
}

export interface Feels {
  label: string;
  valence: number;
  intensity?: number;
  grade?: Grade;
}

export interface Lane {
  id: string;
  title: string;
  kind: LaneKind;
  view: View;
  on: boolean;
  order: string;
}

export interface Stage {
  id: string;
  title: string;
  phase?: "before" | "during" | "after";
  owner?: string;
  goal?: string;
  order: string;
}

export interface Standard {
  id: string;
  text: string;
  promise?: number;
  owner?: string;
  [rule: string]: unknown;
}

export interface Touchpoint {
  id: string;
  stage: string;
  title: string;
  order: string;
  channels?: string[];
  initiator?: string;
  owner?: string;
  events?: unknown[];
  optional?: boolean;
  repeatable?: boolean;
  next?: string[];
  moment_of_truth?: boolean;
  feels?: Feels;
  importance?: { customer?: number; company?: number };
  belief?: Record<string, unknown>;
  targets?: Record<string, number>;
  standards?: Standard[];
}

export interface Card {
  id: string;
  touchpoint: string;
  lane: string;
  order: string;
  text: string;
  text_rev: number;
  grade?: Grade;
  owner?: string;
  links?: Link[];
}

export interface MapDocument {
  id: string;
  title: string;
  scope: "current" | "target";
  settings: Record<string, unknown>;
  lanes: Lane[];
  stages: Stage[];
  touchpoints: Touchpoint[];
  cards: Card[];
}

/** As the server applied it, an operation that places something carries the place. */
interface Placed {
  order?: string;
}

/** What came back into sight, as the server says it of an operation that restores. */
export interface Restored {
  lanes?: Lane[];
  stages?: Stage[];
  touchpoints?: Touchpoint[];
  cards?: Card[];
}

export type Op =
  | ({
      op: "card.add";
      id: string;
      touchpoint: string;
      lane: string;
      after: string | null;
      text: string;
      grade?: Grade;
    } & Placed)
  | { op: "card.set"; id: string; text_rev?: number; text?: string; grade?: Grade | null; owner?: string | null }
  | ({ op: "card.move"; id: string; touchpoint: string; lane: string; after: string | null } & Placed)
  | { op: "card.del"; id: string }
  | { op: "card.restore"; id: string; restored?: Restored }
  | ({ op: "stage.add"; id: string; title: string; after: string | null } & Placed)
  | { op: "stage.set"; id: string; field: string; value: unknown }
  | ({ op: "stage.move"; id: string; after: string | null } & Placed)
  | { op: "stage.del"; id: string }
  | { op: "stage.restore"; id: string; restored?: Restored }
  | ({ op: "touchpoint.add"; id: string; stage: string; title: string; after: string | null } & Placed)
  | { op: "touchpoint.set"; id: string; field: string; value: unknown }
  | ({ op: "touchpoint.move"; id: string; stage: string; after: string | null } & Placed)
  | { op: "touchpoint.del"; id: string }
  | { op: "touchpoint.restore"; id: string; restored?: Restored }
  | ({ op: "lane.add"; id: string; title: string; kind: LaneKind; view: View; after: string | null } & Placed)
  | { op: "lane.set"; id: string; field: string; value: unknown }
  | ({ op: "lane.move"; id: string; after: string | null } & Placed)
  | { op: "lane.del"; id: string }
  | { op: "lane.restore"; id: string; restored?: Restored }
  | { op: "feel.set"; touchpoint: string; feels: Feels | null }
  | { op: "link.add"; card: string; link: Link; at?: number }
  | { op: "link.del"; card: string; link: Link }
  | { op: "meta.set"; field: string; value: unknown };

export interface Rejection {
  index: number;
  code: "invalid_input" | "not_found" | "conflict" | "too_large";
  message: string;
  current?: Card | { deleted: true };
}

export interface Batch {
  batch: string;
  base_rev: number;
  ops: Op[];
}

export interface Outcome {
  rev: number;
  applied: { index: number; op: Op }[];
  rejected: Rejection[];
}

export type Health = Schemas["Health"];

/** A journey in a list. */
export type JourneyLine = Omit<Schemas["Journey"], "scope"> & { scope: "current" | "target" };

/** A journey with its map. */
export type JourneyHead = JourneyLine & { doc: MapDocument };

export interface Person {
  id: string;
  name: string;
  cell?: string | null;
}

export type About = Schemas["About"];
export type Comment = Schemas["Comment"];
export type Problem = Schemas["Told"];
export type Me = Schemas["Me"];
export type Version = Schemas["Version"];
/** Drawings of one kind, each with what it shows. */
export type ChartKind = Schemas["Kind"];

/** Something that stands between a draft and its publication, or should be looked at before. */
export interface Remark {
  rule: string;
  about: string;
  message: string;
  suggestion: string;
}

export interface Readiness {
  problems: Remark[];
  warnings: Remark[];
  may_publish: boolean;
  assumed_share?: number | null;
}

/** Something that differs between two states of a map. */
export interface Difference {
  kind: "added" | "removed" | "changed" | "moved";
  noun: string;
  id: string;
  title?: string;
  within?: string;
  fields?: { field: string; old?: unknown; new?: unknown }[];
}

export interface Comparison {
  diff: { changes: Difference[] };
  text: string;
}

export interface Page<T> {
  items: T[];
  next?: string | null;
}

/** A drawing's numbers. */
export interface DrawnTable {
  caption: string;
  columns: { name: string; numeric: boolean }[];
  rows: (string | null | { text: string })[][];
}
