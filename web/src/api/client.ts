// The one door to the server. Paths are relative, so that <base href> puts a prefix before them.
import createClient from "openapi-fetch";
import type {
  About,
  Batch,
  ChartKind,
  Comment,
  DrawnTable,
  JourneyHead,
  JourneyLine,
  Outcome,
  Page,
  Problem,
  paths,
} from "./contract.ts";
import { listen, type Push } from "./stream.ts";

/** What went wrong, in the server's words where it had any. */
export class Refused extends Error {
  readonly code: string;
  readonly status: number;
  constructor(problem: Partial<Problem>, status: number) {
    super(problem.message ?? `the server answered ${status}`);
    this.code = problem.code ?? "unknown";
    this.status = status;
  }
}

export type Api = ReturnType<typeof api>;

export function api(base: string) {
  const client = createClient<paths>({ baseUrl: base.replace(/\/$/, "") });
  const at = (id: string) => ({ params: { path: { id } } });
  return {
    journeys: (search?: string): Promise<JourneyLine[]> =>
      all((after) =>
        answer(client.GET("/api/v1/journeys", { params: { query: { ...(search && { search }), ...after } } })),
      ),
    createJourney: (title: string): Promise<JourneyHead> =>
      answer(client.POST("/api/v1/journeys", { params: {}, body: { title } })),
    journey: (id: string): Promise<JourneyHead> => answer(client.GET("/api/v1/journeys/{id}", at(id))),
    send: (id: string, batch: Batch): Promise<Outcome> =>
      answer(client.POST("/api/v1/journeys/{id}/ops", { ...at(id), body: batch })),
    here: async (id: string, cell: string | null): Promise<void> => {
      await answer(client.POST("/api/v1/journeys/{id}/presence", { ...at(id), body: { cell } }));
    },
    measures: (id: string): Promise<unknown> => answer(client.GET("/api/v1/journeys/{id}/measures", at(id))),
    charts: async (id: string): Promise<ChartKind[]> =>
      (await answer(client.GET("/api/v1/journeys/{id}/charts", at(id)))).charts,
    /** As SVG, with colours from the page around it. */
    drawing: async (id: string, { name, number, width }: Drawn): Promise<string> => {
      const query = { theme: "page" as const, number, width: Math.round(width) };
      const options = { params: { path: { id, name }, query }, parseAs: "text" as const };
      return (await answer(client.GET("/api/v1/journeys/{id}/charts/{name}", options))) as string;
    },
    drawnTable: (id: string, name: string, number: number): Promise<DrawnTable> =>
      answer(
        client.GET("/api/v1/journeys/{id}/charts/{name}", {
          params: { path: { id, name }, query: { number, format: "table" } },
        }),
      ),
    comments: (id: string): Promise<Comment[]> =>
      all((after) => answer(client.GET("/api/v1/journeys/{id}/comments", { params: { path: { id }, query: after } }))),
    comment: (id: string, about: About, text: string): Promise<Comment> =>
      answer(client.POST("/api/v1/journeys/{id}/comments", { ...at(id), body: { about, text } })),
    resolveComment: (id: string, comment: string, resolved: boolean): Promise<Comment> =>
      answer(
        client.PATCH("/api/v1/journeys/{id}/comments/{comment}", {
          params: { path: { id, comment } },
          body: { resolved },
        }),
      ),
    events: (id: string, rev: number, hear: (push: Push) => void, signal: AbortSignal): Promise<void> =>
      follow(`${base.replace(/\/$/, "")}/api/v1/journeys/${encodeURIComponent(id)}/events`, { rev, hear, signal }),
  };
}

/** Which drawing, and how wide. */
export interface Drawn {
  name: string;
  number: number;
  width: number;
}

/** Page after page, to the end. */
async function all<T>(page: (after: { after?: string }) => Promise<Page<T>>): Promise<T[]> {
  const found: T[] = [];
  let after: { after?: string } = {};
  for (;;) {
    const { items, next } = await page(after);
    found.push(...items);
    if (!next) return found;
    after = { after: next };
  }
}

interface Ear {
  rev: number;
  hear: (push: Push) => void;
  signal: AbortSignal;
}

async function follow(address: string, { rev, hear, signal }: Ear): Promise<void> {
  const headers = { accept: "text/event-stream", "last-event-id": String(rev) };
  const response = await fetch(address, { headers, signal });
  if (!response.ok) throw new Refused({}, response.status);
  hear({ event: "open", id: null, data: {} });
  await listen(response, hear);
}

async function answer<T>(asked: Promise<{ data?: T; error?: Problem; response: Response }>): Promise<T> {
  const { data, error, response } = await asked;
  if (!response.ok) throw new Refused(error ?? {}, response.status);
  return data as T;
}
