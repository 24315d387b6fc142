// What is open above the page, the keys that work everywhere, and the commands that the page at hand offers.
import { go } from "../location.svelte.ts";
import { preferences } from "../preferences.svelte.ts";

export interface Command {
  name: string;
  keys?: string;
  do: () => void;
}

let palette = $state(false);
let shortcuts = $state(false);
let offered = $state.raw<Command[]>([]);
let isGoing = false;

export const shell = {
  get palette(): boolean {
    return palette;
  },
  set palette(open: boolean) {
    palette = open;
  },
  get shortcuts(): boolean {
    return shortcuts;
  },
  set shortcuts(open: boolean) {
    shortcuts = open;
  },
  get commands(): Command[] {
    return offered;
  },

  /** A page's commands stand in the palette while the page is open; gives what takes them out. */
  offer(commands: Command[]): () => void {
    offered = [...offered, ...commands];
    return () => {
      offered = offered.filter((command) => !commands.includes(command));
    };
  },

  key(event: KeyboardEvent): void {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      palette = true;
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || isTyping(event.target)) return;
    if (!preferences().shortcuts) return;
    if (event.key === "?") {
      event.preventDefault();
      shortcuts = true;
    } else if (isGoing) {
      isGoing = false;
      const place = { t: "./", j: "./journeys" }[event.key.toLowerCase()];
      if (place) {
        event.preventDefault();
        go(place);
      }
    } else {
      isGoing = event.key.toLowerCase() === "g";
    }
  },
};

/** Single keys never fire while somebody writes, or in the grid of the map, which has keys of its own. */
export function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof Element && target.closest("input, textarea, select, [contenteditable], [role=grid]") !== null
  );
}
