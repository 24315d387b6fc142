// Does what a key asks for at the cursor: on a card, an empty cell, a feeling, or the head of a touchpoint, stage or lane.
import type { Card } from "../api/shapes.ts";
import { preferences } from "../preferences.svelte.ts";
import { CARDS, type CopiedCell, fromTsv, type GridShape, plan, toTsv } from "./clipboard.ts";
import { type Editor, OVERLAYS } from "./editor.svelte.ts";
import { command, type KeyCommand } from "./keymap.ts";
import { showComments } from "./menus.ts";
import * as parts from "./parts.ts";

/** A key in the grid; gives whether it meant something. */
export function press(editor: Editor, event: KeyboardEvent): boolean {
  const pressed = { key: event.key, ctrl: event.ctrlKey || event.metaKey, shift: event.shiftKey, alt: event.altKey };
  const meant = command(pressed, preferences().shortcuts, document.documentElement.dir === "rtl");
  const { cursor } = editor;
  if (!meant || !cursor) return false;
  if (meant.do === "go") cursor.go(meant.to);
  else if (meant.do === "extend") cursor.extend(meant.to);
  else if (meant.do === "undo") editor.undo();
  else if (meant.do === "redo") editor.redo();
  else if (meant.do === "clear") cursor.clear();
  else if (meant.do === "hide-panel") editor.panel = !editor.panel;
  else if (meant.do === "colour") colour(editor, meant.off);
  else if (meant.do === "panel") {
    editor.panel = true;
    editor.focusPanel("button, input, textarea");
  } else if (meant.do === "comment") showComments(editor);
  else return onCell(editor, meant);
  return true;
}

function onCell(editor: Editor, meant: KeyCommand): boolean {
  const data = editor.cursor?.cell?.dataset ?? {};
  if (meant.do === "menu") {
    const cell = editor.cursor?.cell;
    if (cell) editor.openMenu(cell, cell);
    return cell !== undefined;
  }
  if (data.kind === "cards" && data.touchpoint && data.lane) {
    return onCards(editor, meant, data.touchpoint, data.lane);
  }
  if (data.kind === "feeling" && data.touchpoint) return meant.do === "edit" && editor.focusFeeling(data.touchpoint);
  return onHead(editor, meant, data);
}

function onCards(editor: Editor, meant: KeyCommand, touchpoint: string, lane: string): boolean {
  const card = editor.current;
  const chosen = editor.chosen;
  if (meant.do === "type") editor.edit(touchpoint, lane, null, meant.text);
  else if (meant.do === "add") editor.edit(touchpoint, lane, null);
  else if (meant.do === "edit") editor.edit(touchpoint, lane, card);
  else if (meant.do === "copy" || meant.do === "cut")
    return false; // The browser's own events follow.
  else if (!card && chosen.length === 0) return false;
  else if (meant.do === "delete") editor.remove(chosen);
  else if (!card) return false;
  else if (meant.do === "shift") editor.shift(card, meant.to);
  else if (meant.do === "shift-lane") editor.shiftLane(card, meant.to);
  else if (meant.do === "duplicate") editor.duplicate(card);
  else if (meant.do === "move-to") editor.asking = { what: "move", card };
  else if (meant.do === "link") editor.asking = { what: "link", card };
  else return false;
  return true;
}

/** Heads are named, moved, added to and deleted with the same keys as cards. */
function onHead(editor: Editor, meant: KeyCommand, data: DOMStringMap): boolean {
  const { board } = editor;
  const by = meant.do === "shift" && (meant.to === "left" || meant.to === "up") ? -1 : 1;
  const isAcross = meant.do === "shift" && (meant.to === "left" || meant.to === "right");
  const isAlong = meant.do === "shift" && !isAcross;
  if (data.kind === "touchpoint") {
    const touchpoint = board.touchpoint(data.touchpoint ?? "");
    if (!touchpoint) return false;
    if (meant.do === "edit") parts.renameTouchpoint(editor, touchpoint);
    else if (isAcross) parts.moveTouchpoint(editor, touchpoint, by);
    else if (meant.do === "add") parts.addTouchpoint(editor, touchpoint.stage, touchpoint.id);
    else if (meant.do === "delete") parts.removePart(editor, "touchpoint", touchpoint);
    else return false;
  } else if (data.kind === "stage") {
    const stage = board.columns.find((column) => column.stage.id === data.stage)?.stage;
    if (!stage) return false;
    if (meant.do === "edit") parts.renameStage(editor, stage);
    else if (isAcross) parts.moveStage(editor, stage, by);
    else if (meant.do === "add") parts.addStage(editor, stage.id);
    else if (meant.do === "delete") parts.removePart(editor, "stage", stage);
    else return false;
  } else if (data.kind === "lane") {
    const lane = board.lane(data.lane ?? "");
    if (!lane) return false;
    if (meant.do === "edit") parts.renameLane(editor, lane);
    else if (isAlong) parts.moveLane(editor, lane, by);
    else if (meant.do === "add") parts.addLane(editor, lane.id);
    else if (meant.do === "delete") parts.removePart(editor, "lane", lane);
    else return false;
  } else return false;
  return true;
}

function colour(editor: Editor, off: boolean): void {
  const next = OVERLAYS[(OVERLAYS.indexOf(editor.overlay) + 1) % OVERLAYS.length];
  editor.overlay = off ? "none" : (next ?? "none");
}

/** Copies the selection, as cards and as a table. */
export function copy(editor: Editor, event: ClipboardEvent, cuts: boolean): void {
  const cells = copied(editor);
  if (cells.length === 0) return;
  event.preventDefault();
  event.clipboardData?.setData("text/plain", toTsv(cells));
  event.clipboardData?.setData(CARDS, JSON.stringify(cells));
  if (cuts) editor.remove(editor.chosen);
}

/** Pastes cards as they were copied, one text as one card, and a table after a look at what it becomes. */
export function paste(editor: Editor, data: DataTransfer): boolean {
  const { dataset } = editor.cursor?.cell ?? {};
  const { touchpoint, lane } = dataset ?? {};
  const text = data.getData("text/plain");
  if (!touchpoint || !lane || dataset?.kind !== "cards" || !text.trim()) return false;
  const table = fromTsv(text);
  const isOne = table.length === 1 && table[0]?.length === 1;
  if (isOne) {
    const after = editor.board.cell(touchpoint, lane).cards.at(-1)?.id ?? null;
    const lines = text.trim().split(/\n+/);
    if (lines.length > 1) editor.asking = { what: "many", lines, touchpoint, lane, after };
    else editor.add(touchpoint, lane, after, lines);
    return true;
  }
  const isTable = text.includes("\t");
  if (!isTable) {
    const lines = text
      .split("\n")
      .map((line) => line.trim())
      .filter(Boolean);
    const after = editor.board.cell(touchpoint, lane).cards.at(-1)?.id ?? null;
    editor.asking = { what: "many", lines, touchpoint, lane, after };
    return true;
  }
  editor.asking = { what: "paste", plan: plan(table, shape(editor), { touchpoint, lane }) };
  return true;
}

export function shape(editor: Editor): GridShape {
  const touchpoints = editor.board.columns.flatMap((column) => column.touchpoints);
  const lanes = editor.rows.map(({ lane, kind }) => ({ id: lane.id, title: lane.title, takes: kind === "cards" }));
  return { touchpoints: touchpoints.map(({ id, title }) => ({ id, title })), lanes };
}

function copied(editor: Editor): CopiedCell[] {
  const cells = (editor.cursor?.cells ?? []).filter((cell) => cell.dataset.kind === "cards");
  const isRange = editor.cursor?.isRange ?? false;
  const top = Math.min(...cells.map((cell) => Number(cell.dataset.row)));
  const left = Math.min(...cells.map((cell) => Number(cell.dataset.column)));
  return cells.flatMap((cell) => {
    const { touchpoint = "", lane = "", row, column } = cell.dataset;
    const here: Card[] = isRange ? editor.board.cell(touchpoint, lane).cards : editor.current ? [editor.current] : [];
    const cards = here.map(({ text, grade, owner }) => ({ text, ...(grade && { grade }), ...(owner && { owner }) }));
    return cards.length > 0 ? [{ row: Number(row) - top, column: Number(column) - left, cards }] : [];
  });
}
