// A smooth line through points that invents no hill or valley between them: monotone cubic, after Fritsch and Carlson.

export interface Point {
  x: number;
  y: number;
}

export function monotone(points: Point[]): string {
  const [first] = points;
  if (!first) return "";
  return `M${at(first)}${pieces(points, slopes(points))}`;
}

/** The area between two such lines over the same x. */
export function band(upper: Point[], lower: Point[]): string {
  const [first] = upper;
  const last = lower.at(-1);
  if (!first || !last) return "";
  const back = lower.toReversed();
  return `M${at(first)}${pieces(upper, slopes(upper))}L${at(last)}${pieces(back, slopes(lower).toReversed())}Z`;
}

/** Points that follow each other without a gap. */
export function runs<T>(values: (T | null)[]): { start: number; values: T[] }[] {
  const found: { start: number; values: T[] }[] = [];
  for (const [index, value] of values.entries()) {
    const last = found.at(-1);
    if (value === null) continue;
    if (last && last.start + last.values.length === index) last.values.push(value);
    else found.push({ start: index, values: [value] });
  }
  return found;
}

function pieces(points: Point[], slope: number[]): string {
  let path = "";
  for (let to = 1; to < points.length; to += 1) {
    const [a, b] = [points[to - 1] as Point, points[to] as Point];
    const third = (b.x - a.x) / 3;
    const leave = { x: a.x + third, y: a.y + (slope[to - 1] as number) * third };
    const arrive = { x: b.x - third, y: b.y - (slope[to] as number) * third };
    path += `C${at(leave)} ${at(arrive)} ${at(b)}`;
  }
  return path;
}

function slopes(points: Point[]): number[] {
  const secant = points.slice(1).map((b, i) => (b.y - (points[i] as Point).y) / (b.x - (points[i] as Point).x || 1e-9));
  const slope = points.map((_, i) => {
    const [before, after] = [secant[i - 1], secant[i]];
    if (before === undefined || after === undefined) return before ?? after ?? 0;
    return before * after <= 0 ? 0 : (before + after) / 2;
  });
  for (const [i, one] of secant.entries()) {
    if (one === 0) {
      slope[i] = 0;
      slope[i + 1] = 0;
      continue;
    }
    const [a, b] = [(slope[i] as number) / one, (slope[i + 1] as number) / one];
    const radius = Math.hypot(a, b);
    if (radius <= 3) continue;
    slope[i] = ((3 * a) / radius) * one;
    slope[i + 1] = ((3 * b) / radius) * one;
  }
  return slope;
}

function at({ x, y }: Point): string {
  return `${Math.round(x * 100) / 100} ${Math.round(y * 100) / 100}`;
}
