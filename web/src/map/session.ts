// One person's work on one map: does operations at once, sends them in order, hears what others do, and keeps what
// could not be sent.
import type { Api } from "../api/client.ts";
import { Refused } from "../api/client.ts";
import type { Card, JourneyHead, Op, Person } from "../api/shapes.ts";
import type { Push } from "../api/stream.ts";
import { LiveDocument, type Loss } from "./document.ts";
import { History, type Step } from "./history.ts";
import type { Outbox } from "./outbox.ts";

export type State = "saved" | "saving" | "offline";

/** A text that two people wrote at once. */
export interface Conflict {
  card: string;
  mine: string;
  theirs: Card | { deleted: true };
}

export interface Watcher {
  touched(what: Set<string>): void;
  state(state: State, waiting: number): void;
  conflicts(all: Conflict[]): void;
  people(people: Person[]): void;
  history(undo: string | null, redo: string | null): void;
  refused(message: string): void;
  measured(): void;
  said(): void;
}

export interface World {
  api: Pick<Api, "journey" | "send" | "events" | "here">;
  outbox: Outbox;
  uuid(): string;
  /** Waits, or less long when something happened that makes trying again worth it. */
  pause(ms: number): Promise<void>;
}

const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 15_000;

export class Session {
  readonly document: LiveDocument;
  readonly history = new History();
  conflicts: Conflict[] = [];
  readonly #id: string;
  readonly #world: World;
  readonly #watcher: Watcher;
  readonly #stop = new AbortController();
  #sending: Promise<void> | null = null;

  private constructor(head: JourneyHead, world: World, watcher: Watcher) {
    this.#id = head.id;
    this.#world = world;
    this.#watcher = watcher;
    this.document = new LiveDocument(head, watcher);
  }

  static async open(id: string, world: World, watcher: Watcher): Promise<Session> {
    const session = new Session(await world.api.journey(id), world, watcher);
    for (const { batch, ops } of await world.outbox.read(id)) {
      // A step that no longer fits is told by the server when it comes to it; here it must not stop the rest.
      session.#redo(batch, ops);
    }
    if (session.document.pending.length > 0) session.#send();
    session.#listen();
    return session;
  }

  close(): void {
    this.#stop.abort();
  }

  /** Does something that has a name and can be undone. */
  do(name: string, ops: Op[]): void {
    if (ops.length === 0) return;
    this.history.add(name, ops, this.#apply(ops));
    this.#tellHistory();
  }

  /** Undoes the last step; gives who stands in the way, unless `anyway`. */
  undo(anyway = false): { step: Step; actor: string } | null {
    const step = this.history.undoable;
    if (!step) return null;
    const actor = this.history.overtaken(step);
    if (actor !== null && !anyway) return { step, actor };
    this.history.undone(step, this.#apply(this.#current(step.back)));
    this.#tellHistory();
    return null;
  }

  redo(): void {
    const step = this.history.redoable;
    if (!step) return;
    this.history.redone(step, this.#apply(this.#current(step.ops)));
    this.#tellHistory();
  }

  keepTheirs(step: Step): void {
    this.history.forget(step);
    this.#tellHistory();
  }

  /** Ends a conflict with one of the texts, or with both. */
  resolve(conflict: Conflict, text: string | null): void {
    this.conflicts = this.conflicts.filter((one) => one !== conflict);
    this.#watcher.conflicts(this.conflicts);
    const card = this.document.card(conflict.card);
    if (text === null || !card) return;
    const back: Op[] = card.deleted ? [{ op: "card.restore", id: card.id }] : [];
    this.do("Settle two texts", [...back, { op: "card.set", id: card.id, text, text_rev: card.text_rev }]);
  }

  here(cell: string | null): void {
    // Where somebody stands is a courtesy: it is not worth a word when it cannot be told.
    this.#world.api.here(this.#id, cell).catch(() => undefined);
  }

  /** Settles once nothing waits to be sent. */
  async idle(): Promise<void> {
    while (this.#sending) await this.#sending;
  }

  #apply(ops: Op[]): Op[] {
    const batch = this.#world.uuid();
    const back = this.document.do(batch, ops);
    this.#keep(batch, ops);
    this.#send();
    return back;
  }

  #redo(batch: string, ops: Op[]): void {
    try {
      this.document.do(batch, ops);
    } catch {
      this.#watcher.refused(`a change kept from last time no longer fits: ${ops.map((op) => op.op).join(", ")}`);
    }
  }

  /** Texts have moved on since the step was done: the new operation speaks of the card as it is. */
  #current(ops: Op[]): Op[] {
    const seen = new Map<string, number>();
    return ops.map((op) => {
      if (op.op !== "card.set" || op.text === undefined) return op;
      const text_rev = seen.get(op.id) ?? this.document.card(op.id)?.text_rev ?? 1;
      seen.set(op.id, text_rev + 1);
      return { ...op, text_rev };
    });
  }

  #send(): void {
    this.#tellState();
    this.#sending ??= this.#drain().finally(() => {
      this.#sending = null;
      this.#tellState();
    });
  }

  async #drain(): Promise<void> {
    let pause = FIRST_PAUSE;
    for (let next = this.document.pending[0]; next; next = this.document.pending[0]) {
      if (this.#stop.signal.aborted) return;
      const { batch, ops } = next;
      try {
        const outcome = await this.#world.api.send(this.#id, { batch, base_rev: this.document.rev, ops });
        pause = FIRST_PAUSE;
        this.#lose(this.document.settle(batch, ops, outcome));
        // The server's answer may run ahead of what others did before it.
        if (this.document.pending.some((one) => one.batch === batch)) await this.#reload(batch);
      } catch (error) {
        if (error instanceof Refused && error.status < 500 && error.status !== 429) {
          this.#watcher.refused(error.message);
          this.document.pending = this.document.pending.filter((one) => one.batch !== batch);
          await this.#reload(null);
        } else {
          this.#watcher.state("offline", this.document.pending.length);
          await this.#world.pause(pause);
          pause = Math.min(pause * 2, LONGEST_PAUSE);
          continue;
        }
      }
      await this.#world.outbox.forget(batch).catch(() => undefined);
    }
  }

  /** Fetches the whole map; `settled` is a batch that is in it. */
  async #reload(settled: string | null): Promise<void> {
    const head = await this.#world.api.journey(this.#id);
    this.document.pending = this.document.pending.filter((one) => one.batch !== settled);
    this.document.reload(head);
  }

  /** A browser that keeps nothing, as in a private window, must not stop the work. */
  #keep(batch: string, ops: Op[]): void {
    this.#world.outbox.keep(this.#id, { batch, ops }).catch(() => undefined);
  }

  #lose(losses: Loss[]): void {
    for (const { op, rejection } of losses) {
      const { current } = rejection;
      if (op.op === "card.set" && op.text !== undefined && current) {
        this.conflicts = [...this.conflicts, { card: op.id, mine: op.text, theirs: current }];
      } else {
        this.#watcher.refused(rejection.message);
      }
    }
    if (losses.length > 0) this.#watcher.conflicts(this.conflicts);
  }

  async #listen(): Promise<void> {
    let pause = FIRST_PAUSE;
    while (!this.#stop.signal.aborted) {
      try {
        const hear = (push: Push) => {
          pause = FIRST_PAUSE;
          void this.#hear(push);
        };
        await this.#world.api.events(this.#id, this.document.rev, hear, this.#stop.signal);
      } catch {
        // Cut off: the next round asks from the revision that is here.
      }
      if (this.#stop.signal.aborted) return;
      await this.#world.pause(pause);
      pause = Math.min(pause * 2, LONGEST_PAUSE);
    }
  }

  async #hear({ event, data }: Push): Promise<void> {
    if (event === "ops") {
      const { rev, batch, actor, ops } = data as { rev: number; batch: string; actor: string; ops: Op[] };
      const isOurs = this.document.pending.some((one) => one.batch === batch);
      const isNew = rev > this.document.rev;
      const isMissing = this.document.receive(rev, batch, ops);
      if (isNew && !isOurs) this.history.hear(actor, ops);
      if (isMissing) await this.#reload(null);
    } else if (event === "presence") {
      this.#watcher.people((data as { users: Person[] }).users);
    } else if (event === "reload") {
      await this.#reload(null);
    } else if (event === "measures") {
      this.#watcher.measured();
    } else if (event === "comments") {
      this.#watcher.said();
    }
  }

  #tellState(): void {
    const waiting = this.document.pending.length;
    this.#watcher.state(waiting > 0 ? "saving" : "saved", waiting);
  }

  #tellHistory(): void {
    this.#watcher.history(this.history.undoable?.name ?? null, this.history.redoable?.name ?? null);
  }
}
