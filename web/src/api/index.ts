// The server that these pages came from.
import { api as connect } from "./client.ts";

export const api = connect(new URL(".", document.baseURI).href, () => {
  const login = new URL("login", document.baseURI);
  login.searchParams.set("next", location.pathname + location.search);
  location.assign(login);
});
