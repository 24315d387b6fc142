// What takes an operation back: operations again, since undoing is something a person does, and others see it done.
import type { Op } from "../api/shapes.ts";
import { isSame } from "./apply.ts";
import { byOrder } from "./order.ts";
import { cell, columns, lanesOf, metaOf, type Tables } from "./tables.ts";

/** Asked before the operation is applied. */
export function inverse(all: Tables, op: Op): Op[] {
  const [noun, verb] = op.op.split(".") as [string, string];
  if (verb === "del" && noun !== "link") return [{ op: `${noun}.restore`, id: (op as { id: string }).id } as Op];
  if (verb === "restore" || (verb === "add" && noun !== "link")) {
    return [{ op: `${noun}.del`, id: (op as { id: string }).id } as Op];
  }
  switch (op.op) {
    case "link.add":
    case "link.del": {
      const links = all.cards.get(op.card)?.links ?? [];
      const at = links.findIndex((one) => isSame(one, op.link));
      const link = links[at];
      if (link) return [{ op: "link.add", card: op.card, link, at }];
      return op.op === "link.add" ? [{ op: "link.del", card: op.card, link: op.link }] : [];
    }
    case "feel.set":
      return [{ op: "feel.set", touchpoint: op.touchpoint, feels: all.touchpoints.get(op.touchpoint)?.feels ?? null }];
    case "meta.set":
      return [{ op: "meta.set", field: op.field, value: metaValue(all, op.field) }];
    case "card.set":
      return cardBack(all, op);
    default:
      return verb === "move" ? moveBack(all, op) : fieldBack(all, op);
  }
}

function cardBack(all: Tables, op: Extract<Op, { op: "card.set" }>): Op[] {
  const card = all.cards.get(op.id);
  if (!card) return [];
  const back: Extract<Op, { op: "card.set" }> = { op: "card.set", id: op.id };
  if (op.text !== undefined && op.text !== card.text) {
    back.text = card.text;
    back.text_rev = card.text_rev + 1;
  }
  if (op.grade !== undefined) back.grade = card.grade ?? null;
  if (op.owner !== undefined) back.owner = card.owner ?? null;
  return [back];
}

function moveBack(all: Tables, op: Op): Op[] {
  if (op.op === "card.move") {
    const card = all.cards.get(op.id);
    if (!card) return [];
    const { touchpoint, lane } = card;
    const after = before(cell(all, touchpoint, lane), op.id);
    return [{ op: "card.move", id: op.id, touchpoint, lane, after, order: card.order }];
  }
  if (op.op === "stage.move") {
    const stages = columns(all).map((column) => column.stage);
    return [{ op: "stage.move", id: op.id, after: before(stages, op.id) }];
  }
  if (op.op === "lane.move") return [{ op: "lane.move", id: op.id, after: before(lanesOf(all), op.id) }];
  if (op.op !== "touchpoint.move") return [];
  const touchpoint = all.touchpoints.get(op.id);
  if (!touchpoint) return [];
  const siblings = [...all.touchpoints.values()].filter((one) => !one.deleted && one.stage === touchpoint.stage);
  const after = before(siblings.sort(byOrder), op.id);
  return [{ op: "touchpoint.move", id: op.id, stage: touchpoint.stage, after }];
}

function fieldBack(all: Tables, op: Op): Op[] {
  if (!("field" in op) || !("id" in op)) return [];
  const table = `${op.op.split(".")[0]}s` as "stages" | "touchpoints" | "lanes";
  const old = all[table].get(op.id) as Record<string, unknown> | undefined;
  return old ? [{ op: op.op, id: op.id, field: op.field, value: old[op.field] ?? null } as Op] : [];
}

function metaValue(all: Tables, field: string): unknown {
  const meta = metaOf(all);
  if (field === "title" || field === "scope") return meta[field];
  return meta.settings[field] ?? null;
}

/** The id that stands before another in a list, or `null` for the first. */
function before(rows: { id: string }[], id: string): string | null {
  const at = rows.findIndex((row) => row.id === id);
  return rows[at - 1]?.id ?? null;
}

/** What an operation changes, in words that two operations on the same field share. */
export function fields(op: Op): string[] {
  const [noun, verb] = op.op.split(".") as [string, string];
  const id = "id" in op ? op.id : "card" in op ? op.card : "touchpoint" in op ? op.touchpoint : "";
  if (op.op === "card.set") {
    const named = (["text", "grade", "owner"] as const).filter((field) => op[field] !== undefined);
    return named.map((field) => `card:${id}:${field}`);
  }
  if ("field" in op) return [`${noun}:${id}:${op.field}`];
  if (verb === "move") return [`${noun}:${id}:place`];
  if (noun === "link") return [`card:${id}:links`];
  if (noun === "feel") return [`touchpoint:${id}:feels`];
  return [`${noun}:${id}:life`];
}
