// Who is signed in, and in which workspace they work.
import { api } from "../api/index.ts";
import type { Me } from "../api/shapes.ts";
import { Loaded } from "../load.svelte.ts";
import { prefer, preferences } from "../preferences.svelte.ts";

/** Asked once; nothing else is asked before it is known, since everything else is asked in a workspace. */
export const account = new Loaded<Me>(async () => {
  const me = await api.me();
  const { workspace } = preferences();
  if (!me.workspaces.some((one) => one.id === workspace)) prefer({ workspace: me.workspaces[0]?.id ?? null });
  return me;
});

/** Everything on the page is of a workspace: it begins anew. */
export function enter(workspace: string): void {
  prefer({ workspace });
  location.assign(document.baseURI);
}

export async function signOut(): Promise<void> {
  await api.signOut();
  location.assign(new URL("login", document.baseURI));
}
