// Where the pages begin.
import { mount } from "svelte";
import "./style/fonts.css";
import "./style/tokens.css";
import "./style/base.css";
import "./style/floating.css";
import App from "./App.svelte";
import { followLinks } from "./location.svelte.ts";
import { preferences, show } from "./preferences.svelte.ts";
import { speak } from "./words/words.svelte.ts";

show();
followLinks();
const wanted = new URLSearchParams(location.search).get("pseudo");
if (wanted) {
  // For whoever looks whether words fit: longer ones, from left to right or from right to left.
  const { pseudo } = await import("./words/pseudo.ts");
  await speak([wanted === "rtl" ? "ar" : "en"], pseudo);
} else {
  await speak([preferences().language, ...navigator.languages].filter((one) => one !== null));
}
const target = document.getElementById("app");
if (target) mount(App, { target });
