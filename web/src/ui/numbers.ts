// Numbers as they are written: signs that can be read, few digits, the reader's language.
import { language } from "../words/words.svelte.ts";

export function count(value: number): string {
  return new Intl.NumberFormat(language()).format(value);
}

export function compact(value: number): string {
  const format = new Intl.NumberFormat(language(), {
    notation: "compact",
    maximumFractionDigits: value < 100_000 ? 1 : 0,
  });
  return format.format(value);
}

export function decimal(value: number, digits = 1): string {
  return new Intl.NumberFormat(language(), { minimumFractionDigits: digits, maximumFractionDigits: digits })
    .format(value)
    .replace("-", "−");
}

export function signed(value: number, digits = 0): string {
  return (value > 0 ? "+" : "") + decimal(value, digits);
}

export function percent(share: number, digits = 1): string {
  return new Intl.NumberFormat(language(), {
    style: "percent",
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  })
    .format(share)
    .replace("-", "−");
}

/** Two numbers that matter at most: "2.5 days", "4 min". */
export function duration(seconds: number): string {
  const units: [number, string][] = [
    [86_400, "day"],
    [3_600, "hour"],
    [60, "minute"],
    [1, "second"],
  ];
  const [size, unit] = units.find(([least]) => seconds >= least) ?? [1, "second"];
  const value = seconds / size;
  return new Intl.NumberFormat(language(), {
    style: "unit",
    unit,
    unitDisplay: "short",
    maximumFractionDigits: value < 10 ? 1 : 0,
  }).format(value);
}
