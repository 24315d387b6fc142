// Cards to and from the clipboard: as JSON for maps, as a table for spreadsheets.
import type { Grade, Op } from "../api/shapes.ts";

export interface CopiedCard {
  text: string;
  grade?: Grade;
  owner?: string;
}

/** A cell of what was copied, relative to its upper left corner. */
export interface CopiedCell {
  row: number;
  column: number;
  cards: CopiedCard[];
}

export const CARDS = "application/x-footpath-cards+json";

/** The table as spreadsheets read it: a cell with tabs, newlines or quotes is quoted. */
export function toTsv(cells: CopiedCell[]): string {
  const height = Math.max(0, ...cells.map((cell) => cell.row + 1));
  const width = Math.max(0, ...cells.map((cell) => cell.column + 1));
  const table = Array.from({ length: height }, () => Array.from({ length: width }, () => ""));
  for (const { row, column, cards } of cells) {
    const line = table[row];
    if (line) line[column] = cards.map((card) => card.text).join("\n");
  }
  return table.map((line) => line.map(quote).join("\t")).join("\n");
}

/** A table out of a spreadsheet's text. */
export function fromTsv(text: string): string[][] {
  const table: string[][] = [[]];
  let value = "";
  let isQuoted = false;
  const end = () => {
    table.at(-1)?.push(value);
    value = "";
  };
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at] as string;
    if (isQuoted) {
      if (character !== '"') value += character;
      else if (text[at + 1] === '"') {
        value += '"';
        at += 1;
      } else isQuoted = false;
    } else if (character === '"' && value === "") isQuoted = true;
    else if (character === "\t") end();
    else if (character === "\n") {
      end();
      table.push([]);
    } else if (character !== "\r") value += character;
  }
  end();
  return table.filter((line, at) => at < table.length - 1 || line.length > 1 || line[0] !== "");
}

function quote(text: string): string {
  return /[\t\n"]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

export interface GridShape {
  touchpoints: { id: string; title: string }[];
  lanes: { id: string; title: string; takes: boolean }[];
}

export interface PastePlan {
  cells: { touchpoint: string; lane: string; texts: string[] }[];
  outside: number;
  rows: number;
  columns: number;
}

/** What a table becomes on the map, from a cell on, or by the names in its first row and column. */
export function plan(table: string[][], shape: GridShape, from: { touchpoint: string; lane: string }): PastePlan {
  const names = named(table, shape);
  const firstColumn = shape.touchpoints.findIndex((one) => one.id === from.touchpoint);
  const lanes = shape.lanes.filter((lane) => lane.takes);
  const firstRow = lanes.findIndex((lane) => lane.id === from.lane);
  const cells: PastePlan["cells"] = [];
  let outside = 0;
  for (const [at, line] of table.entries()) {
    if (names.columns && at === 0) continue;
    const row = at - (names.columns ? 1 : 0);
    const lane = names.rows ? shape.lanes.find((one) => isName(one, line[0])) : lanes[firstRow + row];
    for (const [index, value] of line.entries()) {
      if (names.rows && index === 0) continue;
      const texts = value
        .split("\n")
        .map((text) => text.trim())
        .filter(Boolean);
      if (texts.length === 0) continue;
      const column = index - (names.rows ? 1 : 0);
      const touchpoint = names.columns
        ? shape.touchpoints.find((one) => isName(one, table[0]?.[index]))
        : shape.touchpoints[firstColumn + column];
      if (lane?.takes && touchpoint) cells.push({ touchpoint: touchpoint.id, lane: lane.id, texts });
      else outside += 1;
    }
  }
  return { cells, outside, rows: table.length, columns: Math.max(0, ...table.map((line) => line.length)) };
}

/** Cards after those that are there already. */
export function pasteOps(
  cells: PastePlan["cells"],
  last: (touchpoint: string, lane: string) => string | null,
  uuid: () => string,
): Op[] {
  return cells.flatMap(({ touchpoint, lane, texts }) => {
    let after = last(touchpoint, lane);
    return texts.map((text): Op => {
      const op: Op = { op: "card.add", id: uuid(), touchpoint, lane, after, text };
      after = op.id;
      return op;
    });
  });
}

/** The first row names touchpoints, or the first column lanes, where most of it is such a name. */
function named(table: string[][], shape: GridShape): { rows: boolean; columns: boolean } {
  const isMost = (values: (string | undefined)[], among: { id: string; title: string }[]) => {
    const told = values.filter((value) => value?.trim());
    const known = told.filter((value) => among.some((one) => isName(one, value)));
    return told.length > 0 && known.length * 2 > told.length;
  };
  const head = table[0] ?? [];
  const columns =
    isMost(head.slice(head[0]?.trim() ? 0 : 1), shape.touchpoints) || isMost(head.slice(1), shape.touchpoints);
  const rows = isMost(
    table.slice(columns ? 1 : 0).map((line) => line[0]),
    shape.lanes,
  );
  return { rows, columns };
}

function isName(one: { id: string; title: string }, value: string | undefined): boolean {
  const text = value?.trim().toLowerCase();
  return text !== undefined && text !== "" && (text === one.id || text === one.title.toLowerCase());
}
