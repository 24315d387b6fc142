// The one door to the server. Paths are relative, so that <base href> puts a prefix before them.
import createClient from "openapi-fetch";
import type { paths } from "../../node_modules/.footpath/schema.d.ts";
import type {
  About,
  Batch,
  ChartKind,
  Comment,
  Comparison,
  DrawnTable,
  JourneyHead,
  JourneyLine,
  Me,
  Outcome,
  Page,
  Problem,
  Readiness,
  Version,
} from "./shapes.ts";
import { listen, type Push } from "./stream.ts";

type OpsBody = paths["/api/v1/journeys/{id}/ops"]["post"]["requestBody"]["content"]["application/json"];

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

/** Names the workspace, for users who are in several. */
const WORKSPACE = "footpath-workspace";

/** What the page around knows: which workspace, and what to do when nobody is signed in. */
export interface Around {
  workspace(): string | null;
  leave(): void;
}

const ALONE: Around = { workspace: () => null, leave: () => {} };

export function api(base: string, around: Around = ALONE) {
  const client = createClient<paths>({ baseUrl: base.replace(/\/$/, "") });
  // Whoever is no longer signed in is asked to, and comes back to where they were.
  client.use({
    onRequest({ request }) {
      const workspace = around.workspace();
      if (workspace) request.headers.set(WORKSPACE, workspace);
    },
    onResponse({ response }) {
      if (response.status === 401) around.leave();
    },
  });
  const at = (id: string) => ({ params: { path: { id } } });
  return {
    me: (): Promise<Me> => answer(client.GET("/api/v1/me")),
    signOut: async (): Promise<void> => {
      await answer(client.POST("/api/v1/sign_out"));
    },
    journeys: (search?: string): Promise<JourneyLine[]> =>
      all((after) =>
        answer(client.GET("/api/v1/journeys", { params: { query: { ...(search && { search }), ...after } } })),
      ),
    createJourney: (title: string): Promise<JourneyHead> =>
      answer(client.POST("/api/v1/journeys", { body: { title } })),
    journey: (id: string): Promise<JourneyHead> => answer(client.GET("/api/v1/journeys/{id}", at(id))),
    send: (id: string, batch: Batch): Promise<Outcome> =>
      answer(client.POST("/api/v1/journeys/{id}/ops", { ...at(id), body: batch as unknown as OpsBody })),
    here: async (id: string, cell: string | null): Promise<void> => {
      await answer(client.POST("/api/v1/journeys/{id}/presence", { ...at(id), body: { cell } }));
    },
    measures: (id: string): Promise<unknown> => answer(client.GET("/api/v1/journeys/{id}/measures", at(id))),
    charts: async (id: string): Promise<ChartKind[]> =>
      (await answer<{ charts: ChartKind[] }>(client.GET("/api/v1/journeys/{id}/charts", at(id)))).charts,
    /** As SVG, with colours from the page around it. */
    drawing: async (id: string, { name, number, width }: Drawn): Promise<string> => {
      const query = { theme: "page" as const, number, width: Math.round(width) };
      const options = { params: { path: { id, name }, query }, parseAs: "text" as const };
      return answer(client.GET("/api/v1/journeys/{id}/charts/{name}", options));
    },
    drawnTable: (id: string, name: string, number: number): Promise<DrawnTable> =>
      answer(
        client.GET("/api/v1/journeys/{id}/charts/{name}", {
          params: { path: { id, name }, query: { number, format: "table" } },
        }),
      ),
    readiness: (id: string): Promise<Readiness> => answer(client.GET("/api/v1/journeys/{id}/readiness", at(id))),
    publish: (id: string, name: string, note: string): Promise<Version> =>
      answer(client.POST("/api/v1/journeys/{id}/publish", { ...at(id), body: { name, note } })),
    versions: (id: string): Promise<Version[]> =>
      all((after) => answer(client.GET("/api/v1/journeys/{id}/versions", { params: { path: { id }, query: after } }))),
    nameVersion: (id: string, name: string, note: string): Promise<Version> =>
      answer(client.POST("/api/v1/journeys/{id}/versions", { ...at(id), body: { name, note } })),
    compare: (id: string, from: string, to: string): Promise<Comparison> =>
      answer(client.GET("/api/v1/journeys/{id}/compare", { params: { path: { id }, query: { from, to } } })),
    restore: (id: string, version: number, batch: string): Promise<Outcome> =>
      answer(client.POST("/api/v1/journeys/{id}/restore", { ...at(id), body: { version, batch } })),
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
      follow(`${base.replace(/\/$/, "")}/api/v1/journeys/${encodeURIComponent(id)}/events`, {
        rev,
        hear,
        signal,
        workspace: around.workspace(),
      }),
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
  workspace: string | null;
}

async function follow(address: string, { rev, hear, signal, workspace }: Ear): Promise<void> {
  const headers = new Headers({ accept: "text/event-stream", "last-event-id": String(rev) });
  if (workspace) headers.set(WORKSPACE, workspace);
  const response = await fetch(address, { headers, signal });
  if (!response.ok) throw new Refused({}, response.status);
  hear({ event: "open", id: null, data: {} });
  await listen(response, hear);
}

/** `T` is what the pages know the answer as: the description leaves maps and operations open. */
async function answer<T>(asked: Promise<{ data?: unknown; error?: unknown; response: Response }>): Promise<T> {
  const { data, error, response } = await asked;
  if (!response.ok) throw new Refused((error ?? {}) as Partial<Problem>, response.status);
  return data as T;
}
