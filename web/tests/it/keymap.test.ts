// The key table of the map, line by line.
import { expect, test } from "vitest";
import { command, type Pressed } from "../../src/map/keymap.ts";

/** "Ctrl Alt ArrowUp" as it is pressed. */
function pressed(keys: string): Pressed {
  const parts = keys.split(" ");
  const has = (name: string) => parts.includes(name);
  return { key: parts.at(-1) ?? "", ctrl: has("Ctrl"), shift: has("Shift"), alt: has("Alt") };
}

function check(keys: string, expected: unknown, singles = true, isRightToLeft = false): void {
  expect(command(pressed(keys), singles, isRightToLeft), keys).toEqual(expected);
}

test("arrows and ends move", () => {
  check("ArrowLeft", { do: "go", to: "left" });
  check("ArrowDown", { do: "go", to: "down" });
  check("Home", { do: "go", to: "row-start" });
  check("End", { do: "go", to: "row-end" });
  check("Ctrl Home", { do: "go", to: "first" });
  check("Ctrl End", { do: "go", to: "last" });
  check("PageUp", { do: "go", to: "stage-before" });
  check("PageDown", { do: "go", to: "stage-after" });
  check("Tab", null);
  check("Ctrl ArrowLeft", null);
});

test("Enter, F2 and typing write", () => {
  check("Enter", { do: "edit" });
  check("F2", { do: "edit" });
  check("a", { do: "type", text: "a" });
  check("é", { do: "type", text: "é" });
  check("今", { do: "type", text: "今" });
  check("Shift M", { do: "type", text: "M" });
  check("m", { do: "type", text: "m" }, false);
});

test("moving, selecting, and the rest of the table", () => {
  check("Ctrl Enter", { do: "panel" });
  check("Ctrl .", { do: "hide-panel" });
  check("Alt ArrowUp", { do: "shift", to: "up" });
  check("Alt ArrowRight", { do: "shift", to: "right" });
  check("Ctrl Alt ArrowDown", { do: "shift-lane", to: "down" });
  check("m", { do: "move-to" });
  check("Shift ArrowRight", { do: "extend", to: "right" });
  check("Ctrl c", { do: "copy" });
  check("Ctrl x", { do: "cut" });
  check("Ctrl v", null);
  check("Ctrl z", { do: "undo" });
  check("Ctrl Shift Z", { do: "redo" });
  check("Ctrl y", { do: "redo" });
  check("+", { do: "add" });
  check("Insert", { do: "add" });
  check("Delete", { do: "delete" });
  check("d", { do: "duplicate" });
  check("c", { do: "comment" });
  check("l", { do: "link" });
  check("o", { do: "colour", off: false });
  check("Shift O", { do: "colour", off: true });
  check("Shift F10", { do: "menu" });
  check("Escape", { do: "clear" });
  check("?", null);
});

test("from right to left the arrows turn, and mean where they point", () => {
  check("ArrowLeft", { do: "go", to: "right" }, true, true);
  check("Alt ArrowRight", { do: "shift", to: "left" }, true, true);
  check("ArrowUp", { do: "go", to: "up" }, true, true);
});
