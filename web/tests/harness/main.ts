// Shows one scene: a widget in use, for the tests of widgets.
import { type Component, mount } from "svelte";
import "../../src/style/fonts.css";
import "../../src/style/tokens.css";
import "../../src/style/base.css";
import "../../src/style/floating.css";

const scenes = import.meta.glob<{ default: Component }>("./scenes/*.svelte");
const name = new URLSearchParams(location.search).get("scene") ?? "";
const target = document.getElementById("app");
const scene = scenes[`./scenes/${name}.svelte`];
if (target && scene) mount((await scene()).default, { target });
