// Sessions over real HTTP: two people on one map, nothing lost whatever is cut, refused or said twice.
import { afterEach, beforeEach, expect, test } from "vitest";
import { api } from "../../src/api/client.ts";
import type { MapDocument, Op } from "../../src/api/shapes.ts";
import type { Outbox, Waiting } from "../../src/map/outbox.ts";
import { type Conflict, Session, type State, type Watcher } from "../../src/map/session.ts";
import { visible } from "../../src/map/tables.ts";
import { TestServer } from "../fixture/server.ts";
import { smallMap } from "./maps.ts";

let server: TestServer;
const open: Session[] = [];

beforeEach(async () => {
  server = await TestServer.start();
  server.put(smallMap());
});
afterEach(async () => {
  for (const session of open.splice(0)) session.close();
  await server.stop();
});

class Seen implements Watcher {
  states: State[] = [];
  refusals: string[] = [];
  conflict: Conflict[] = [];
  touched() {}
  state(state: State) {
    this.states.push(state);
  }
  conflicts(all: Conflict[]) {
    this.conflict = all;
  }
  people() {}
  history() {}
  refused(message: string) {
    this.refusals.push(message);
  }
  measured() {}
  said() {}
}

class Kept implements Outbox {
  waiting: Waiting[] = [];
  async read() {
    return [...this.waiting];
  }
  async keep(_: string, waiting: Waiting) {
    this.waiting.push(waiting);
  }
  async forget(batch: string) {
    this.waiting = this.waiting.filter((one) => one.batch !== batch);
  }
}

async function person(seen = new Seen(), outbox = new Kept()) {
  const world = {
    api: api(server.address),
    outbox,
    uuid: () => crypto.randomUUID(),
    pause: () => new Promise<void>((resolve) => setTimeout(resolve, 5)),
  };
  const session = await Session.open("small", world, seen);
  open.push(session);
  return { session, seen, outbox };
}

const here = (session: Session): MapDocument => visible(session.document.tables);
const there = (): MapDocument => server.journey("small").head().doc;
const card = (id: string, text: string, after: string | null = null): Op => ({
  op: "card.add",
  id,
  touchpoint: "c",
  lane: "does",
  after,
  text,
});

test("two people add cards to one cell and both survive", async () => {
  const [ines, tom] = [await person(), await person()];
  ines.session.do("Add", [card("one", "One")]);
  tom.session.do("Add", [card("two", "Two")]);
  await Promise.all([ines.session.idle(), tom.session.idle()]);
  await expect.poll(() => here(ines.session)).toEqual(there());
  await expect.poll(() => here(tom.session)).toEqual(there());
  expect(
    there()
      .cards.filter((one) => one.touchpoint === "c")
      .map((one) => one.text)
      .sort(),
  ).toEqual(["One", "Two"]);
});

test("one text written by two is a conflict that loses neither", async () => {
  const [ines, tom] = [await person(), await person()];
  ines.session.do("Edit", [{ op: "card.set", id: "a", text: "Mine", text_rev: 1 }]);
  // Tom has not heard of it when he writes.
  tom.session.do("Edit", [{ op: "card.set", id: "a", text: "His", text_rev: 1 }]);
  await Promise.all([ines.session.idle(), tom.session.idle()]);
  await expect.poll(() => [...ines.seen.conflict, ...tom.seen.conflict].length).toBe(1);
  const [loser, winner] = ines.seen.conflict.length > 0 ? [ines, tom] : [tom, ines];
  const [conflict] = loser.seen.conflict as [Conflict];
  expect([conflict.mine, "text" in conflict.theirs ? conflict.theirs.text : ""].sort()).toEqual(["His", "Mine"]);
  loser.session.resolve(conflict, "Both");
  await loser.session.idle();
  expect(loser.seen.conflict).toEqual([]);
  await expect.poll(() => winner.session.document.card("a")?.text).toBe("Both");
});

test("an edit of a card that somebody deleted is kept for its writer to restore", async () => {
  const [ines, tom] = [await person(), await person()];
  tom.session.do("Delete", [{ op: "card.del", id: "a" }]);
  await tom.session.idle();
  ines.session.do("Edit", [{ op: "card.set", id: "b", text: "Elsewhere", text_rev: 1 }]);
  await ines.session.idle();
  await expect.poll(() => ines.session.document.card("a")?.deleted).toBe(true);
  // As it arrives when the deletion is not yet heard of.
  const outcome = server
    .journey("small")
    .take({ batch: "late", base_rev: 1, ops: [{ op: "card.set", id: "a", text: "Late", text_rev: 1 }] }, "Ines");
  expect(outcome.rejected).toMatchObject([{ code: "not_found", current: { deleted: true } }]);
});

test("without the server editing goes on, and what waits is sent once when it is back", async () => {
  const ines = await person();
  server.broken = "cut";
  ines.session.do("Add", [card("one", "One")]);
  ines.session.do("Add", [card("two", "Two", "one")]);
  await expect.poll(() => ines.seen.states.at(-1)).toBe("offline");
  expect(ines.outbox.waiting.length).toBe(2);
  expect(there().cards.some((one) => one.id === "one")).toBe(false);
  server.broken = null;
  await ines.session.idle();
  expect(
    there()
      .cards.filter((one) => one.touchpoint === "c")
      .map((one) => one.id),
  ).toEqual(["one", "two"]);
  expect(ines.seen.states.at(-1)).toBe("saved");
  await expect.poll(() => ines.outbox.waiting).toEqual([]);
});

test("a tab that was closed with changes sends them when it opens again", async () => {
  const outbox = new Kept();
  const first = await person(new Seen(), outbox);
  server.broken = { status: 503 };
  first.session.do("Add", [card("one", "One")]);
  await expect.poll(() => first.seen.states.at(-1)).toBe("offline");
  first.session.close();
  server.broken = null;
  const second = await person(new Seen(), outbox);
  await second.session.idle();
  expect(there().cards.some((one) => one.id === "one")).toBe(true);
  await expect.poll(() => outbox.waiting).toEqual([]);
});

test("a batch whose answer was lost is done once", async () => {
  const ines = await person();
  ines.session.do("Add", [card("one", "One")]);
  await ines.session.idle();
  const rev = server.journey("small").rev;
  const [entry] = ines.outbox.waiting;
  expect(entry).toBeUndefined();
  const batch = { batch: "same", base_rev: rev, ops: [card("two", "Two")] };
  const once = await api(server.address).send("small", batch);
  expect(await api(server.address).send("small", batch)).toEqual(once);
  expect(server.journey("small").rev).toBe(rev + 1);
});

test("undo asks when somebody else has changed the same field since", async () => {
  const [ines, tom] = [await person(), await person()];
  ines.session.do("Move a", [{ op: "card.move", id: "a", touchpoint: "c", lane: "does", after: null }]);
  await ines.session.idle();
  await expect.poll(() => tom.session.document.card("a")?.touchpoint).toBe("c");
  tom.session.do("Move a", [{ op: "card.move", id: "a", touchpoint: "b", lane: "thinks", after: null }]);
  await tom.session.idle();
  await expect.poll(() => ines.session.document.card("a")?.touchpoint).toBe("b");
  expect(ines.session.undo()).toMatchObject({ step: { name: "Move a" } });
  expect(ines.session.document.card("a")?.touchpoint).toBe("b");
  expect(ines.session.undo(true)).toBeNull();
  expect(ines.session.document.card("a")?.touchpoint).toBe("a");
});

test("undo and redo go back and forth through everything", async () => {
  const ines = await person();
  const states = [here(ines.session)];
  const texts = (map: MapDocument) => map.cards.map((one) => `${one.touchpoint}/${one.lane}: ${one.text}`);
  const steps: Op[][] = [
    [card("one", "One")],
    [{ op: "card.set", id: "one", text: "Changed", text_rev: 1 }],
    [{ op: "card.move", id: "one", touchpoint: "a", lane: "does", after: "a" }],
    [{ op: "card.del", id: "b" }],
    [{ op: "stage.del", id: "before" }],
  ];
  for (const ops of steps) {
    ines.session.do("Step", ops);
    states.push(here(ines.session));
  }
  for (let at = steps.length - 1; at >= 0; at -= 1) {
    ines.session.undo();
    expect(texts(here(ines.session))).toEqual(texts(states[at] as MapDocument));
  }
  for (let at = 1; at <= steps.length; at += 1) {
    ines.session.redo();
    expect(texts(here(ines.session))).toEqual(texts(states[at] as MapDocument));
  }
  await ines.session.idle();
  await expect.poll(() => here(ines.session)).toEqual(there());
  expect(ines.seen.refusals).toEqual([]);
  expect(ines.seen.conflict).toEqual([]);
});

test("a stream that begins anew tells what was missed", async () => {
  const ines = await person();
  for (let at = 0; at < 5; at += 1) {
    const op: Op = { op: "meta.set", field: "title", value: `Title ${at}` };
    server.journey("small").take({ batch: `t${at}`, base_rev: 0, ops: [op] }, "Tom");
  }
  await expect.poll(() => ines.session.document.rev).toBe(6);
  expect(here(ines.session).title).toBe("Title 4");
});
