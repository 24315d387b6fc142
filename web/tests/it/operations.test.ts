// Laws of operations: each can be taken back, none leaves a card in a place that is not there, and those who do them in
// another order, with others' work in between, end with the server's map.
import fc from "fast-check";
import { expect, test } from "vitest";
import type { MapDocument, Op } from "../../src/api/shapes.ts";
import { apply, Misfit, rollBack } from "../../src/map/apply.ts";
import { LiveDocument } from "../../src/map/document.ts";
import { inverse } from "../../src/map/inverse.ts";
import { between } from "../../src/map/order.ts";
import { type Tables, tables, visible } from "../../src/map/tables.ts";
import { anyOp, smallMap } from "./maps.ts";

/** What a reader sees: the order of things, not the strings that make it, and not how often a text was changed. */
function seen(all: Tables): unknown {
  const bare = <T extends { order: string }>({ order: _, ...rest }: T) => rest;
  const { cards, lanes, stages, touchpoints, ...meta } = visible(all);
  return {
    ...meta,
    lanes: lanes.map(bare),
    stages: stages.map(bare),
    touchpoints: touchpoints.map(bare),
    cards: cards.map(bare).map(({ text_rev: _, ...card }) => card),
  };
}

function tryApply(all: Tables, op: Op): boolean {
  try {
    apply(all, op);
    return true;
  } catch (error) {
    if (error instanceof Misfit) return false;
    throw error;
  }
}

test("an operation and its inverse leave the map as it was", () => {
  fc.assert(
    fc.property(fc.array(anyOp, { maxLength: 12 }), anyOp, (before, op) => {
      const all = tables(smallMap());
      for (const one of before) tryApply(all, one);
      const was = seen(all);
      const isDeleted = JSON.stringify(hidden(all));
      const back = inverse(all, op);
      if (!tryApply(all, op)) return;
      // Restoring what is there, or deleting what is gone, changes nothing, and neither has its inverse.
      if (isDeleted === JSON.stringify(hidden(all)) && /\.(del|restore)$/.test(op.op) && !op.op.startsWith("link"))
        return;
      for (const one of back) apply(all, one);
      expect(seen(all)).toEqual(was);
    }),
    { numRuns: 10_000 },
  );
});

function hidden(all: Tables): string[] {
  const rows = [all.cards, all.stages, all.touchpoints, all.lanes].flatMap((table) => [...table.values()]);
  return rows.filter((row) => row.deleted).map((row) => row.id);
}

test("rolling back restores every row exactly", () => {
  fc.assert(
    fc.property(fc.array(anyOp, { maxLength: 20 }), (ops) => {
      const all = tables(smallMap());
      const was = structuredClone({ ...all, cells: null });
      const changes = ops.flatMap((op) => {
        try {
          return [apply(all, op)];
        } catch {
          return [];
        }
      });
      for (const change of changes.toReversed()) rollBack(all, change);
      expect({ ...all, cells: null }).toEqual(was);
      for (const card of all.cards.values())
        expect(all.cells.get(`${card.touchpoint}/${card.lane}`)).toContain(card.id);
    }),
    { numRuns: 500 },
  );
});

test("no card is in a cell that was never there", () => {
  fc.assert(
    fc.property(fc.array(anyOp, { maxLength: 40 }), (ops) => {
      const all = tables(smallMap());
      for (const op of ops) tryApply(all, op);
      for (const card of all.cards.values()) {
        expect(all.touchpoints.has(card.touchpoint) && all.lanes.has(card.lane)).toBe(true);
      }
      for (const touchpoint of all.touchpoints.values()) expect(all.stages.has(touchpoint.stage)).toBe(true);
    }),
    { numRuns: 500 },
  );
});

test("any number of places fits between two", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(), { minLength: 1, maxLength: 120 }), (where) => {
      const places = ["a0", "a1"];
      for (const pick of where) {
        const at = pick % (places.length + 1);
        places.splice(at, 0, between(places[at - 1] ?? null, places[at] ?? null));
      }
      expect(places).toEqual([...places].sort((a, b) => (a < b ? -1 : 1)));
      expect(new Set(places).size).toBe(places.length);
    }),
  );
});

/** Two people and a server that takes batches in any order; in the end all three have one map. */
test("whoever was first, everybody ends with the same map", () => {
  const step = fc.record({ who: fc.constantFrom(0, 1), op: anyOp, isSent: fc.boolean(), isHeard: fc.boolean() });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
      const server = new Server(smallMap());
      const people = [new Client(server), new Client(server)];
      for (const { who, op, isSent, isHeard } of steps) {
        const person = people[who] as Client;
        person.do(op);
        if (isSent) person.send();
        if (isHeard) person.hear();
      }
      for (const person of people) while (person.send());
      for (const person of people) {
        person.hear();
        expect(visible(person.document.tables)).toEqual(visible(server.all));
      }
    }),
    { numRuns: 500 },
  );
});

class Server {
  all: Tables;
  log: { batch: string; ops: Op[] }[] = [];
  constructor(map: MapDocument) {
    this.all = tables(map);
  }

  take(batch: string, ops: Op[]): { index: number; op: Op }[] {
    const applied = ops.flatMap((op, index) => (tryApply(this.all, op) ? [{ index, op: this.placed(op) }] : []));
    if (applied.length > 0) this.log.push({ batch, ops: applied.map((one) => one.op) });
    return applied;
  }

  placed(op: Op): Op {
    if (!/\.(add|move)$/.test(op.op) || !("id" in op)) return op;
    const table = `${op.op.split(".")[0]}s` as "cards" | "lanes" | "stages" | "touchpoints";
    return { ...op, order: this.all[table].get(op.id)?.order } as Op;
  }
}

class Client {
  document: LiveDocument;
  #server: Server;
  #batches = 0;
  #heard = 0;
  #name: string;

  constructor(server: Server) {
    this.#server = server;
    this.#name = String(Math.max(0, server.log.length)) + String(clients++);
    this.document = new LiveDocument({ id: "small", rev: 0, doc: smallMap() }, { touched: () => {} });
  }

  do(op: Op): void {
    this.#batches += 1;
    try {
      this.document.do(`${this.#name}-${this.#batches}`, [op]);
    } catch (error) {
      if (!(error instanceof Misfit)) throw error;
    }
  }

  send(): boolean {
    const next = this.document.pending[0];
    if (!next) return false;
    const applied = this.#server.take(next.batch, next.ops);
    const rejected = applied.length > 0 ? [] : [{ index: 0, code: "not_found" as const, message: "gone" }];
    this.document.settle(next.batch, next.ops, { rev: this.#server.log.length, applied, rejected });
    // What came between is heard before the answer counts.
    if (applied.length > 0) this.hear();
    return true;
  }

  hear(): void {
    for (; this.#heard < this.#server.log.length; this.#heard += 1) {
      const entry = this.#server.log[this.#heard];
      if (entry) this.document.receive(this.#heard + 1, entry.batch, entry.ops);
    }
  }
}

let clients = 0;
