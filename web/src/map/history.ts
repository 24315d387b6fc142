// What a person can take back: their own last 200 steps on this map, each with a name.
import type { Op } from "../api/shapes.ts";
import { fields } from "./inverse.ts";

const MOST = 200;

export interface Step {
  name: string;
  ops: Op[];
  back: Op[];
  /** Counts up with everything that happens on the map, ours and others'. */
  at: number;
}

export interface Overtaken {
  step: Step;
  actor: string;
}

export class History {
  #done: Step[] = [];
  #undone: Step[] = [];
  #clock = 0;
  #others = new Map<string, { actor: string; at: number }>();

  /** A new step ends what could be done again. */
  add(name: string, ops: Op[], back: Op[]): void {
    this.#clock += 1;
    this.#done.push({ name, ops, back, at: this.#clock });
    if (this.#done.length > MOST) this.#done.shift();
    this.#undone = [];
  }

  /** Somebody else changed these fields. */
  hear(actor: string, ops: Op[]): void {
    this.#clock += 1;
    for (const op of ops) for (const field of fields(op)) this.#others.set(field, { actor, at: this.#clock });
  }

  get undoable(): Step | undefined {
    return this.#done.at(-1);
  }

  get redoable(): Step | undefined {
    return this.#undone.at(-1);
  }

  /** Who changed the same fields since the step was done, if anybody did. */
  overtaken(step: Step): string | null {
    for (const op of step.ops) {
      for (const field of fields(op)) {
        const other = this.#others.get(field);
        if (other && other.at > step.at) return other.actor;
      }
    }
    return null;
  }

  /** Moves the last step to what can be done again; `back` is what takes its undoing back. */
  undone(step: Step, back: Op[]): void {
    this.#done = this.#done.filter((one) => one !== step);
    this.#clock += 1;
    this.#undone.push({ ...step, ops: back, back: step.back, at: this.#clock });
  }

  redone(step: Step, back: Op[]): void {
    this.#undone = this.#undone.filter((one) => one !== step);
    this.#clock += 1;
    this.#done.push({ name: step.name, ops: step.ops, back, at: this.#clock });
  }

  /** A step that is not to be undone any more, since others' work stands on it. */
  forget(step: Step): void {
    this.#done = this.#done.filter((one) => one !== step);
  }
}
