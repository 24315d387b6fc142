// The measures of a journey; one without data has none, which is no failure.
import type { Api } from "../api/client.ts";
import { Refused } from "../api/client.ts";
import type { ChartKind } from "../api/shapes.ts";
import { Measures } from "../map/measures.ts";

/** What can be drawn of it; nothing, where nothing is measured. */
export async function chartsOrNone(api: Api, id: string): Promise<ChartKind[]> {
  try {
    return await api.charts(id);
  } catch (error) {
    if (isWithoutData(error)) return [];
    throw error;
  }
}

export async function measuresOrNone(api: Api, id: string): Promise<Measures | null> {
  try {
    return new Measures((await api.measures(id)) as ConstructorParameters<typeof Measures>[0]);
  } catch (error) {
    if (isWithoutData(error)) return null;
    throw error;
  }
}

/** Nothing came in yet, or no version was published that could be measured. */
function isWithoutData(error: unknown): boolean {
  return error instanceof Refused && (error.code === "not_found" || error.code === "conflict");
}
