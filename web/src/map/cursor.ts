// Where the reader stands in the grid: roving tabindex, done to the elements themselves, so that a step of the cursor
// draws nothing.

export interface Position {
  row: number;
  column: number;
  card: number;
}

const SELECTED = "aria-selected";

export class Cursor {
  at: Position = { row: 0, column: 0, card: 0 };
  #grid: HTMLElement;
  #moved: (cell: HTMLElement) => void;
  #anchor: Position | null = null;
  #current: HTMLElement | null = null;

  constructor(grid: HTMLElement, moved: (cell: HTMLElement) => void) {
    this.#grid = grid;
    this.#moved = moved;
  }

  /** Puts the tab stop where the cursor is, after the grid was drawn anew. */
  settle(): void {
    const cell = this.#cell(this.at) ?? this.#cell({ row: 0, column: 0, card: 0 });
    if (cell) this.#stop(cell);
  }

  focus(position: Position, keepsSelection = false): boolean {
    const cell = this.#cell(position);
    if (!cell) return false;
    this.at = { ...position, column: Number(cell.dataset.column) };
    if (!keepsSelection) this.clear();
    this.#stop(cell);
    const card = position.card > 0 ? cards(cell)[position.card] : undefined;
    (card ?? cell).focus({ preventScroll: true });
    (card ?? cell).scrollIntoView({ block: "nearest", inline: "nearest" });
    this.#moved(cell);
    return true;
  }

  /** The grid was clicked, or focus came by itself: the cursor follows. */
  follow(target: Element): void {
    const cell = target.closest<HTMLElement>("[data-row]");
    if (!cell || !this.#grid.contains(cell)) return;
    const card = target.closest("[data-card]");
    const at = card ? Math.max(0, cards(cell).indexOf(card as HTMLElement)) : 0;
    this.at = { row: Number(cell.dataset.row), column: Number(cell.dataset.column), card: at };
    this.#stop(cell);
    this.#moved(cell);
  }

  go(to: string): boolean {
    const { row, column, card } = this.at;
    const here = this.#cell(this.at);
    const count = here ? cards(here).length : 0;
    if (to === "down" && card < count - 1) return this.focus({ row, column, card: card + 1 });
    if (to === "up" && card > 0) return this.focus({ row, column, card: card - 1 });
    switch (to) {
      case "up":
        return this.focus({ row: row - 1, column, card: 0 });
      case "down":
        return this.focus({ row: row + 1, column, card: 0 });
      case "left":
        return this.focus({ row, column: column - 1, card: 0 });
      case "right":
        return this.focus({ row, column: column + Number(here?.dataset.span ?? 1), card: 0 });
      case "row-start":
        return this.focus({ row, column: this.#edge(row, 0), card: 0 });
      case "row-end":
        return this.focus({ row, column: this.#edge(row, -1), card: 0 });
      case "first":
        return this.focus({ row: 0, column: this.#edge(0, 0), card: 0 });
      case "last": {
        const last = this.#rows - 1;
        return this.focus({ row: last, column: this.#edge(last, -1), card: 0 });
      }
      default:
        return this.#goStage(to === "stage-after" ? 1 : -1);
    }
  }

  /** Grows the selection from where it began to one cell further. */
  extend(direction: string): void {
    const from = this.#anchor ?? this.at;
    const { row, column } = this.at;
    const down = Number(direction === "down") - Number(direction === "up");
    const right = Number(direction === "right") - Number(direction === "left");
    const to = { row: row + down, column: column + right, card: 0 };
    if (!this.focus(to, true)) return;
    this.#anchor = from;
    this.#mark(this.#between(from, this.at));
  }

  /** Puts a cell into the selection, or takes it out. */
  toggle(cell: HTMLElement): void {
    const isIn = cell.getAttribute(SELECTED) === "true";
    if (isIn) cell.removeAttribute(SELECTED);
    else cell.setAttribute(SELECTED, "true");
  }

  clear(): void {
    this.#anchor = null;
    for (const cell of this.#grid.querySelectorAll(`[${SELECTED}]`)) cell.removeAttribute(SELECTED);
  }

  /** The cells that are selected, in reading order; without any, the one at the cursor. */
  get cells(): HTMLElement[] {
    const selected = [...this.#grid.querySelectorAll<HTMLElement>(`[${SELECTED}="true"]`)];
    const here = this.#cell(this.at);
    return selected.length > 0 ? selected : here ? [here] : [];
  }

  get isRange(): boolean {
    return this.#grid.querySelector(`[${SELECTED}="true"]`) !== null;
  }

  get cell(): HTMLElement | null {
    return this.#cell(this.at);
  }

  /** The place of a cell by its data, after it may have moved. */
  find(touchpoint: string, row: string): Position | null {
    const cell = this.#grid.querySelector<HTMLElement>(
      `[data-touchpoint="${CSS.escape(touchpoint)}"][data-lane="${CSS.escape(row)}"]`,
    );
    return cell ? { row: Number(cell.dataset.row), column: Number(cell.dataset.column), card: 0 } : null;
  }

  get #rows(): number {
    return this.#grid.querySelectorAll("[role=row]").length;
  }

  #stop(cell: HTMLElement): void {
    for (const other of this.#grid.querySelectorAll<HTMLElement>('[data-row][tabindex="0"]')) other.tabIndex = -1;
    cell.tabIndex = 0;
    if (this.#current !== cell) this.#current?.removeAttribute("data-current");
    cell.setAttribute("data-current", "");
    this.#current = cell;
  }

  #cell({ row, column }: Position): HTMLElement | null {
    const all = this.#grid.querySelectorAll<HTMLElement>(`[data-row="${row}"]`);
    for (const cell of all) {
      const from = Number(cell.dataset.column);
      if (column >= from && column < from + Number(cell.dataset.span ?? 1)) return cell;
    }
    return null;
  }

  #edge(row: number, at: 0 | -1): number {
    const columns = [...this.#grid.querySelectorAll<HTMLElement>(`[data-row="${row}"]`)].map((cell) =>
      Number(cell.dataset.column),
    );
    return columns.at(at) ?? 0;
  }

  #goStage(by: 1 | -1): boolean {
    const starts = [...this.#grid.querySelectorAll<HTMLElement>('[data-row="0"]')].map((cell) =>
      Number(cell.dataset.column),
    );
    const { row, column } = this.at;
    const next = by > 0 ? starts.find((start) => start > column) : starts.findLast((start) => start < column);
    return next === undefined ? false : this.focus({ row, column: next, card: 0 });
  }

  #between(a: Position, b: Position): HTMLElement[] {
    const found: HTMLElement[] = [];
    for (let row = Math.min(a.row, b.row); row <= Math.max(a.row, b.row); row += 1) {
      for (let column = Math.min(a.column, b.column); column <= Math.max(a.column, b.column); column += 1) {
        const cell = this.#cell({ row, column, card: 0 });
        if (cell?.dataset.touchpoint) found.push(cell);
      }
    }
    return found;
  }

  #mark(cells: HTMLElement[]): void {
    for (const cell of this.#grid.querySelectorAll(`[${SELECTED}]`)) cell.removeAttribute(SELECTED);
    for (const cell of cells) cell.setAttribute(SELECTED, "true");
  }
}

function cards(cell: HTMLElement): HTMLElement[] {
  return [...cell.querySelectorAll<HTMLElement>("[data-card]")];
}
