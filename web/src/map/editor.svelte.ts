// What a person does to the map, and what is open while they do it.
import { tick } from "svelte";
import type { Card, Feels, Grade, Link, Op } from "../api/shapes.ts";
import { announce } from "../shell/announce.svelte.ts";
import type { Anchor, MenuEntry } from "../ui/menu.ts";
import { toast } from "../ui/toasts.svelte.ts";
import { t } from "../words/words.svelte.ts";
import type { Board } from "./board.svelte.ts";
import type { PastePlan } from "./clipboard.ts";
import { pasteOps } from "./clipboard.ts";
import type { Cursor } from "./cursor.ts";
import type { Direction } from "./keymap.ts";
import type { GridRow } from "./rows.ts";

export type Overlay = "none" | "verdict" | "score" | "volume";
export const OVERLAYS: Overlay[] = ["none", "verdict", "score", "volume"];

export type Asking =
  | { what: "move"; card: Card }
  | { what: "paste"; plan: PastePlan }
  | { what: "many"; lines: string[]; touchpoint: string; lane: string; after: string | null }
  | { what: "link"; card: Card }
  | { what: "name"; title: string; value: string; done: (name: string) => void };

export interface OpenMenu {
  anchor: Anchor;
  label: string;
  entries: MenuEntry[];
}

export class Editor {
  readonly board: Board;
  cursor: Cursor | null = null;
  rows: GridRow[] = [];
  asking = $state.raw<Asking | null>(null);
  menu = $state.raw<OpenMenu | null>(null);
  panel = $state(true);
  tab = $state("measures");
  overlay = $state<Overlay>("none");
  /** A feeling that follows the finger, before it is let go. */
  feeling = $state.raw<{ touchpoint: string; valence: number } | null>(null);

  /** The panel and the grid, to move the focus from one to the other. */
  panelElement: HTMLElement | null = null;
  /** Builds the menu of what was clicked; set by the grid, which knows what stands where. */
  openMenu: (cell: HTMLElement, anchor: Anchor) => void = () => {};

  constructor(board: Board) {
    this.board = board;
  }

  focusPanel(selector: string): void {
    void tick().then(() => {
      const all = [...(this.panelElement?.querySelectorAll<HTMLElement>(selector) ?? [])];
      (all.find((one) => one.checkVisibility()) ?? this.panelElement)?.focus();
    });
  }

  /** Into the feeling of a touchpoint, to change it by keys; one that has none gets a neutral one. */
  focusFeeling(touchpoint: string): boolean {
    if (!this.board.touchpoint(touchpoint)?.feels) this.feel(touchpoint, { valence: 0 });
    void tick().then(() => this.cursor?.cell?.querySelector<HTMLElement>("[role=slider]")?.focus());
    return true;
  }

  /** Touchpoints from left to right. */
  get touchpoints(): string[] {
    return this.board.columns.flatMap((column) => column.touchpoints.map((touchpoint) => touchpoint.id));
  }

  /** The card at the cursor. */
  get current(): Card | null {
    const { place } = this.board;
    return place?.card ? (this.board.card(place.card) ?? null) : null;
  }

  /** The cards of the selection, or the one at the cursor. */
  get chosen(): Card[] {
    if (!this.cursor?.isRange) return this.current ? [this.current] : [];
    return this.cursor.cells.flatMap((cell) => {
      const { touchpoint, lane } = cell.dataset;
      return touchpoint && lane ? this.board.cell(touchpoint, lane).cards : [];
    });
  }

  // --- Cards -------------------------------------------------------------------------------------------------------

  edit(touchpoint: string, lane: string, card: Card | null, text = card?.text ?? ""): void {
    const signal = this.board.cell(touchpoint, lane);
    const after = card ? null : (signal.cards.at(-1)?.id ?? null);
    signal.draft = { card: card?.id ?? null, after, text, rev: card?.text_rev ?? 1 };
    this.board.session.here(`${touchpoint}/${lane}`);
  }

  /** Ends writing: an empty text deletes, an unchanged one changes nothing. */
  commit(touchpoint: string, lane: string, text: string, next: Direction | null): void {
    const signal = this.board.cell(touchpoint, lane);
    const draft = signal.draft;
    if (!draft) return;
    signal.draft = null;
    this.board.session.here(null);
    const clean = text.trim();
    const card = draft.card ? this.board.card(draft.card) : undefined;
    const lines = clean.split(/\n+/).filter(Boolean);
    if (!draft.card && lines.length > 1) {
      this.asking = { what: "many", lines, touchpoint, lane, after: draft.after };
    } else if (!draft.card && clean) {
      this.add(touchpoint, lane, draft.after, [clean]);
    } else if (card && !clean) {
      this.remove([card]);
    } else if (card && clean !== card.text) {
      const op: Op = { op: "card.set", id: card.id, text: clean, text_rev: draft.rev };
      this.board.do(t("did-edit-card", { text: short(clean) }), [op]);
    }
    void this.back(next);
  }

  cancel(touchpoint: string, lane: string): void {
    this.board.cell(touchpoint, lane).draft = null;
    this.board.session.here(null);
    void this.back(null);
  }

  add(touchpoint: string, lane: string, after: string | null, texts: string[]): void {
    const ops = pasteOps([{ touchpoint, lane, texts }], () => after, uuid);
    this.board.do(t("did-add-card", { text: short(texts[0] ?? "") }), ops);
  }

  remove(cards: Card[]): void {
    const [first] = cards;
    if (!first) return;
    const name =
      cards.length === 1
        ? t("did-delete-card", { text: short(first.text) })
        : t("did-delete-cards", { count: cards.length });
    this.board.do(
      name,
      cards.map((card) => ({ op: "card.del", id: card.id })),
    );
    this.#undoToast(cards.length === 1 ? short(first.text) : t("cell-cards", { count: cards.length }));
    void this.back(null);
  }

  duplicate(card: Card): void {
    const { touchpoint, lane, text, grade } = card;
    const op: Op = { op: "card.add", id: uuid(), touchpoint, lane, after: card.id, text, ...(grade ? { grade } : {}) };
    this.board.do(t("did-duplicate", { text: short(text) }), [op]);
  }

  grade(card: Card, grade: Grade | null): void {
    this.board.do(t("did-grade", { text: short(card.text) }), [{ op: "card.set", id: card.id, grade }]);
  }

  own(card: Card, owner: string | null): void {
    this.board.do(t("did-owner"), [{ op: "card.set", id: card.id, owner }]);
  }

  link(card: Card, link: Link): void {
    this.board.do(t("did-link"), [{ op: "link.add", card: card.id, link }]);
  }

  unlink(card: Card, link: Link): void {
    this.board.do(t("did-link"), [{ op: "link.del", card: card.id, link }]);
  }

  // --- Moving ------------------------------------------------------------------------------------------------------

  /** Moves a card to a place; a lane of another kind says why it does not take it. */
  move(card: Card, touchpoint: string, lane: string, after: string | null): boolean {
    const [from, to] = [this.board.lane(card.lane), this.board.lane(lane)];
    if (!from || !to || from.kind !== to.kind) {
      announce(t("other-kind", { from: from?.title ?? "", to: to?.title ?? "" }));
      return false;
    }
    this.board.do(t("did-move-card", { text: short(card.text) }), [
      { op: "card.move", id: card.id, touchpoint, lane, after },
    ]);
    const cards = this.board.cell(touchpoint, lane).cards;
    const position = cards.findIndex((one) => one.id === card.id) + 1;
    announce(t("moved-toast", { touchpoint: this.board.touchpoint(touchpoint)?.title ?? "", position }));
    void this.#focusCard(touchpoint, lane, card.id);
    return true;
  }

  /** Within the cell, or to the touchpoint before or after. */
  shift(card: Card, to: Direction): void {
    if (to === "left" || to === "right") {
      const all = this.touchpoints;
      const next = all[all.indexOf(card.touchpoint) + (to === "left" ? -1 : 1)];
      if (!next) return announce(t("no-further"));
      this.move(card, next, card.lane, this.board.cell(next, card.lane).cards.at(-1)?.id ?? null);
      return;
    }
    const cards = this.board.cell(card.touchpoint, card.lane).cards;
    const at = cards.findIndex((one) => one.id === card.id);
    const isPossible = to === "up" ? at > 0 : at < cards.length - 1;
    if (!isPossible) return announce(t("no-further"));
    const after = to === "up" ? (cards[at - 2]?.id ?? null) : (cards[at + 1]?.id ?? null);
    this.move(card, card.touchpoint, card.lane, after);
  }

  /** To the next lane of the same kind that is shown. */
  shiftLane(card: Card, to: Direction): void {
    if (to === "left" || to === "right") return this.shift(card, to);
    const kind = this.board.lane(card.lane)?.kind;
    const lanes = this.rows.filter((row) => row.kind === "cards" && row.lane.kind === kind).map((row) => row.lane.id);
    const next = lanes[lanes.indexOf(card.lane) + (to === "up" ? -1 : 1)];
    if (!next) return announce(t("no-further"));
    this.move(card, card.touchpoint, next, this.board.cell(card.touchpoint, next).cards.at(-1)?.id ?? null);
  }

  // --- Feelings ----------------------------------------------------------------------------------------------------

  feel(touchpoint: string, change: Partial<Feels>): void {
    const node = this.board.touchpoint(touchpoint);
    if (!node) return;
    const before = node.feels;
    const valence = Math.max(-2, Math.min(2, Math.round((change.valence ?? before?.valence ?? 0) * 4) / 4));
    if (before && before.valence === valence && change.label === undefined && change.grade === undefined) return;
    const label = change.label ?? before?.label ?? t(`feel-${Math.round(valence) as -2 | -1 | 0 | 1 | 2}`);
    const feels: Feels = { ...(before ?? { grade: "assumed" }), ...change, valence, label };
    this.board.do(t("did-feel", { touchpoint: node.title }), [{ op: "feel.set", touchpoint, feels }]);
  }

  // --- Undoing -----------------------------------------------------------------------------------------------------

  undo(anyway = false): void {
    const name = this.board.undoName;
    const overtaken = this.board.session.undo(anyway);
    if (overtaken) {
      const { step, actor } = overtaken;
      toast(
        t("overtaken", { actor: actor || t("somebody"), name: step.name }),
        [
          { name: t("undo-anyway"), do: () => this.undo(true) },
          { name: t("keep-theirs"), do: () => this.board.session.keepTheirs(step) },
        ],
        true,
      );
      return;
    }
    if (name) announce(t("undone", { name }));
    void this.back(null);
  }

  redo(): void {
    const name = this.board.redoName;
    this.board.session.redo();
    if (name) announce(t("redone", { name }));
    void this.back(null);
  }

  /** Says what was deleted and takes it back on demand. */
  #undoToast(title: string): void {
    toast(t("deleted-toast", { title }), [{ name: t("undo"), do: () => this.undo() }]);
  }

  deleted(title: string): void {
    this.#undoToast(title);
    void this.back(null);
  }

  /** Focus goes back to the grid once it is drawn, one cell on where that was asked for. */
  async back(next: Direction | null): Promise<void> {
    await tick();
    const { cursor } = this;
    if (!cursor) return;
    if (!cursor.focus({ ...cursor.at, card: 0 })) cursor.settle();
    if (next) cursor.go(next);
  }

  async #focusCard(touchpoint: string, lane: string, card: string): Promise<void> {
    await tick();
    const row = this.rows.find((one) => one.lane.id === lane);
    const position = row && this.cursor?.find(touchpoint, lane);
    if (!position) return;
    const at = this.board.cell(touchpoint, lane).cards.findIndex((one) => one.id === card);
    this.cursor?.focus({ ...position, card: Math.max(0, at) });
  }
}

export function short(text: string): string {
  const line = text.split("\n")[0] ?? "";
  return line.length > 32 ? `${line.slice(0, 31)}…` : line;
}

export function uuid(): string {
  return crypto.randomUUID();
}
