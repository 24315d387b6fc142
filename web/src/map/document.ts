// The map as it is here: what the server has acknowledged, with what it has not yet on top.
import type { Card, JourneyHead, Op, Outcome, Rejection } from "../api/shapes.ts";
import { apply, type Change, Misfit, rollBack } from "./apply.ts";
import { inverse } from "./inverse.ts";
import { type Row, type Tables, tables } from "./tables.ts";

export interface Pending {
  batch: string;
  ops: Op[];
  changes: Change[];
}

/** What is told to whoever draws. */
export interface Listener {
  touched(what: Set<string>): void;
}

/** An operation that could not be kept, and what the server has instead. */
export interface Loss {
  op: Op;
  rejection: Rejection;
}

/** So many revisions back it is known which batch made them. */
const REMEMBERED = 100;

export class LiveDocument {
  tables: Tables;
  rev: number;
  pending: Pending[] = [];
  #ahead = new Map<number, { batch: string; ops: Op[] }>();
  #last = new Map<number, string>();
  #listener: Listener;

  constructor(head: Pick<JourneyHead, "id" | "rev" | "doc">, listener: Listener) {
    this.tables = tables(head.doc);
    this.rev = head.rev;
    this.#listener = listener;
  }

  /** Does operations here and now; gives what takes them back, last first. */
  do(batch: string, ops: Op[]): Op[] {
    const pending: Pending = { batch, ops, changes: [] };
    const back: Op[][] = [];
    try {
      for (const op of ops) {
        back.push(inverse(this.tables, op));
        pending.changes.push(apply(this.tables, op));
      }
    } catch (error) {
      for (const change of pending.changes.toReversed()) rollBack(this.tables, change);
      throw error;
    }
    this.pending.push(pending);
    this.#tell(pending.changes);
    return back.toReversed().flat();
  }

  /**
   * What others did, and what the server made of ours, in the order of revisions. What comes too early waits.
   * Gives whether something is missing before it.
   */
  receive(rev: number, batch: string, ops: Op[]): boolean {
    if (rev <= this.rev) {
      // A batch that changed nothing has no revision of its own, and was answered with that of another.
      const known = this.#last.get(rev);
      return known !== undefined && known !== batch;
    }
    this.#ahead.set(rev, { batch, ops });
    const ready: { batch: string; ops: Op[] }[] = [];
    for (let next = this.#ahead.get(this.rev + 1); next; next = this.#ahead.get(this.rev + 1)) {
      this.rev += 1;
      this.#ahead.delete(this.rev);
      this.#last.set(this.rev, next.batch);
      this.#last.delete(this.rev - REMEMBERED);
      ready.push(next);
    }
    if (ready.length > 0) this.#rebase(ready);
    return this.#ahead.size > 0;
  }

  /** The answer to a batch. Losses are told, so that nothing that somebody wrote goes without a word. */
  settle(batch: string, ops: Op[], outcome: Outcome): Loss[] {
    if (outcome.applied.length > 0 && outcome.rev > this.rev) {
      this.receive(
        outcome.rev,
        batch,
        outcome.applied.map((one) => one.op),
      );
    } else if (this.pending.some((one) => one.batch === batch)) {
      this.#rebase([{ batch, ops: [] }]);
    }
    return outcome.rejected.flatMap((rejection) => {
      const op = ops[rejection.index];
      return op ? [{ op, rejection }] : [];
    });
  }

  /** Begins anew from the server's document and puts what is not acknowledged back on top. */
  reload(head: JourneyHead): void {
    const pending = this.pending;
    this.tables = tables(head.doc);
    this.rev = head.rev;
    this.#ahead.clear();
    this.#last.clear();
    this.pending = pending.map((one) => ({ ...one, changes: this.#redo(one.ops) }));
    this.#listener.touched(new Set(["all"]));
  }

  card(id: string): Row<Card> | undefined {
    return this.tables.cards.get(id);
  }

  #rebase(arrived: { batch: string; ops: Op[] }[]): void {
    const changes: Change[] = [];
    for (const one of this.pending.toReversed()) {
      for (const change of one.changes.toReversed()) rollBack(this.tables, change);
      changes.push(...one.changes);
    }
    for (const { ops } of arrived) changes.push(...this.#redo(ops));
    const acknowledged = new Set(arrived.map((one) => one.batch));
    this.pending = this.pending.filter((one) => !acknowledged.has(one.batch));
    for (const one of this.pending) {
      one.changes = this.#redo(one.ops);
      changes.push(...one.changes);
    }
    this.#tell(changes);
  }

  /** An operation on what somebody has deleted meanwhile does nothing here; the server says so to whoever sent it. */
  #redo(ops: Op[]): Change[] {
    const changes: Change[] = [];
    for (const op of ops) {
      try {
        changes.push(apply(this.tables, op));
      } catch (error) {
        if (!(error instanceof Misfit)) throw error;
      }
    }
    return changes;
  }

  #tell(changes: Change[]): void {
    const touched = new Set<string>();
    for (const change of changes) for (const what of change.touched) touched.add(what);
    this.#listener.touched(touched);
  }
}
