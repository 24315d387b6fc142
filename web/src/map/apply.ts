// An operation done to the tables, with what it takes to undo it exactly.
//
// Undoing here restores rows as they were and is for rebasing: what is not yet acknowledged comes off, what others did
// goes on, and ours goes back on top. Undo by a person is another thing: a new operation, made in `inverse.ts`.
import type { Card, Link, Op } from "../api/shapes.ts";
import { between, byOrder } from "./order.ts";
import { cellKey, file, type Meta, metaOf, type Row, type Tables } from "./tables.ts";

type TableName = "meta" | "lanes" | "stages" | "touchpoints" | "cards";

interface Before {
  table: TableName;
  id: string;
  row: unknown;
}

export interface Change {
  before: Before[];
  /** What has to be drawn again: `cell:parking/does`, `touchpoint:parking`, `columns`, `lanes`, `meta`. */
  touched: Set<string>;
}

/** Why an operation does not fit the tables; the server would say the same. */
export class Misfit extends Error {}

export function apply(all: Tables, op: Op): Change {
  const change: Change = { before: [], touched: new Set() };
  const [noun] = op.op.split(".") as [string];
  if (noun === "card" || noun === "link") applyCard(all, op, change);
  else if (noun === "meta" || noun === "feel") applyField(all, op, change);
  else applyPart(all, op, change);
  return change;
}

export function rollBack(all: Tables, change: Change): void {
  for (const { table, id, row } of change.before.toReversed())
    put(all, table, id, row as Row<{ id: string }> | undefined);
}

function applyCard(all: Tables, op: Op, change: Change): void {
  switch (op.op) {
    case "card.add": {
      if (all.cards.has(op.id)) throw new Misfit(`card ${op.id} is there already`);
      const { id, touchpoint, lane, text } = place(all, op);
      const card: Card = { id, touchpoint, lane, text, text_rev: 1, order: orderOfCard(all, op) };
      if (op.grade) card.grade = op.grade;
      return write(all, change, "cards", card);
    }
    case "card.move": {
      const { touchpoint, lane } = place(all, op);
      const moved: Card = { ...row(all, "cards", op.id), touchpoint, lane, order: orderOfCard(all, op) };
      return write(all, change, "cards", moved);
    }
    case "card.set": {
      const card = { ...row(all, "cards", op.id) };
      if (op.text !== undefined && op.text !== card.text) {
        card.text = op.text;
        card.text_rev += 1;
      }
      if (op.grade !== undefined) assign(card, "grade", op.grade);
      if (op.owner !== undefined) assign(card, "owner", op.owner);
      return write(all, change, "cards", card);
    }
    case "card.del":
    case "card.restore":
      return hide(all, change, "cards", op);
    case "link.add":
    case "link.del": {
      const card = row(all, "cards", op.card);
      const links = [...(card.links ?? [])];
      const at = links.findIndex((link) => isSame(link, op.link));
      if (op.op === "link.del") {
        if (at < 0) throw new Misfit(`card ${op.card} has no such link`);
        links.splice(at, 1);
      } else if (at >= 0) links[at] = op.link;
      else links.splice(op.at ?? links.length, 0, op.link);
      const changed = { ...card };
      assign(changed, "links", links.length > 0 ? links : null);
      return write(all, change, "cards", changed);
    }
  }
}

function applyField(all: Tables, op: Op, change: Change): void {
  if (op.op === "feel.set") {
    const touchpoint = { ...row(all, "touchpoints", op.touchpoint) };
    assign(touchpoint, "feels", op.feels);
    write(all, change, "touchpoints", touchpoint);
  } else if (op.op === "meta.set") {
    const meta: Meta = { ...metaOf(all) };
    if (op.field === "title") meta.title = String(op.value);
    else if (op.field === "scope") meta.scope = op.value === "target" ? "target" : "current";
    else {
      meta.settings = { ...meta.settings };
      assign(meta.settings, op.field, op.value);
    }
    change.before.push({ table: "meta", id: "meta", row: metaOf(all) });
    change.touched.add("meta");
    all.meta.set("meta", meta);
  }
}

type PartOp = Extract<Op, { op: `${"stage" | "touchpoint" | "lane"}.${string}` }>;

function applyPart(all: Tables, op: Op, change: Change): void {
  const part = op as PartOp;
  const [noun, verb] = part.op.split(".") as ["stage" | "touchpoint" | "lane", string];
  const table = `${noun}s` as "stages" | "touchpoints" | "lanes";
  if (verb === "add") {
    if (all[table].has(part.id)) throw new Misfit(`${noun} ${part.id} is there already`);
    return write(all, change, table, added(all, table, part));
  }
  if (part.op.endsWith(".del") || part.op.endsWith(".restore")) return hide(all, change, table, part as Hiding);
  const old = row(all, table, part.id);
  if (part.op === "touchpoint.move") {
    row(all, "stages", part.stage);
    const moved = { ...old, stage: part.stage, order: orderIn(all, table, part) };
    write(all, change, table, moved);
  } else if (verb === "move") {
    const moved = { ...old, order: orderIn(all, table, part) };
    write(all, change, table, moved);
  } else if ("field" in part) {
    const changed: Record<string, unknown> & { id: string } = { ...old };
    assign(changed, part.field, part.value);
    write(all, change, table, changed);
  }
}

type Hiding = Extract<Op, { op: `${string}.del` | `${string}.restore`; id: string }>;

/** Hides a row, or brings it back; what was deleted before this map was opened comes with the operation. */
function hide(all: Tables, change: Change, table: Exclude<TableName, "meta">, op: Hiding): void {
  if ("restored" in op && op.restored) {
    for (const name of ["lanes", "stages", "touchpoints", "cards"] as const) {
      for (const back of op.restored[name] ?? []) write(all, change, name, back);
    }
  }
  const isGone = op.op.endsWith(".del");
  write(all, change, table, mark(row(all, table, op.id, !isGone) as { id: string }, isGone));
}

function added(all: Tables, table: "stages" | "touchpoints" | "lanes", op: PartOp): { id: string } {
  const order = orderIn(all, table, op);
  if (op.op === "stage.add") return { id: op.id, title: op.title, order } as { id: string };
  if (op.op === "lane.add") {
    return { id: op.id, title: op.title, kind: op.kind, view: op.view, on: true, order } as { id: string };
  }
  if (op.op !== "touchpoint.add") throw new Misfit(`${op.op} adds nothing`);
  row(all, "stages", op.stage);
  return { id: op.id, stage: op.stage, title: op.title, order } as { id: string };
}

/** A card has one link of a kind to a place. */
export function isSame(a: Link, b: Link): boolean {
  return a.kind === b.kind && a.to === b.to;
}

/** The cell must be there: a card in a cell that is not would be seen by nobody. */
function place<T extends { touchpoint: string; lane: string }>(all: Tables, op: T): T {
  row(all, "touchpoints", op.touchpoint);
  row(all, "lanes", op.lane);
  return op;
}

interface Placing {
  id: string;
  after: string | null;
  order?: string;
}

function orderOfCard(all: Tables, op: Placing & { touchpoint: string; lane: string }): string {
  const ids = all.cells.get(cellKey(op.touchpoint, op.lane)) ?? [];
  return (
    op.order ??
    orderAmong(
      [...ids].flatMap((id) => all.cards.get(id) ?? []),
      op,
    )
  );
}

function orderIn(all: Tables, table: "stages" | "touchpoints" | "lanes", op: PartOp): string {
  const placing = op as unknown as Placing & { stage?: string };
  let rows: { id: string; order: string; stage?: string }[] = [...all[table].values()];
  if (table === "touchpoints") rows = rows.filter((other) => other.stage === placing.stage);
  return placing.order ?? orderAmong(rows, placing);
}

/** Deleted neighbours count, so that they come back where they were. */
function orderAmong(rows: { id: string; order: string }[], { id, after }: Placing): string {
  const others = rows.filter((other) => other.id !== id).sort(byOrder);
  const at = after === null ? -1 : others.findIndex((other) => other.id === after);
  const from = after !== null && at < 0 ? others.length - 1 : at;
  const low = others[from]?.order ?? null;
  const high = others.slice(from + 1).find((other) => low === null || other.order > low)?.order ?? null;
  return between(low, high);
}

function row<N extends "lanes" | "stages" | "touchpoints" | "cards">(
  all: Tables,
  table: N,
  id: string,
  evenDeleted = false,
): Tables[N] extends Map<string, infer R> ? R : never {
  const found = all[table].get(id);
  if (!found || (!evenDeleted && isHidden(all, found))) throw new Misfit(`${table.slice(0, -1)} ${id} is not there`);
  return found as Tables[N] extends Map<string, infer R> ? R : never;
}

/** Deleted, or in something that is: what cannot be seen is not edited. */
function isHidden(
  all: Tables,
  found: Row<{ id: string; stage?: string; touchpoint?: string; lane?: string }>,
): boolean {
  const { touchpoint, stage, lane } = found;
  if (found.deleted || (lane && all.lanes.get(lane)?.deleted)) return true;
  const parent = touchpoint ? all.touchpoints.get(touchpoint) : stage ? all.stages.get(stage) : undefined;
  return parent ? isHidden(all, parent) : false;
}

function mark<T extends { id: string }>(old: T, deleted: boolean): T {
  const { deleted: _, ...rest } = old as T & { deleted?: boolean };
  return (deleted ? { ...rest, deleted } : rest) as T;
}

function assign(target: object, field: string, value: unknown): void {
  const record = target as Record<string, unknown>;
  if (value === null || value === undefined) delete record[field];
  else record[field] = value;
}

function write(all: Tables, change: Change, table: Exclude<TableName, "meta">, next: { id: string }): void {
  const old = all[table].get(next.id);
  change.before.push({ table, id: next.id, row: old });
  for (const value of [old, next]) touch(change.touched, table, value);
  put(all, table, next.id, next);
}

function touch(touched: Set<string>, table: TableName, value: { id: string } | undefined): void {
  if (!value) return;
  if (table === "cards") {
    const card = value as Card;
    touched.add(`cell:${cellKey(card.touchpoint, card.lane)}`);
  } else if (table === "touchpoints") {
    touched.add(`touchpoint:${value.id}`).add("columns");
  } else {
    touched.add(table === "stages" ? "columns" : table);
  }
}

function put(all: Tables, table: TableName, id: string, next: { id: string } | undefined): void {
  if (table === "cards") file(all, next as Card | undefined, all.cards.get(id));
  const rows = all[table] as Map<string, unknown>;
  if (next) rows.set(id, next);
  else rows.delete(id);
}
