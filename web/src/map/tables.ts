// The map as tables by id, deleted rows included: what operations work on.
import type { Card, Lane, MapDocument, Stage, Touchpoint } from "../api/shapes.ts";
import { byOrder } from "./order.ts";

/** A row that is deleted is hidden, and can come back. */
export type Row<T> = T & { deleted?: boolean };

export interface Meta {
  id: string;
  title: string;
  scope: "current" | "target";
  settings: Record<string, unknown>;
}

export interface Tables {
  meta: Map<"meta", Meta>;
  lanes: Map<string, Row<Lane>>;
  stages: Map<string, Row<Stage>>;
  touchpoints: Map<string, Row<Touchpoint>>;
  cards: Map<string, Row<Card>>;
  /** Ids of cards by cell, so that a cell is found without looking at every card. */
  cells: Map<string, Set<string>>;
}

export function tables(document: MapDocument): Tables {
  const { lanes, stages, touchpoints, cards, ...meta } = document;
  const all: Tables = {
    meta: new Map([["meta", meta]]),
    lanes: byId(lanes),
    stages: byId(stages),
    touchpoints: byId(touchpoints),
    cards: byId(cards),
    cells: new Map(),
  };
  for (const card of cards) file(all, card);
  return all;
}

/** What can be seen of the tables. */
export function visible(all: Tables): MapDocument {
  const touchpoints = columns(all).flatMap((column) => column.touchpoints);
  const lanes = lanesOf(all);
  return {
    ...metaOf(all),
    lanes,
    stages: columns(all).map((column) => column.stage),
    touchpoints,
    cards: touchpoints.flatMap((touchpoint) => lanes.flatMap((lane) => cell(all, touchpoint.id, lane.id))),
  };
}

export function metaOf(all: Tables): Meta {
  return all.meta.get("meta") ?? { id: "", title: "", scope: "current", settings: {} };
}

export function lanesOf(all: Tables): Lane[] {
  return seen(all.lanes).sort(byOrder);
}

export interface Column {
  stage: Stage;
  touchpoints: Touchpoint[];
}

export function columns(all: Tables): Column[] {
  const touchpoints = seen(all.touchpoints).sort(byOrder);
  return seen(all.stages)
    .sort(byOrder)
    .map((stage) => ({ stage, touchpoints: touchpoints.filter((touchpoint) => touchpoint.stage === stage.id) }));
}

export function cellKey(touchpoint: string, lane: string): string {
  return `${touchpoint}/${lane}`;
}

export function cell(all: Tables, touchpoint: string, lane: string): Card[] {
  const cards: Card[] = [];
  for (const id of all.cells.get(cellKey(touchpoint, lane)) ?? []) {
    const card = all.cards.get(id);
    if (card && !card.deleted) cards.push(card);
  }
  return cards.sort(byOrder);
}

/** Puts a card into the index of cells; `before` is where it was. */
export function file(all: Tables, card: Card | undefined, before?: Card): void {
  if (before) all.cells.get(cellKey(before.touchpoint, before.lane))?.delete(before.id);
  if (!card) return;
  const key = cellKey(card.touchpoint, card.lane);
  const ids = all.cells.get(key);
  if (ids) ids.add(card.id);
  else all.cells.set(key, new Set([card.id]));
}

function byId<T extends { id: string }>(rows: T[]): Map<string, T> {
  return new Map(rows.map((row) => [row.id, row]));
}

function seen<T>(rows: Map<string, Row<T>>): T[] {
  return [...rows.values()].filter((row) => !row.deleted);
}
