// The one door to the server. Paths are relative, so that <base href> puts a prefix before them.
import createClient from "openapi-fetch";
import type { Batch, Comment, JourneyHead, JourneyLine, Outcome, Problem, paths } from "./contract.ts";
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
    journeys: async (search?: string): Promise<JourneyLine[]> =>
      (await answer(client.GET("/api/v1/journeys", { params: { query: search ? { search } : {} } }))).journeys,
    createJourney: (id: string, title: string): Promise<JourneyHead> =>
      answer(client.POST("/api/v1/journeys", { params: {}, body: { id, title } })),
    journey: (id: string): Promise<JourneyHead> => answer(client.GET("/api/v1/journeys/{id}", at(id))),
    send: (id: string, batch: Batch): Promise<Outcome> =>
      answer(client.POST("/api/v1/journeys/{id}/ops", { ...at(id), body: batch })),
    here: async (id: string, cell: string | null): Promise<void> => {
      await answer(client.POST("/api/v1/journeys/{id}/presence", { ...at(id), body: { cell } }));
    },
    measures: (id: string): Promise<unknown> => answer(client.GET("/api/v1/journeys/{id}/measures", at(id))),
    comments: async (id: string): Promise<Comment[]> =>
      (await answer(client.GET("/api/v1/journeys/{id}/comments", at(id)))).comments,
    comment: (id: string, anchor: string, text: string): Promise<Comment> =>
      answer(client.POST("/api/v1/journeys/{id}/comments", { ...at(id), body: { anchor, text } })),
    resolveComment: (id: string, comment: string, resolved: boolean): Promise<Comment> =>
      answer(
        client.POST("/api/v1/journeys/{id}/comments/{comment}", {
          params: { path: { id, comment } },
          body: { resolved },
        }),
      ),
    events: (id: string, rev: number, hear: (push: Push) => void, signal: AbortSignal): Promise<void> =>
      follow(`${base.replace(/\/$/, "")}/api/v1/journeys/${encodeURIComponent(id)}/events`, { rev, hear, signal }),
  };
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
  if (data === undefined) throw new Refused(error ?? {}, response.status);
  return data;
}
