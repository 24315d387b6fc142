// How well a statement is known, from the best on.
import type { Grade } from "../api/shapes.ts";

export const GRADES: Grade[] = ["measured", "observed", "told", "staff", "assumed"];
export const LETTERS: Record<Grade, string> = { measured: "A", observed: "B", told: "C", staff: "D", assumed: "E" };
