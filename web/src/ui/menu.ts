// What a menu holds: entries that do something, entries that open another menu, and lines between them.

export interface Entry {
  name: string;
  keys?: string;
  checked?: boolean;
  disabled?: boolean;
  danger?: boolean;
  do?: () => void;
  entries?: MenuEntry[];
}

export type MenuEntry = Entry | "line";

/** Where a menu opens when it has no button: a point, or an element. */
export type Anchor = Element | { getBoundingClientRect(): DOMRect };

export function pointAnchor(x: number, y: number): Anchor {
  return { getBoundingClientRect: () => new DOMRect(x, y, 0, 0) };
}
