// Stages, touchpoints and lanes: adding, naming, moving, deleting.
import type { Lane, Stage, Touchpoint } from "../api/shapes.ts";
import { t } from "../words/words.svelte.ts";
import { type Editor, short } from "./editor.svelte.ts";
import { slug } from "./slug.ts";

export function addStage(editor: Editor, after: string | null): void {
  ask(editor, t("new-stage"), "", (title) => {
    const { tables } = editor.board.session.document;
    const id = slug(title, tables.stages.keys(), "stage");
    editor.board.do(t("did-add-stage", { title }), [{ op: "stage.add", id, title, after }]);
  });
}

export function addTouchpoint(editor: Editor, stage: string, after: string | null): void {
  ask(editor, t("new-touchpoint"), "", (title) => {
    const { tables } = editor.board.session.document;
    const id = slug(title, tables.touchpoints.keys(), "touchpoint");
    editor.board.do(t("did-add-touchpoint", { title }), [{ op: "touchpoint.add", id, stage, title, after }]);
  });
}

export function addLane(editor: Editor, after: string | null): void {
  ask(editor, t("new-lane"), "", (title) => {
    const { tables } = editor.board.session.document;
    const id = slug(title, tables.lanes.keys(), "lane");
    editor.board.do(t("did-add-lane", { title }), [{ op: "lane.add", id, title, kind: "text", view: "both", after }]);
  });
}

export function renameStage(editor: Editor, stage: Stage): void {
  ask(editor, t("rename"), stage.title, (title) =>
    editor.board.do(t("did-rename", { title }), [{ op: "stage.set", id: stage.id, field: "title", value: title }]),
  );
}

export function renameTouchpoint(editor: Editor, touchpoint: Touchpoint): void {
  ask(editor, t("rename"), touchpoint.title, (title) => setTouchpoint(editor, touchpoint, "title", title));
}

export function renameLane(editor: Editor, lane: Lane): void {
  ask(editor, t("rename"), lane.title, (title) => setLane(editor, lane, "title", title));
}

export function renameMap(editor: Editor): void {
  ask(editor, t("rename"), editor.board.meta.title, (title) =>
    editor.board.do(t("did-rename", { title }), [{ op: "meta.set", field: "title", value: title }]),
  );
}

export function setTouchpoint(editor: Editor, touchpoint: Touchpoint, field: string, value: unknown): void {
  const name = field === "title" ? t("did-rename", { title: String(value) }) : t("did-owner");
  editor.board.do(name, [{ op: "touchpoint.set", id: touchpoint.id, field, value }]);
}

export function setLane(editor: Editor, lane: Lane, field: string, value: unknown): void {
  editor.board.do(t("did-lane", { title: lane.title }), [{ op: "lane.set", id: lane.id, field, value }]);
}

/** One place to the left or right; a touchpoint at the edge of its stage goes on into the next. */
export function moveTouchpoint(editor: Editor, touchpoint: Touchpoint, by: -1 | 1): void {
  const { columns } = editor.board;
  const at = columns.findIndex((column) => column.stage.id === touchpoint.stage);
  const siblings = columns[at]?.touchpoints ?? [];
  const place = siblings.findIndex((one) => one.id === touchpoint.id);
  const isWithin = place + by >= 0 && place + by < siblings.length;
  if (isWithin) {
    const after = by < 0 ? (siblings[place - 2]?.id ?? null) : (siblings[place + 1]?.id ?? null);
    placeTouchpoint(editor, touchpoint, touchpoint.stage, after);
    return;
  }
  const next = columns[at + by];
  if (next) placeTouchpoint(editor, touchpoint, next.stage.id, by < 0 ? (next.touchpoints.at(-1)?.id ?? null) : null);
}

export function placeTouchpoint(editor: Editor, touchpoint: Touchpoint, stage: string, after: string | null): void {
  const op = { op: "touchpoint.move" as const, id: touchpoint.id, stage, after };
  editor.board.do(t("did-move", { title: short(touchpoint.title) }), [op]);
}

export function moveStage(editor: Editor, stage: Stage, by: -1 | 1): void {
  const stages = editor.board.columns.map((column) => column.stage);
  const at = stages.findIndex((one) => one.id === stage.id);
  if (at + by < 0 || at + by >= stages.length) return;
  const after = by < 0 ? (stages[at - 2]?.id ?? null) : (stages[at + 1]?.id ?? null);
  placeStage(editor, stage, after);
}

export function placeStage(editor: Editor, stage: Stage, after: string | null): void {
  editor.board.do(t("did-move", { title: short(stage.title) }), [{ op: "stage.move", id: stage.id, after }]);
}

export function moveLane(editor: Editor, lane: Lane, by: -1 | 1): void {
  const lanes = editor.board.lanes;
  const at = lanes.findIndex((one) => one.id === lane.id);
  // Lanes that are hidden are stepped over, or the move would not be seen.
  let to = at + by;
  while (lanes[to] && !lanes[to]?.on) to += by;
  if (!lanes[to]) return;
  const after = by < 0 ? (lanes[to - 1]?.id ?? null) : (lanes[to]?.id ?? null);
  editor.board.do(t("did-lane", { title: lane.title }), [{ op: "lane.move", id: lane.id, after }]);
}

export function removePart(
  editor: Editor,
  noun: "stage" | "touchpoint" | "lane",
  part: { id: string; title: string },
): void {
  editor.board.do(t("did-delete", { title: short(part.title) }), [{ op: `${noun}.del`, id: part.id }]);
  editor.deleted(short(part.title));
}

function ask(editor: Editor, title: string, value: string, done: (name: string) => void): void {
  editor.asking = { what: "name", title, value, done };
}
