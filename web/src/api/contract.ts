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
  | { op: "card.del" | "card.restore"; id: string }
  | ({ op: "stage.add"; id: string; title: string; after: string | null } & Placed)
  | { op: "stage.set"; id: string; field: string; value: unknown }
  | ({ op: "stage.move"; id: string; after: string | null } & Placed)
  | { op: "stage.del" | "stage.restore"; id: string }
  | ({ op: "touchpoint.add"; id: string; stage: string; title: string; after: string | null } & Placed)
  | { op: "touchpoint.set"; id: string; field: string; value: unknown }
  | ({ op: "touchpoint.move"; id: string; stage: string; after: string | null } & Placed)
  | { op: "touchpoint.del" | "touchpoint.restore"; id: string }
  | ({ op: "lane.add"; id: string; title: string; kind: LaneKind; view: View; after: string | null } & Placed)
  | { op: "lane.set"; id: string; field: string; value: unknown }
  | ({ op: "lane.move"; id: string; after: string | null } & Placed)
  | { op: "lane.del" | "lane.restore"; id: string }
  | { op: "feel.set"; touchpoint: string; feels: Feels | null }
  | { op: "link.add" | "link.del"; card: string; link: Link }
  | { op: "meta.set"; field: string; value: unknown };

export interface Rejection {
  index: number;
  code: "invalid_input" | "not_found" | "conflict" | "forbidden" | "too_large" | "busy";
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

export interface JourneyHead {
  id: string;
  rev: number;
  status: "draft" | "in_review" | "published" | "superseded" | "retired";
  doc: MapDocument;
}

/** A line of the atlas. */
export interface JourneyLine {
  id: string;
  title: string;
  scope: "current" | "target";
  status: JourneyHead["status"];
  parent?: string | null;
  owner?: string | null;
  touchpoints: number;
  unowned: number;
  assumed_share: number | null;
  verdicts?: { meets: number; defective: number; not_proven: number; none: number } | null;
  updated_at: string;
}

export interface Person {
  id: string;
  name: string;
  cell?: string | null;
}

export interface Comment {
  id: string;
  anchor: string;
  author: string;
  at: string;
  text: string;
  parent?: string | null;
  resolved: boolean;
}

export interface Problem {
  code: string;
  message: string;
  at?: string;
  request_id?: string;
}

type Answer<T> = { content: { "application/json": T } };
type Answers<T> = { 200: Answer<T>; default: Answer<Problem> };
type Named = { path: { id: string } };
type Get<T, P = Named> = { get: { parameters: P; responses: Answers<T> } };
type Post<B, T, P = Named> = {
  post: { parameters: P; requestBody: { content: { "application/json": B } }; responses: Answers<T> };
};

export interface paths {
  "/api/v1/journeys": Get<{ journeys: JourneyLine[] }, { query?: { search?: string } }> &
    Post<{ title: string; id: string }, JourneyHead, Record<never, never>>;
  "/api/v1/journeys/{id}": Get<JourneyHead>;
  "/api/v1/journeys/{id}/ops": Post<Batch, Outcome>;
  "/api/v1/journeys/{id}/presence": Post<{ cell: string | null }, Record<string, never>>;
  "/api/v1/journeys/{id}/measures": Get<unknown>;
  "/api/v1/journeys/{id}/comments": Get<{ comments: Comment[] }> &
    Post<{ anchor: string; text: string; parent?: string }, Comment>;
  "/api/v1/journeys/{id}/comments/{comment}": {
    post: {
      parameters: { path: { id: string; comment: string } };
      requestBody: { content: { "application/json": { resolved: boolean } } };
      responses: Answers<Comment>;
    };
  };
}
