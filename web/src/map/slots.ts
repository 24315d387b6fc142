// The columns of the grid: a touchpoint each, and one that is empty for a stage that has none yet.
import type { Stage, Touchpoint } from "../api/shapes.ts";
import type { Column } from "./tables.ts";

export interface Slot {
  id: string;
  stage: Stage;
  touchpoint: Touchpoint | null;
  /** Counted from 1; column 0 has the names of lanes. */
  column: number;
  /** How many columns the stage has, on its first one. */
  span: number;
}

export function slots(columns: Column[]): Slot[] {
  const found: Slot[] = [];
  for (const { stage, touchpoints } of columns) {
    const row = touchpoints.length > 0 ? touchpoints : [null];
    for (const [at, touchpoint] of row.entries()) {
      const id = touchpoint?.id ?? `stage:${stage.id}`;
      found.push({ id, stage, touchpoint, column: found.length + 1, span: at === 0 ? row.length : 0 });
    }
  }
  return found;
}
