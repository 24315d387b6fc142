// Maps and operations by chance, for laws that hold for every map.
import fc from "fast-check";
import type { MapDocument, Op } from "../../src/api/shapes.ts";

const WORDS = ["a", "b", "c", "d"];

/** A small map, so that operations meet each other often. */
export function smallMap(): MapDocument {
  return {
    id: "small",
    title: "I try it",
    scope: "current",
    settings: {},
    lanes: [
      { id: "does", title: "Does", kind: "text", view: "customer", on: true, order: "a0" },
      { id: "thinks", title: "Thinks", kind: "text", view: "customer", on: true, order: "a1" },
    ],
    stages: [
      { id: "before", title: "Before", order: "a0" },
      { id: "after", title: "After", order: "a1" },
    ],
    touchpoints: ["a", "b", "c"].map((id, at) => ({
      id,
      stage: at < 2 ? "before" : "after",
      title: `I meet ${id}`,
      order: `a${at}`,
    })),
    cards: ["a", "b", "c", "d"].map((id, at) => ({
      id,
      touchpoint: at < 2 ? "a" : "b",
      lane: "does",
      order: `a${at}`,
      text: `Card ${id}`,
      text_rev: 1,
    })),
  };
}

const id = fc.constantFrom(...WORDS, "e", "f");
const after = fc.option(fc.constantFrom(...WORDS), { nil: null });
const touchpoint = fc.constantFrom("a", "b", "c", "e");
const lane = fc.constantFrom("does", "thinks", "e");
const stage = fc.constantFrom("before", "after", "e");
const text = fc.constantFrom("", "one", "two");
const link = fc.record({ kind: fc.constantFrom("case", "walk"), to: text });
const grade = fc.option(fc.constantFrom("measured" as const, "assumed" as const), { nil: null });
const constant = <T>(value: T) => fc.constant(value);

export const anyOp: fc.Arbitrary<Op> = fc.oneof(
  fc.record({ op: constant("card.add" as const), id, touchpoint, lane, after, text }),
  fc.record({ op: constant("card.set" as const), id, text }),
  fc.record({ op: constant("card.set" as const), id, grade, owner: fc.option(text, { nil: null }) }),
  fc.record({ op: constant("card.move" as const), id, touchpoint, lane, after }),
  fc.record({ op: fc.constantFrom("card.del" as const, "card.restore" as const), id }),
  fc.record({ op: fc.constantFrom("link.add" as const, "link.del" as const), card: id, link }),
  fc.record({ op: constant("stage.add" as const), id, title: text, after: fc.option(stage, { nil: null }) }),
  fc.record({ op: constant("stage.set" as const), id: stage, field: fc.constantFrom("title", "goal"), value: text }),
  fc.record({ op: constant("stage.move" as const), id: stage, after: fc.option(stage, { nil: null }) }),
  fc.record({ op: fc.constantFrom("stage.del" as const, "stage.restore" as const), id: stage }),
  fc.record({ op: constant("touchpoint.add" as const), id, stage, title: text, after }),
  fc.record({ op: constant("touchpoint.set" as const), id: touchpoint, field: constant("owner"), value: text }),
  fc.record({ op: constant("touchpoint.move" as const), id: touchpoint, stage, after }),
  fc.record({ op: fc.constantFrom("touchpoint.del" as const, "touchpoint.restore" as const), id: touchpoint }),
  fc.record({
    op: constant("lane.add" as const),
    id,
    title: text,
    kind: constant("text" as const),
    view: constant("both" as const),
    after,
  }),
  fc.record({ op: constant("lane.set" as const), id: lane, field: constant("on"), value: fc.boolean() }),
  fc.record({ op: constant("lane.move" as const), id: lane, after: fc.option(lane, { nil: null }) }),
  fc.record({ op: fc.constantFrom("lane.del" as const, "lane.restore" as const), id: lane }),
  fc.record({
    op: constant("feel.set" as const),
    touchpoint,
    feels: fc.option(fc.record({ label: text, valence: fc.constantFrom(-2, 0, 1.25) }), { nil: null }),
  }),
  fc.record({ op: constant("meta.set" as const), field: fc.constantFrom("title", "personas"), value: text }),
);
