// The server that these pages came from, asked in the workspace that was chosen.
import { here } from "../location.svelte.ts";
import { preferences } from "../preferences.svelte.ts";
import { api as connect } from "./client.ts";

export const api = connect(new URL(".", document.baseURI).href, {
  workspace: () => preferences().workspace,
  leave() {
    const login = new URL("login", document.baseURI);
    // Below the prefix, which the server puts before it.
    const search = here.search.toString();
    login.searchParams.set("next", here.path + (search ? `?${search}` : ""));
    location.assign(login);
  },
});
