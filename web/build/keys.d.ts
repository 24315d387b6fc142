/** The text of keys.ts for a catalogue. */
export function keys(catalogue: string): string;
