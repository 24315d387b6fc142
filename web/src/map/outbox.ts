// What waits to be sent, kept in the browser so that a closed tab loses nothing.
//
// A row for each batch: two tabs on one map keep theirs side by side, and a batch that both send is done once.
import type { Op } from "../api/shapes.ts";

export interface Waiting {
  batch: string;
  ops: Op[];
}

export interface Outbox {
  /** In the order in which they were kept. */
  read(journey: string): Promise<Waiting[]>;
  keep(journey: string, waiting: Waiting): Promise<void>;
  forget(batch: string): Promise<void>;
}

const STORE = "waiting";

/** In IndexedDB. */
export function outbox(factory: IDBFactory): Outbox {
  const opened = open(factory);
  const store = async (mode: IDBTransactionMode) => (await opened).transaction(STORE, mode).objectStore(STORE);
  return {
    read: async (journey) => ask<Waiting[]>((await store("readonly")).index("journey").getAll(journey)),
    keep: async (journey, { batch, ops }) => {
      await ask<unknown>((await store("readwrite")).add({ journey, batch, ops }));
    },
    forget: async (batch) => {
      const rows = await store("readwrite");
      const key = await ask<IDBValidKey | undefined>(rows.index("batch").getKey(batch));
      if (key !== undefined) await ask<unknown>(rows.delete(key));
    },
  };
}

function open(factory: IDBFactory): Promise<IDBDatabase> {
  const request = factory.open("footpath", 1);
  request.onupgradeneeded = () => {
    const rows = request.result.createObjectStore(STORE, { keyPath: "at", autoIncrement: true });
    rows.createIndex("journey", "journey");
    rows.createIndex("batch", "batch", { unique: true });
  };
  return ask<IDBDatabase>(request);
}

function ask<T>(request: IDBRequest): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
