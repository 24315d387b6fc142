// Tables to and from spreadsheets, and what a table becomes on a map.
import fc from "fast-check";
import { expect, test } from "vitest";
import { fromTsv, plan, toTsv } from "../../src/map/clipboard.ts";

const shape = {
  touchpoints: ["park", "enter", "pay"].map((id) => ({ id, title: `I ${id}` })),
  lanes: [
    { id: "does", title: "Does", takes: true },
    { id: "feels", title: "Feels", takes: false },
    { id: "pains", title: "Pains", takes: true },
  ],
};

test("whatever is in a cell comes back as it was", () => {
  const cell = fc.string({ unit: fc.constantFrom("a", '"', "\t", "\n", ",", " ", "ش", "今") });
  const table = fc
    .integer({ min: 2, max: 4 })
    .chain((width) => fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 4 }));
  fc.assert(
    fc.property(table, (rows) => {
      const cells = rows.flatMap((row, at) => row.map((text, column) => ({ row: at, column, cards: [{ text }] })));
      expect(fromTsv(toTsv(cells))).toEqual(rows);
    }),
  );
});

test("a table without names goes where the cursor is, lanes that take no cards left out", () => {
  const found = plan(fromTsv("wait\tlook\nqueue\tnoise"), shape, { touchpoint: "enter", lane: "does" });
  expect(found.cells).toEqual([
    { touchpoint: "enter", lane: "does", texts: ["wait"] },
    { touchpoint: "pay", lane: "does", texts: ["look"] },
    { touchpoint: "enter", lane: "pains", texts: ["queue"] },
    { touchpoint: "pay", lane: "pains", texts: ["noise"] },
  ]);
  expect(found.outside).toBe(0);
});

test("what lies outside of the map is counted, not lost in silence", () => {
  const found = plan(fromTsv("a\tb\nc\td\ne\tf"), shape, { touchpoint: "pay", lane: "does" });
  expect(found.cells.map((cell) => cell.texts[0])).toEqual(["a", "c"]);
  expect(found.outside).toBe(4);
});

test("names in the first row and column say where things go", () => {
  const found = plan(fromTsv("\tI pay\tI park\nPains\tqueue\tfull\nDoes\tpays\tparks"), shape, {
    touchpoint: "enter",
    lane: "does",
  });
  expect(found.cells).toEqual([
    { touchpoint: "pay", lane: "pains", texts: ["queue"] },
    { touchpoint: "park", lane: "pains", texts: ["full"] },
    { touchpoint: "pay", lane: "does", texts: ["pays"] },
    { touchpoint: "park", lane: "does", texts: ["parks"] },
  ]);
});

test("several lines in a cell are several cards", () => {
  const found = plan(fromTsv('"one\ntwo"\tthree'), shape, { touchpoint: "park", lane: "does" });
  expect(found.cells[0]?.texts).toEqual(["one", "two"]);
});
