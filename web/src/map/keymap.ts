// Which key does what in the grid. Pure, so that the whole table is a test.

export type Direction = "left" | "right" | "up" | "down";

export type KeyCommand =
  | { do: "go"; to: Direction | "row-start" | "row-end" | "first" | "last" | "stage-before" | "stage-after" }
  | { do: "extend"; to: Direction }
  | { do: "shift"; to: Direction }
  | { do: "shift-lane"; to: Direction }
  | { do: "type"; text: string }
  | { do: "colour"; off: boolean }
  | {
      do:
        | "edit"
        | "panel"
        | "hide-panel"
        | "move-to"
        | "copy"
        | "cut"
        | "undo"
        | "redo"
        | "add"
        | "delete"
        | "duplicate"
        | "comment"
        | "link"
        | "menu"
        | "clear";
    };

export interface Pressed {
  key: string;
  ctrl: boolean;
  shift: boolean;
  alt: boolean;
}

const ARROWS: Record<string, Direction> = { ArrowLeft: "left", ArrowRight: "right", ArrowUp: "up", ArrowDown: "down" };
const SINGLE: Record<string, KeyCommand> = {
  m: { do: "move-to" },
  d: { do: "duplicate" },
  c: { do: "comment" },
  l: { do: "link" },
};

/** `singles` says whether single letters are commands; where they are not, every letter begins a card. */
export function command(
  { key, ctrl, shift, alt }: Pressed,
  singles: boolean,
  isRightToLeft = false,
): KeyCommand | null {
  const arrow = ARROWS[key] && turned(ARROWS[key], isRightToLeft);
  if (arrow) {
    if (ctrl && alt) return { do: "shift-lane", to: arrow };
    if (alt) return { do: "shift", to: arrow };
    if (shift) return { do: "extend", to: arrow };
    return ctrl ? null : { do: "go", to: arrow };
  }
  if (ctrl) return withCtrl(key, shift);
  if (alt) return null;
  if (shift && key === "F10") return { do: "menu" };
  switch (key) {
    case "Home":
      return { do: "go", to: "row-start" };
    case "End":
      return { do: "go", to: "row-end" };
    case "PageUp":
      return { do: "go", to: "stage-before" };
    case "PageDown":
      return { do: "go", to: "stage-after" };
    case "Enter":
    case "F2":
      return { do: "edit" };
    case "ContextMenu":
      return { do: "menu" };
    case "+":
    case "Insert":
      return { do: "add" };
    case "Delete":
      return { do: "delete" };
    case "Escape":
      return { do: "clear" };
  }
  if ([...key].length !== 1 || key === " " || key === "?") return null;
  if (singles && key.toLowerCase() === "o") return { do: "colour", off: shift };
  // A capital begins a card even where the small letter is a command: "M" typed with Shift is a word's first letter.
  return (singles && !shift && SINGLE[key]) || { do: "type", text: key };
}

function withCtrl(key: string, shift: boolean): KeyCommand | null {
  switch (key.toLowerCase()) {
    case "home":
      return { do: "go", to: "first" };
    case "end":
      return { do: "go", to: "last" };
    case "enter":
      return { do: "panel" };
    case ".":
      return { do: "hide-panel" };
    case "c":
      return { do: "copy" };
    case "x":
      return { do: "cut" };
    case "z":
      return { do: shift ? "redo" : "undo" };
    case "y":
      return { do: "redo" };
    default:
      return null;
  }
}

function turned(direction: Direction, isRightToLeft: boolean): Direction {
  if (!isRightToLeft) return direction;
  return direction === "left" ? "right" : direction === "right" ? "left" : direction;
}
