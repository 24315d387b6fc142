// The server that these pages came from.
import { api as connect } from "./client.ts";

export const api = connect(new URL(".", document.baseURI).href);
