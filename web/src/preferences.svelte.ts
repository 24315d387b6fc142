// What a reader chose for this browser: theme, density, language, single-key shortcuts.

interface Preferences {
  theme: "system" | "light" | "dark";
  density: "compact" | "comfortable";
  language: string | null;
  shortcuts: boolean;
  /** Which workspace, for whoever is in several. */
  workspace: string | null;
}

const KEY = "footpath";
const DEFAULTS: Preferences = { theme: "system", density: "compact", language: null, shortcuts: true, workspace: null };

let chosen = $state.raw<Preferences>({ ...DEFAULTS, ...kept() });

export function preferences(): Preferences {
  return chosen;
}

export function prefer(changes: Partial<Preferences>): void {
  chosen = { ...chosen, ...changes };
  try {
    localStorage.setItem(KEY, JSON.stringify(chosen));
  } catch {
    // A private window keeps nothing; the choice holds until it is closed.
  }
  show();
}

/** Puts the choices onto the page, before anything is drawn. */
export function show(): void {
  const { dataset } = document.documentElement;
  if (chosen.theme === "system") delete dataset.theme;
  else dataset.theme = chosen.theme;
  dataset.density = chosen.density;
}

function kept(): Partial<Preferences> {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? "{}");
  } catch {
    return {};
  }
}
