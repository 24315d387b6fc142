// Dragging by pointer: cards between cells, touchpoints and stages by their heads. Begins after 5 px with a mouse and
// after 220 ms of holding still with a finger; Escape ends it.
import { t } from "../words/words.svelte.ts";
import type { Editor } from "./editor.svelte.ts";
import { placeStage, placeTouchpoint } from "./parts.ts";

const SLOP = 5;
const HOLD_MS = 220;
const EDGE = 48;

interface Drop {
  element: HTMLElement;
  isRefused: boolean;
  do(): void;
}

/** Listens on the grid; gives what ends it. */
export function draggable(grid: HTMLElement, scroller: HTMLElement, editor: Editor): () => void {
  const down = (event: PointerEvent) => {
    const target = event.target as Element;
    if (event.button !== 0 || target.closest("textarea, a, button, [role=slider]")) return;
    const source = target.closest<HTMLElement>("[data-card], [data-kind=touchpoint], [data-kind=stage]");
    if (source) new Drag(grid, scroller, editor, { source, start: event }).begin();
  };
  grid.addEventListener("pointerdown", down);
  return () => grid.removeEventListener("pointerdown", down);
}

class Drag {
  #grid: HTMLElement;
  #scroller: HTMLElement;
  #editor: Editor;
  #source: HTMLElement;
  #start: PointerEvent;
  #stop = new AbortController();
  #ghost: HTMLElement | null = null;
  #bar: HTMLElement | null = null;
  #drop: Drop | null = null;
  #last: PointerEvent;
  #frame = 0;

  constructor(
    grid: HTMLElement,
    scroller: HTMLElement,
    editor: Editor,
    from: { source: HTMLElement; start: PointerEvent },
  ) {
    this.#grid = grid;
    this.#scroller = scroller;
    this.#editor = editor;
    this.#source = from.source;
    this.#start = from.start;
    this.#last = from.start;
  }

  begin(): void {
    const { signal } = this.#stop;
    const isTouch = this.#start.pointerType === "touch";
    const hold = isTouch ? setTimeout(() => this.#lift(), HOLD_MS) : 0;
    signal.addEventListener("abort", () => clearTimeout(hold));
    const move = (event: PointerEvent) => {
      const far = Math.hypot(event.clientX - this.#start.clientX, event.clientY - this.#start.clientY) > SLOP;
      this.#last = event;
      if (!this.#ghost && far) {
        // A finger that moves before it has held still wants to scroll.
        if (isTouch) return this.#end();
        this.#lift();
      }
      if (this.#ghost) this.#over();
    };
    window.addEventListener("pointermove", move, { signal });
    window.addEventListener("pointerup", () => this.#finish(), { signal });
    window.addEventListener("pointercancel", () => this.#end(), { signal });
    window.addEventListener(
      "keydown",
      (event) => {
        if (event.key !== "Escape" || !this.#ghost) return;
        event.preventDefault();
        event.stopPropagation();
        this.#end();
      },
      { signal, capture: true },
    );
    // Once lifted, a finger drags and does not scroll.
    window.addEventListener("touchmove", (event) => this.#ghost && event.preventDefault(), { signal, passive: false });
  }

  #lift(): void {
    this.#ghost = this.#source.cloneNode(true) as HTMLElement;
    const { width } = this.#source.getBoundingClientRect();
    this.#ghost.className += " fp-ghost";
    this.#ghost.removeAttribute("data-card");
    this.#ghost.setAttribute("aria-hidden", "true");
    this.#ghost.style.width = `${width}px`;
    document.body.append(this.#ghost);
    this.#bar = document.createElement("div");
    this.#bar.className = "fp-drop-bar";
    document.body.append(this.#bar);
    this.#grid.dataset.dragging = "";
    getSelection()?.removeAllRanges();
    this.#scroll();
    this.#over();
  }

  #over(): void {
    const { clientX: x, clientY: y } = this.#last;
    if (this.#ghost) this.#ghost.style.transform = `translate(${x + 8}px, ${y + 8}px)`;
    this.#mark(null);
    const under = document.elementFromPoint(x, y);
    const { kind, stage, touchpoint } = this.#source.dataset;
    const drop = this.#source.dataset.card
      ? this.#overCell(under, y)
      : kind === "stage"
        ? this.#overStage(under, x, stage ?? "")
        : this.#overTouchpoint(under, x, touchpoint ?? "");
    this.#mark(drop);
  }

  #overCell(under: Element | null, y: number): Drop | null {
    const cell = under?.closest<HTMLElement>("[data-kind=cards]");
    const card = this.#editor.board.card(this.#source.dataset.card ?? "");
    const { touchpoint, lane } = cell?.dataset ?? {};
    if (!cell || !card || !touchpoint || !lane) return null;
    const [from, to] = [this.#editor.board.lane(card.lane), this.#editor.board.lane(lane)];
    if (from?.kind !== to?.kind) {
      cell.dataset.refused = t("other-kind", { from: from?.title ?? "", to: to?.title ?? "" });
      return { element: cell, isRefused: true, do: () => {} };
    }
    const others = [...cell.querySelectorAll<HTMLElement>("[data-card]")].filter((one) => one.dataset.card !== card.id);
    const before = others.filter((one) => middle(one.getBoundingClientRect(), "y") < y).at(-1);
    this.#show(before ?? others[0] ?? cell, before ? "bottom" : "top");
    return {
      element: cell,
      isRefused: false,
      do: () => this.#editor.move(card, touchpoint, lane, before?.dataset.card ?? null),
    };
  }

  #overTouchpoint(under: Element | null, x: number, id: string): Drop | null {
    const touchpoint = this.#editor.board.touchpoint(id);
    const stageHead = under?.closest<HTMLElement>("[data-kind=stage]");
    if (!touchpoint) return null;
    if (stageHead?.dataset.stage) {
      const stage = stageHead.dataset.stage;
      const last =
        this.#editor.board.columns.find((column) => column.stage.id === stage)?.touchpoints.at(-1)?.id ?? null;
      return { element: stageHead, isRefused: false, do: () => placeTouchpoint(this.#editor, touchpoint, stage, last) };
    }
    const over = under?.closest<HTMLElement>("[data-touchpoint]")?.dataset.touchpoint;
    const head =
      over && this.#grid.querySelector<HTMLElement>(`[data-kind=touchpoint][data-touchpoint="${CSS.escape(over)}"]`);
    const target = over ? this.#editor.board.touchpoint(over) : undefined;
    if (!head || !target || target.id === id) return null;
    const isAfter = this.#isAfter(head, x);
    this.#show(head, isAfter ? "end" : "start");
    const siblings = this.#editor.board.columns.find((column) => column.stage.id === target.stage)?.touchpoints ?? [];
    const others = siblings.filter((one) => one.id !== id);
    const at = others.findIndex((one) => one.id === target.id) - (isAfter ? 0 : 1);
    return {
      element: head,
      isRefused: false,
      do: () => placeTouchpoint(this.#editor, touchpoint, target.stage, others[at]?.id ?? null),
    };
  }

  #overStage(under: Element | null, x: number, id: string): Drop | null {
    const head = under?.closest<HTMLElement>("[data-kind=stage]");
    const stages = this.#editor.board.columns.map((column) => column.stage);
    const stage = stages.find((one) => one.id === id);
    if (!head || !stage || head.dataset.stage === id) return null;
    const isAfter = this.#isAfter(head, x);
    this.#show(head, isAfter ? "end" : "start");
    const others = stages.filter((one) => one.id !== id);
    const at = others.findIndex((one) => one.id === head.dataset.stage) - (isAfter ? 0 : 1);
    return { element: head, isRefused: false, do: () => placeStage(this.#editor, stage, others[at]?.id ?? null) };
  }

  #isAfter(head: HTMLElement, x: number): boolean {
    const isRightHalf = x > middle(head.getBoundingClientRect(), "x");
    return document.documentElement.dir === "rtl" ? !isRightHalf : isRightHalf;
  }

  /** The bar that says where it will land. */
  #show(beside: HTMLElement, edge: "top" | "bottom" | "start" | "end"): void {
    if (!this.#bar) return;
    const box = beside.getBoundingClientRect();
    const isFlat = edge === "top" || edge === "bottom";
    const isRight = (edge === "end") !== (document.documentElement.dir === "rtl");
    const style = this.#bar.style;
    style.display = "block";
    style.left = `${isFlat ? box.left : (isRight ? box.right : box.left) - 1}px`;
    style.top = `${isFlat ? (edge === "top" ? box.top - 3 : box.bottom + 1) : box.top}px`;
    style.width = isFlat ? `${box.width}px` : "3px";
    style.height = isFlat ? "3px" : `${box.height}px`;
  }

  #mark(drop: Drop | null): void {
    this.#drop?.element.removeAttribute("data-drop");
    if (!drop) {
      this.#drop?.element.removeAttribute("data-refused");
      if (this.#bar) this.#bar.style.display = "none";
    }
    drop?.element.setAttribute("data-drop", drop.isRefused ? "refused" : "");
    this.#drop = drop;
  }

  /** Near an edge the map scrolls, as long as the pointer stays there. */
  #scroll(): void {
    const box = this.#scroller.getBoundingClientRect();
    const { clientX: x, clientY: y } = this.#last;
    const push = (at: number, low: number, high: number) => (at < low + EDGE ? -12 : at > high - EDGE ? 12 : 0);
    const [dx, dy] = [push(x, box.left, box.right), push(y, box.top, box.bottom)];
    if (dx !== 0 || dy !== 0) {
      this.#scroller.scrollBy(dx, dy);
      this.#over();
    }
    this.#frame = requestAnimationFrame(() => this.#scroll());
  }

  #finish(): void {
    const drop = this.#ghost ? this.#drop : null;
    const wasDragged = this.#ghost !== null;
    this.#end();
    if (drop && !drop.isRefused) drop.do();
    if (!wasDragged) return;
    // The click that follows a drag is none.
    const swallow = (event: Event) => event.stopPropagation();
    window.addEventListener("click", swallow, { capture: true, once: true });
    setTimeout(() => window.removeEventListener("click", swallow, { capture: true }));
  }

  #end(): void {
    this.#mark(null);
    cancelAnimationFrame(this.#frame);
    this.#ghost?.remove();
    this.#bar?.remove();
    this.#ghost = null;
    delete this.#grid.dataset.dragging;
    this.#stop.abort();
  }
}

function middle(box: DOMRect, axis: "x" | "y"): number {
  return axis === "x" ? box.left + box.width / 2 : box.top + box.height / 2;
}
