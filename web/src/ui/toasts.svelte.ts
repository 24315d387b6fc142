// Short words about what was done, each with a way back where there is one.

export interface Toast {
  id: number;
  text: string;
  actions: { name: string; do: () => void }[];
}

const SHOWN_MS = 10_000;
let next = 0;
let shown = $state.raw<Toast[]>([]);

export function toasts(): Toast[] {
  return shown;
}

/** Tells it to eye and ear; it goes by itself, unless `stays`. */
export function toast(text: string, actions: Toast["actions"] = [], stays = false): void {
  const id = next++;
  shown = [...shown.slice(-2), { id, text, actions }];
  if (!stays) setTimeout(() => dismiss(id), SHOWN_MS);
}

export function dismiss(id: number): void {
  shown = shown.filter((one) => one.id !== id);
}
