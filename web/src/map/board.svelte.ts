// The map as signals, one for each cell: a card that moves draws two cells again, not the map.
import type { Card, Comment, Lane, Op, Person } from "../api/shapes.ts";
import { type Conflict, Session, type State, type Watcher, type World } from "./session.ts";
import { type Column, cell, cellKey, columns, lanesOf, type Meta, metaOf } from "./tables.ts";

/** A card that is being written. */
export interface Draft {
  /** `null`: a new one. */
  card: string | null;
  after: string | null;
  text: string;
  /** The text as it was when writing began: whoever changed it since is not overwritten without a word. */
  rev: number;
}

export class CellSignal {
  cards = $state.raw<Card[]>([]);
  draft = $state.raw<Draft | null>(null);
  people = $state.raw<Person[]>([]);
  /** Comments that are open. */
  comments = $state(0);
}

export interface Place {
  touchpoint: string;
  lane: string;
  card: string | null;
}

export class Board implements Watcher {
  columns = $state.raw<Column[]>([]);
  lanes = $state.raw<Lane[]>([]);
  meta = $state.raw<Meta>({ id: "", title: "", scope: "current", settings: {} });
  rev = $state(0);
  saved = $state<State>("saved");
  waiting = $state(0);
  conflicting = $state.raw<Conflict[]>([]);
  present = $state.raw<Person[]>([]);
  undoName = $state<string | null>(null);
  redoName = $state<string | null>(null);
  /** Where the reader stands. */
  place = $state.raw<Place | null>(null);
  /** Counts up when the measures have changed on the server. */
  measuredAt = $state(0);
  /** The same of comments. */
  saidAt = $state(0);
  session!: Session;
  #cells = new Map<string, CellSignal>();
  #comments = new Map<string, number>();
  #tellRefusal: (message: string) => void;

  private constructor(tellRefusal: (message: string) => void) {
    this.#tellRefusal = tellRefusal;
  }

  static async open(id: string, world: World, tellRefusal: (message: string) => void): Promise<Board> {
    const board = new Board(tellRefusal);
    board.session = await Session.open(id, world, board);
    board.touched(new Set(["all"]));
    return board;
  }

  /** The signal of a cell, made when it is first looked at. */
  cell(touchpoint: string, lane: string): CellSignal {
    const key = cellKey(touchpoint, lane);
    let signal = this.#cells.get(key);
    if (!signal) {
      signal = new CellSignal();
      signal.cards = cell(this.session.document.tables, touchpoint, lane);
      signal.comments = this.#comments.get(key) ?? 0;
      signal.people = this.present.filter((person) => person.cell === key);
      this.#cells.set(key, signal);
    }
    return signal;
  }

  touchpoint(id: string) {
    return this.session.document.tables.touchpoints.get(id);
  }

  lane(id: string) {
    return this.session.document.tables.lanes.get(id);
  }

  card(id: string) {
    return this.session.document.card(id);
  }

  do(name: string, ops: Op[]): void {
    this.session.do(name, ops);
  }

  touched(what: Set<string>): void {
    const document = this.session?.document;
    if (!document) return;
    const all = document.tables;
    const isAll = what.has("all");
    this.rev = document.rev;
    if (isAll || what.has("meta")) this.meta = metaOf(all);
    if (isAll || what.has("lanes")) this.lanes = lanesOf(all);
    if (isAll || what.has("columns")) this.columns = columns(all);
    for (const [key, signal] of this.#cells) {
      if (!isAll && !what.has(`cell:${key}`)) continue;
      const [touchpoint, lane] = key.split("/") as [string, string];
      signal.cards = cell(all, touchpoint, lane);
    }
  }

  state(state: State, waiting: number): void {
    this.saved = state;
    this.waiting = waiting;
    if (this.session) this.rev = this.session.document.rev;
  }

  conflicts(all: Conflict[]): void {
    this.conflicting = all;
  }

  people(people: Person[]): void {
    this.present = people;
    for (const [key, signal] of this.#cells) {
      const here = people.filter((person) => person.cell === key);
      if (here.length > 0 || signal.people.length > 0) signal.people = here;
    }
  }

  history(undo: string | null, redo: string | null): void {
    this.undoName = undo;
    this.redoName = redo;
  }

  refused(message: string): void {
    this.#tellRefusal(message);
  }

  /** Puts a badge on each cell with open comments. */
  commented(comments: Comment[]): void {
    const open = new Map<string, number>();
    for (const one of comments)
      if (!one.resolved_at && one.about.id) open.set(one.about.id, (open.get(one.about.id) ?? 0) + 1);
    this.#comments = open;
    for (const [key, signal] of this.#cells) signal.comments = open.get(key) ?? 0;
  }

  said(): void {
    this.saidAt += 1;
  }

  measured(): void {
    this.measuredAt += 1;
  }
}
