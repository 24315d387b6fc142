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
await speak(preferences().language ? [preferences().language as string] : navigator.languages);
const target = document.getElementById("app");
if (target) mount(App, { target });
