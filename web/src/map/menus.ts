// The menus of the map: what can be done to what is under the pointer or the cursor.
import type { Card, Grade, Lane, Stage, Touchpoint } from "../api/shapes.ts";
import type { MenuEntry } from "../ui/menu.ts";
import { t } from "../words/words.svelte.ts";
import type { Editor } from "./editor.svelte.ts";
import { GRADES } from "./grades.ts";
import {
  addLane,
  addStage,
  addTouchpoint,
  moveLane,
  moveStage,
  moveTouchpoint,
  removePart,
  renameLane,
  renameStage,
  renameTouchpoint,
  setLane,
} from "./parts.ts";

export function cardEntries(editor: Editor, card: Card, clipboard: MenuEntry[]): MenuEntry[] {
  return [
    { name: t("edit-card"), keys: "Enter", do: () => editor.edit(card.touchpoint, card.lane, card) },
    { name: t("duplicate"), keys: "D", do: () => editor.duplicate(card) },
    { name: t("move-to"), keys: "M", do: () => (editor.asking = { what: "move", card }) },
    { name: t("grade"), entries: gradeEntries(editor, card) },
    { name: t("link-evidence"), keys: "L", do: () => (editor.asking = { what: "link", card }) },
    "line",
    ...cellEntries(editor, card.touchpoint, card.lane, clipboard),
    "line",
    { name: t("delete-card"), keys: "Delete", danger: true, do: () => editor.remove([card]) },
  ];
}

export function cellEntries(editor: Editor, touchpoint: string, lane: string, clipboard: MenuEntry[]): MenuEntry[] {
  return [
    { name: t("add-card"), keys: "+", do: () => editor.edit(touchpoint, lane, null) },
    { name: t("comment"), keys: "C", do: () => showComments(editor) },
    ...clipboard,
  ];
}

export function touchpointEntries(editor: Editor, touchpoint: Touchpoint): MenuEntry[] {
  return [
    { name: t("rename"), keys: "F2", do: () => renameTouchpoint(editor, touchpoint) },
    { name: t("move-left"), keys: "Alt ←", do: () => moveTouchpoint(editor, touchpoint, -1) },
    { name: t("move-right"), keys: "Alt →", do: () => moveTouchpoint(editor, touchpoint, 1) },
    { name: t("add-touchpoint-after"), keys: "+", do: () => addTouchpoint(editor, touchpoint.stage, touchpoint.id) },
    { name: t("comment"), keys: "C", do: () => showComments(editor) },
    "line",
    { name: t("delete"), keys: "Delete", danger: true, do: () => removePart(editor, "touchpoint", touchpoint) },
  ];
}

export function stageEntries(editor: Editor, stage: Stage, last: string | null): MenuEntry[] {
  return [
    { name: t("rename"), keys: "F2", do: () => renameStage(editor, stage) },
    { name: t("add-touchpoint"), do: () => addTouchpoint(editor, stage.id, last) },
    { name: t("add-stage-after"), keys: "+", do: () => addStage(editor, stage.id) },
    { name: t("move-left"), keys: "Alt ←", do: () => moveStage(editor, stage, -1) },
    { name: t("move-right"), keys: "Alt →", do: () => moveStage(editor, stage, 1) },
    "line",
    { name: t("delete"), keys: "Delete", danger: true, do: () => removePart(editor, "stage", stage) },
  ];
}

export function laneEntries(editor: Editor, lane: Lane): MenuEntry[] {
  return [
    { name: t("rename"), keys: "F2", do: () => renameLane(editor, lane) },
    { name: t("move-up"), keys: "Alt ↑", do: () => moveLane(editor, lane, -1) },
    { name: t("move-down"), keys: "Alt ↓", do: () => moveLane(editor, lane, 1) },
    { name: t("hide-lane"), do: () => setLane(editor, lane, "on", false) },
    { name: t("add-lane"), keys: "+", do: () => addLane(editor, lane.id) },
    "line",
    { name: t("delete"), keys: "Delete", danger: true, do: () => removePart(editor, "lane", lane) },
  ];
}

export function showComments(editor: Editor): void {
  editor.panel = true;
  editor.tab = "comments";
  editor.focusPanel("textarea");
}

function gradeEntries(editor: Editor, card: Card): MenuEntry[] {
  const all: (Grade | null)[] = [...GRADES, null];
  return all.map((grade) => ({
    name: t(`grade-${grade ?? "none"}`),
    checked: (card.grade ?? null) === grade,
    do: () => editor.grade(card, grade),
  }));
}
