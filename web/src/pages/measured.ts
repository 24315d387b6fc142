// The measures of a journey; one without data has none, which is no failure.
import type { Api } from "../api/client.ts";
import { Refused } from "../api/client.ts";
import { Measures } from "../map/measures.ts";

export async function measuresOrNone(api: Api, id: string): Promise<Measures | null> {
  try {
    return new Measures((await api.measures(id)) as ConstructorParameters<typeof Measures>[0]);
  } catch (error) {
    if (error instanceof Refused && error.code === "not_found") return null;
    throw error;
  }
}
