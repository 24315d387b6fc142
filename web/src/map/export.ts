// The map as files: a table that a spreadsheet reads and that can be pasted back, and the whole of it.
import type { Board } from "./board.svelte.ts";
import { toTsv } from "./clipboard.ts";
import type { Editor } from "./editor.svelte.ts";
import { shape } from "./press.ts";
import { visible } from "./tables.ts";

export function tsv(editor: Editor): string {
  const { touchpoints, lanes } = shape(editor);
  const taking = lanes.filter((lane) => lane.takes);
  const cell = (row: number, column: number, text: string) => ({ row, column, cards: [{ text }] });
  return toTsv([
    cell(0, 0, ""),
    ...touchpoints.map((touchpoint, at) => cell(0, at + 1, touchpoint.title)),
    ...taking.flatMap((lane, row) => [
      cell(row + 1, 0, lane.title),
      ...touchpoints.map(({ id }, at) => ({
        row: row + 1,
        column: at + 1,
        cards: editor.board.cell(id, lane.id).cards,
      })),
    ]),
  ]);
}

export function exportTsv(editor: Editor): void {
  save(`${editor.board.meta.id}.tsv`, "text/tab-separated-values", tsv(editor));
}

export function exportJson(board: Board): void {
  save(`${board.meta.id}.json`, "application/json", JSON.stringify(visible(board.session.document.tables), null, 2));
}

function save(name: string, type: string, text: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
