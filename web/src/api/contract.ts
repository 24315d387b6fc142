// The shapes that pages and server agree on, by hand until the server's own description of itself is here to generate
// them from. `paths` has the form that openapi-fetch reads.

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

export interface Health {
  stages: number;
  touchpoints: number;
  cells: number;
  cards: number;
  assumed: number;
  /** What stands in the way of publishing, and what does not but should be looked at. */
  problems: number;
  warnings: number;
}

/** A journey in a list. */
export interface JourneyLine {
  id: string;
  name: string;
  title: string;
  scope: "current" | "target";
  owner?: string | null;
  parent?: string | null;
  target_of?: string | null;
  rev: number;
  status: "draft" | "published" | "retired";
  published?: number | null;
  has_draft: boolean;
  health: Health;
  created_at: string;
  changed_at: string;
}

/** A journey with its map. */
export type JourneyHead = JourneyLine & { doc: MapDocument };

export interface Person {
  id: string;
  name: string;
  cell?: string | null;
}

export interface About {
  kind: "map" | "stage" | "touchpoint" | "lane" | "cell" | "card" | "measure";
  /** Of a cell `touchpoint/lane`. */
  id?: string;
}

export interface Comment {
  id: string;
  thread?: string | null;
  about: About;
  text: string;
  author: string;
  created_at: string;
  edited_at?: string | null;
  resolved_at?: string | null;
}

export interface Problem {
  code: string;
  message: string;
  at?: string | null;
  request_id?: string;
}

export interface Page<T> {
  items: T[];
  next?: string | null;
}

/** Drawings of one kind, each with what it shows. */
export interface ChartKind {
  name: string;
  captions: string[];
}

/** A drawing's numbers. */
export interface DrawnTable {
  caption: string;
  columns: { name: string; numeric: boolean }[];
  rows: (string | null | { text: string })[][];
}

type Answer<T> = { content: { "application/json": T } };
type Answers<T> = { 200: Answer<T>; default: Answer<Problem> };
type Named = { path: { id: string } };
type Get<T, P = Named> = { get: { parameters: P; responses: Answers<T> } };
type Post<B, T, P = Named> = {
  post: { parameters: P; requestBody: { content: { "application/json": B } }; responses: Answers<T> };
};
type Paged = { query?: { after?: string } };

export interface paths {
  "/api/v1/journeys": Get<Page<JourneyLine>, { query?: { search?: string; after?: string } }> &
    Post<{ title: string }, JourneyHead, Record<never, never>>;
  "/api/v1/journeys/{id}": Get<JourneyHead>;
  "/api/v1/journeys/{id}/ops": Post<Batch, Outcome>;
  "/api/v1/journeys/{id}/presence": Post<{ cell: string | null }, Record<string, never>>;
  "/api/v1/journeys/{id}/measures": Get<unknown>;
  "/api/v1/journeys/{id}/charts": Get<{ charts: ChartKind[] }>;
  "/api/v1/journeys/{id}/charts/{name}": Get<
    DrawnTable,
    {
      path: { id: string; name: string };
      query?: { theme?: "page"; width?: number; number?: number; format?: "svg" | "table" };
    }
  >;
  "/api/v1/journeys/{id}/comments": Get<Page<Comment>, Named & Paged> &
    Post<{ about?: About; text: string; thread?: string }, Comment>;
  "/api/v1/journeys/{id}/comments/{comment}": {
    patch: {
      parameters: { path: { id: string; comment: string } };
      requestBody: { content: { "application/json": { resolved: boolean } } };
      responses: Answers<Comment>;
    };
  };
}
