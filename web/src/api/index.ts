// The server that these pages came from, asked in the workspace that was chosen.
import { preferences } from "../preferences.svelte.ts";
import { api as connect } from "./client.ts";

export const api = connect(new URL(".", document.baseURI).href, {
  workspace: () => preferences().workspace,
  leave() {
    const login = new URL("login", document.baseURI);
    login.searchParams.set("next", location.pathname + location.search);
    location.assign(login);
  },
});
